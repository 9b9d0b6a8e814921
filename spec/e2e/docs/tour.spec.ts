import { expect, test, vi } from 'vitest';
import { codeBlocks } from '../../docs/support/markdown.ts';
import { steady } from '../../docs/support/run-block.ts';

const excerpt = codeBlocks('README.md').find(({ mark }) => mark === 'output');

test('the README shows what npm start prints', async () => {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((text: unknown) => void printed.push(...String(text).split('\n')));
  await import('../../../examples/tour.ts');
  log.mockRestore();
  const plain = printed.map((line) => wordsOf(line));
  // Sessions run side by side, so other lines may come between those that are shown.
  let at = 0;
  for (const shown of (excerpt?.code ?? '').split('\n').map(wordsOf)) {
    if (shown === '' || shown === '…') continue;
    const found = plain.indexOf(shown, at);
    expect(found, `"${shown}" after line ${at}`).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
});

/** A line without colours, times and padding. */
function wordsOf(line: string): string {
  return steady(line.replaceAll(/\u001b\[\d+m/g, ''))
    .trim()
    .replaceAll(/\s+/g, ' ');
}

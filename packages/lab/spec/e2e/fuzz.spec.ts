import { startLab } from 'rx-sora-lab';
import { expect, test } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';

// The whole of it, 100 000 cases against the command in a process of its own: node packages/lab/spec/fuzz/run.ts
test('1000 malformed messages and frames: no crash, no hang, two witnesses undisturbed', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  const lab = await startLab({ logCapacity: 100 });
  const result = await fuzz({ url: lab.url, seed: 20_251_125, cases: 1000 });
  expect(result.cases).toBeGreaterThanOrEqual(1000);
  expect(Math.min(result.webSocketMessages, result.webSocketFrames, result.channelMessages)).toBeGreaterThan(50);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  await lab.close();
  process.off('warning', note);
  expect(warnings).toEqual([]);
});

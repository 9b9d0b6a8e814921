import { readFileSync } from 'node:fs';
import { marbleDiagram } from '../../../src/marble-diagram/marble-diagram.ts';
import type { Termination } from '../../../src/termination/reason.ts';
import { isEntry, readRecording } from '../../../src/testing/recording.ts';
import { ROOT } from './markdown.ts';

/** A session that really happened, drawn by the function that the package has. */
function drawn(recording: string, locale: 'en' | 'ja'): string {
  const lines = readRecording(readFileSync(`${ROOT}spec/testing/recordings/${recording}.jsonl`, 'utf8'));
  const end = lines.find((line): line is typeof line & { readonly termination: Termination } => 'termination' in line);
  const id = `marbles-${recording}-${locale}`;
  return `${marbleDiagram(lines.filter(isEntry), { width: 720, locale, id, ...(end && { termination: end.termination }) })}\n`;
}

/** The pictures in the pages, by their path. */
export const pictures = (): ReadonlyMap<string, string> =>
  new Map([
    ['docs/images/websocket-cut.svg', drawn('mixed-websocket-cut', 'en')],
    ['docs/images/websocket-cut.ja.svg', drawn('mixed-websocket-cut', 'ja')],
  ]);

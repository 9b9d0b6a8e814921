import type { FigureGroup } from './figure.ts';
import { groupTables, rounded } from './markdown-table.ts';

/** What the figures were taken on. */
export interface Circumstances {
  readonly date: Date;
  readonly cores: number;
  readonly nodeVersion: string;
  readonly chromiumVersion: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Mean of the load average at the beginning and at the end. */
  readonly load: number;
}

/** The benchmark as a page. */
export function report(groups: readonly FigureGroup[], on: Circumstances): string {
  return [
    '# Benchmark',
    '',
    'rx-sora beside the official SDK, `sora-js-sdk` 2026.1.0. Written by `npm run bench`; do not edit.',
    '',
    `Run of ${on.date.toISOString().slice(0, 10)}: ${on.cores} cores, Node ${on.nodeVersion}, Chromium ${on.chromiumVersion}, headless; ${on.rounds} rounds, ${on.seconds} s. ` +
      `The load average was ${rounded(on.load)}, the benchmark itself included` +
      (on.load > on.cores * 1.5 ? ': the machine was busy with other work, so that times are longer than they need be. ' : '. '),
    '',
    '- Both SDKs ran **alternately in one Chromium**, against the same [lab](../packages/lab/README.md), which ran in Node on the same machine: rx-sora first in one round, the official SDK first in the next. The first rounds are thrown away.',
    '- Each figure is the median; in brackets are the quartiles, between which the middle half of the rounds lies. The ratio is that of the medians, rx-sora’s to the other’s; where the ranges overlap, it is called neither better nor worse.',
    '- *At most* is what this project allows itself. A row that misses it stays in the table.',
    '- Rates over the network are as much the lab’s as the page’s: its SCTP is written in TypeScript.',
    '- It is not a test: nothing fails by a time, and figures of two machines, or of two runs on a busy one, are not to be compared. Sizes are checked by `npm run sizes`.',
    '',
    'To repeat it:',
    '',
    '```bash',
    'npm run bench',
    'npm run bench -- --rounds 30                # more rounds; 15 by default; a third of them for messages, a fifth for compressed ones',
    'npm run bench -- --only first,client,fakes  # some of first, connecting, faults, client, messages, notifications, watching, observed, heap, fakes, sizes: printed, not written',
    '```',
    '',
    ...groups.flatMap((group) => [`## ${group.title}`, '', group.meaning, '', ...groupTables(group), '']),
  ].join('\n');
}

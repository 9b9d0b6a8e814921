import type { BundleSize } from './bundle-sizes.ts';
import type { FigureGroup } from './figure.ts';
import { figureTable, rounded } from './markdown-table.ts';

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

const kilobytes = (bytes: number): string => `${rounded(bytes / 1000)} kB`;

/** Bundles as a table. */
export const sizeTable = (sizes: readonly BundleSize[]): readonly string[] => [
  '| bundle | minified | and gzipped |',
  '| --- | --- | --- |',
  ...sizes.map(({ name, minifiedBytes, gzippedBytes }) => `| ${name} | ${kilobytes(minifiedBytes)} | ${kilobytes(gzippedBytes)} |`),
];

/** The benchmark as a page. */
export function report(groups: readonly FigureGroup[], sizes: readonly BundleSize[], on: Circumstances): string {
  return [
    '# Benchmark',
    '',
    'rx-sora beside the official SDK, `sora-js-sdk` 2026.1.0. Written by `npm run bench`; do not edit.',
    '',
    `Run of ${on.date.toISOString().slice(0, 10)}: ${on.cores} cores, Node ${on.nodeVersion}, Chromium ${on.chromiumVersion}, headless; ${on.rounds} rounds, ${on.seconds} s. ` +
      `The load average was ${rounded(on.load)}, the benchmark itself included` +
      (on.load > on.cores * 1.5 ? ': the machine was busy with other work, so that times are longer than they need be. ' : '. '),
    '',
    '- Both SDKs ran **in the same page alternately**, against the same [lab](../packages/lab/README.md), which ran in Node on the same machine: rx-sora first in one round, the official SDK first in the next. The first rounds are thrown away.',
    '- Each figure is the median; in brackets are the quartiles, between which the middle half of the rounds lies. Where these ranges overlap, the difference of the medians is not called one.',
    '- The rates of messages are as much the lab’s as the page’s: the SCTP of the lab is written in TypeScript. What the main thread of the page worked, in its own processor time, is the SDK and what the browser does for it.',
    '- It is not a test: nothing fails by a figure, and figures of two machines, or of two runs on a busy one, are not to be compared.',
    '',
    'To repeat it:',
    '',
    '```bash',
    'npm run bench',
    'npm run bench -- --rounds 30                                     # more rounds; 15 where it is left out; a third of them for messages, a fifth for compressed ones',
    'npm run bench -- --only lives,messages,notifications,heap,sizes  # some of it, printed and not written',
    '```',
    '',
    ...groups.flatMap(({ title, meaning, figures }) => [`## ${title}`, '', meaning, '', ...figureTable(figures), '']),
    '## Size',
    '',
    'What esbuild makes of an import, minified, and what gzip (level 9) makes of that. RxJS is a peer: an application that has it pays for what it did not use before.',
    '',
    ...sizeTable(sizes),
    '',
  ].join('\n');
}

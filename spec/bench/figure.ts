import type { Sdk } from './sdk.ts';

/** One thing that was measured of both. */
export interface Figure {
  readonly name: string;
  /** Behind each number. */
  readonly unit: string;
  readonly better: 'less' | 'more';
  readonly samples: Readonly<Record<Sdk, readonly number[]>>;
}

/** Figures that stand under one heading. */
export interface FigureGroup {
  readonly title: string;
  /** What they mean, in Markdown. */
  readonly meaning: string;
  readonly figures: readonly Figure[];
}

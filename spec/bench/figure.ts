import type { Sdk } from './sdk.ts';

/** One thing that was measured of both. */
export interface Figure {
  readonly name: string;
  /** Behind each number. */
  readonly unit: string;
  readonly better: 'less' | 'more';
  readonly samples: Readonly<Record<Sdk, readonly number[]>>;
  /** The ratio of the medians, rx-sora's to the other's, that this project allows itself. */
  readonly atMost?: number;
}

/** One thing that was measured of rx-sora alone. */
export interface OwnFigure {
  readonly name: string;
  readonly unit: string;
  readonly samples: readonly number[];
  /** The median that this project allows itself. */
  readonly atMost?: number;
}

/** Figures that stand under one heading. */
export interface FigureGroup {
  readonly title: string;
  /** What they mean, in Markdown. */
  readonly meaning: string;
  readonly figures?: readonly Figure[];
  readonly own?: readonly OwnFigure[];
}

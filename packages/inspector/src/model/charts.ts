import type { Measure, StatsSample } from 'rx-sora';

export type Unit = 'kbit/s' | 'ms' | '%' | 'fps';

/** One line of a chart. */
export interface ChartLine {
  readonly id: 'received' | 'sent' | 'available' | 'roundTrip' | 'video' | 'audio';
  /** Null where the sample does not say. */
  readonly of: (sample: StatsSample) => number | null;
}

/** One small chart of statistics. */
export interface ChartSpec {
  readonly id: 'bitrate' | 'roundTrip' | 'loss' | 'jitterBuffer' | 'frameRate';
  readonly unit: Unit;
  readonly lines: readonly ChartLine[];
}

const numbers = (values: readonly Measure[]): readonly number[] => values.filter((value) => typeof value === 'number');

function largest(values: readonly Measure[], factor = 1): number | null {
  const known = numbers(values);
  return known.length === 0 ? null : Math.max(...known) * factor;
}

const scaled = (value: Measure, factor: number): number | null => (typeof value === 'number' ? value * factor : null);

const ofKind = <Row extends { readonly kind: string }>(rows: readonly Row[], kind: string): readonly Row[] =>
  rows.filter((row) => row.kind === kind);

/** The charts, in their order. Where there are several streams, the worst of them is drawn; frame rates are the best. */
export const CHARTS: readonly ChartSpec[] = [
  {
    id: 'bitrate',
    unit: 'kbit/s',
    lines: [
      { id: 'received', of: ({ path }) => scaled(path?.receiveBitsPerSecond, 0.001) },
      { id: 'sent', of: ({ path }) => scaled(path?.sendBitsPerSecond, 0.001) },
    ],
  },
  { id: 'roundTrip', unit: 'ms', lines: [{ id: 'roundTrip', of: ({ path }) => scaled(path?.rttMs, 1) }] },
  {
    id: 'loss',
    unit: '%',
    lines: [
      {
        id: 'received',
        of: ({ inbound }) =>
          largest(
            inbound.map(({ lossRatio }) => lossRatio),
            100,
          ),
      },
      {
        id: 'sent',
        of: ({ outbound }) =>
          largest(
            outbound.map(({ lossRatio }) => lossRatio),
            100,
          ),
      },
    ],
  },
  {
    id: 'jitterBuffer',
    unit: 'ms',
    lines: [
      { id: 'video', of: ({ inbound }) => largest(ofKind(inbound, 'video').map(({ jitterBufferDelayMs }) => jitterBufferDelayMs)) },
      { id: 'audio', of: ({ inbound }) => largest(ofKind(inbound, 'audio').map(({ jitterBufferDelayMs }) => jitterBufferDelayMs)) },
    ],
  },
  {
    id: 'frameRate',
    unit: 'fps',
    lines: [
      { id: 'received', of: ({ inbound }) => largest(ofKind(inbound, 'video').map(({ framesPerSecond }) => framesPerSecond)) },
      { id: 'sent', of: ({ outbound }) => largest(ofKind(outbound, 'video').map(({ framesPerSecond }) => framesPerSecond)) },
    ],
  },
];

/** Samples that a chart shows. */
const LENGTH = 300;

/** The values of all charts over time: seconds since the start of the session, and for each chart a list for each line. */
export class ChartSeries {
  #version = 0;
  #seconds: number[] = [];
  #values = new Map<string, (number | null)[][]>(CHARTS.map(({ id, lines }) => [id, lines.map(() => [])]));

  /** Changes with each sample. */
  get version(): number {
    return this.#version;
  }

  add(sample: StatsSample): void {
    this.#version += 1;
    this.#seconds.push(sample.at / 1000);
    for (const { id, lines } of CHARTS) {
      this.#values.get(id)?.forEach((line, index) => line.push(lines[index]?.of(sample) ?? null));
    }
    if (this.#seconds.length <= LENGTH) return;
    this.#seconds = this.#seconds.slice(-LENGTH);
    for (const lines of this.#values.values()) lines.forEach((line) => line.splice(0, line.length - LENGTH));
  }

  /** Seconds, then each line of the chart. */
  of(id: ChartSpec['id']): readonly [readonly number[], ...(readonly (number | null)[])[]] {
    return [this.#seconds, ...(this.#values.get(id) ?? [])];
  }
}

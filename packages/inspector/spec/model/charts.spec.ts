import type { StatsSample } from 'rx-sora';
import { describe, expect, test } from 'vitest';
import { CHARTS, ChartSeries } from '../../src/model/charts.ts';

const sample = (at: number, more: object = {}): StatsSample => ({
  at,
  reports: [],
  inbound: [],
  outbound: [],
  path: null,
  dataChannels: [],
  playoutGapRatio: null,
  stalled: null,
  ...more,
});

describe('the series of the charts', () => {
  test('hold the worst of several streams, and null where a sample does not say', () => {
    const series = new ChartSeries();
    series.add(sample(1000));
    series.add(
      sample(2000, {
        path: { receiveBitsPerSecond: 5000, sendBitsPerSecond: undefined, rttMs: 12 },
        inbound: [
          { kind: 'video', lossRatio: 0.1, jitterBufferDelayMs: 40, framesPerSecond: 30 },
          { kind: 'video', lossRatio: 0.25, jitterBufferDelayMs: null, framesPerSecond: 15 },
          { kind: 'audio', lossRatio: 0, jitterBufferDelayMs: 70 },
        ],
      }),
    );
    expect(series.of('bitrate')).toEqual([
      [1, 2],
      [null, 5],
      [null, null],
    ]);
    expect(series.of('roundTrip')).toEqual([
      [1, 2],
      [null, 12],
    ]);
    expect(series.of('loss')).toEqual([
      [1, 2],
      [null, 25],
      [null, null],
    ]);
    expect(series.of('jitterBuffer')).toEqual([
      [1, 2],
      [null, 40],
      [null, 70],
    ]);
    expect(series.of('frameRate')).toEqual([
      [1, 2],
      [null, 30],
      [null, null],
    ]);
  });

  test('are bounded, and every line is as long as the axis', () => {
    const series = new ChartSeries();
    for (let second = 0; second < 1000; second += 1) series.add(sample(second * 1000));
    for (const { id } of CHARTS) {
      const [seconds, ...lines] = series.of(id);
      expect(seconds).toHaveLength(300);
      expect(seconds.at(-1)).toBe(999);
      for (const line of lines) expect(line).toHaveLength(300);
    }
    expect(series.version).toBe(1000);
  });
});

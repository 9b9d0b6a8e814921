import { expect, test, vi, beforeEach, afterEach } from 'vitest';
import { Pulse } from '../../src/connection/pulse.ts';
import { Shape } from '../../src/connection/shape.ts';
import type { ShapingFault } from '../../src/faults/fault.ts';
import { settingsFrom } from '../../src/settings.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const started = (...faults: readonly ShapingFault[]) => {
  const told: string[] = [];
  const pulse = new Pulse({
    settings: settingsFrom({ pingIntervalMs: 100, pongTimeoutMs: 250, pingStatsEvery: 2 }),
    shape: new Shape(faults),
    ping: (stats) => told.push(stats ? 'ping with stats' : 'ping'),
    lost: () => told.push('lost'),
  });
  pulse.start();
  return { pulse, told };
};

test('pings until no pong comes, and not after it has stopped', () => {
  const { pulse, told } = started();
  vi.advanceTimersByTime(200);
  pulse.onPong({ type: 'pong' });
  vi.advanceTimersByTime(249);
  expect(told).toEqual(['ping', 'ping with stats', 'ping', 'ping with stats']);
  vi.advanceTimersByTime(1);
  expect(told.at(-1)).toBe('lost');
  pulse.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a fault withholds pings, another does not count pongs', () => {
  const { pulse, told } = started({ kind: 'ping-withheld' }, { kind: 'pong-ignored' });
  vi.advanceTimersByTime(200);
  pulse.onPong({ type: 'pong' });
  vi.advanceTimersByTime(50);
  expect(told).toEqual(['lost']);
  pulse.stop();
});

test('keeps the last statistics of either message, and nothing that is no list', () => {
  const { pulse } = started();
  pulse.onPong({ type: 'pong', stats: [{ id: 'a' }] });
  pulse.onPong({ type: 'pong' });
  expect(pulse.clientStats).toEqual([{ id: 'a' }]);
  pulse.onStats({ type: 'stats', reports: [{ id: 'b' }] });
  pulse.onStats({ type: 'stats', reports: 'none' });
  expect(pulse.clientStats).toEqual([{ id: 'b' }]);
  pulse.stop();
});

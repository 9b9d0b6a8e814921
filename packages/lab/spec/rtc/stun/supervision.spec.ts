import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Supervisor, defaultSupervision } from '../../../src/rtc/stun/supervision.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const supervised = (answers: (atMs: number) => boolean, times = defaultSupervision) => {
  const startMs = performance.now();
  const log: string[] = [];
  const requests: number[] = [];
  const supervisor = new Supervisor({
    times,
    sendRequest: () => {
      const atMs = performance.now() - startMs;
      requests.push(atMs);
      if (answers(atMs)) supervisor.alive();
    },
    onState: (state) => log.push(`${performance.now() - startMs} ${state}`),
  });
  supervisor.start();
  return { supervisor, log, requests };
};

describe('Supervisor, with the times of Sora', () => {
  test('stays connected and asks every 2.5 s while answers come', () => {
    const { log, requests, supervisor } = supervised(() => true);
    vi.advanceTimersByTime(60_000);
    expect(log).toEqual([]);
    expect(requests.slice(0, 3)).toEqual([2500, 5000, 7500]);
    supervisor.stop();
  });

  test('goes through checking and disconnected to failed, 17.5 s after the last sign of life', () => {
    const { log, requests } = supervised(() => false);
    vi.advanceTimersByTime(60_000);
    expect(log).toEqual(['3500 checking', '7500 disconnected', '17500 failed']);
    expect(requests.filter((atMs) => atMs < 7500)).toEqual([2500, 3500, 4500, 5500, 6500]);
    expect(requests.filter((atMs) => atMs >= 7500).length).toBeGreaterThan(150);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('comes back with the first answer, and starts counting from zero', () => {
    const { log, supervisor } = supervised((atMs) => atMs >= 12_000 && atMs < 12_050);
    vi.advanceTimersByTime(13_000);
    expect(log).toEqual(['3500 checking', '7500 disconnected', '12000 connected']);
    vi.advanceTimersByTime(60_000);
    expect(log.at(-1)).toBe('29500 failed');
    supervisor.stop();
  });

  test('checking is told even where it is over before its second request', () => {
    const { log, supervisor } = supervised(() => false, { ...defaultSupervision, checkingTimeoutMs: 500 });
    vi.advanceTimersByTime(3000);
    expect(log).toEqual(['3000 checking', '3000 disconnected']);
    supervisor.stop();
  });

  test('leaves no timer when stopped, in any state', () => {
    for (const runMs of [0, 3000, 10_000]) {
      const { supervisor } = supervised(() => false);
      vi.advanceTimersByTime(runMs);
      supervisor.stop();
      expect(vi.getTimerCount()).toBe(0);
      supervisor.alive();
      expect(vi.getTimerCount()).toBe(0);
    }
  });
});

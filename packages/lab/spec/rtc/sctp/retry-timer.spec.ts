import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RetryTimer } from '../../../src/rtc/sctp/retry-timer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const created = (onRetry: (timer: RetryTimer) => void = () => undefined) => {
  const log: string[] = [];
  const startMs = performance.now();
  const at = (what: string) => log.push(`${performance.now() - startMs} ${what}`);
  const timer: RetryTimer = new RetryTimer(
    2,
    () => {
      at('retry');
      onRetry(timer);
    },
    () => at('give up'),
  );
  return { timer, log };
};

test('retries as often as allowed, then gives up', () => {
  const { timer, log } = created();
  expect(timer.running).toBe(false);
  timer.start(() => 100);
  expect(timer.running).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(log).toEqual(['100 retry', '200 retry', '300 give up']);
  expect([timer.running, vi.getTimerCount()]).toEqual([false, 0]);
});

test('asks for the next wait after the retry, which may have changed it', () => {
  let waitMs = 100;
  const { timer, log } = created(() => (waitMs *= 2));
  timer.start(() => waitMs);
  vi.advanceTimersByTime(1000);
  expect(log).toEqual(['100 retry', '300 retry', '700 give up']);
});

test('can be stopped and started by the retry itself', () => {
  const stopped = created((timer) => timer.stop());
  stopped.timer.start(() => 100);
  vi.advanceTimersByTime(1000);
  expect([stopped.log, stopped.timer.running, vi.getTimerCount()]).toEqual([['100 retry'], false, 0]);
  let restarts = 0;
  const restarted = created((timer) => {
    if (restarts++ === 0) timer.start(() => 10);
  });
  restarted.timer.start(() => 100);
  vi.advanceTimersByTime(1000);
  expect(restarted.log).toEqual(['100 retry', '110 retry', '120 retry', '130 give up']);
});

test('a second start counts from zero', () => {
  const { timer, log } = created();
  timer.start(() => 100);
  vi.advanceTimersByTime(150);
  timer.start(() => 100);
  vi.advanceTimersByTime(1000);
  expect(log).toEqual(['100 retry', '250 retry', '350 retry', '450 give up']);
});

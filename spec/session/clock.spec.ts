import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startClock } from '../../src/session/clock.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('startClock()', () => {
  test('startedAt is wall time, and what elapses does not follow the wall clock (Q85)', () => {
    vi.useFakeTimers({ now: 1_767_225_600_000 });
    const clock = startClock();
    expect(clock.startedAt).toBe(1_767_225_600_000);
    vi.advanceTimersByTime(250);
    vi.setSystemTime(0); // set back by years
    expect(clock.elapsed()).toBe(250);
    vi.advanceTimersByTime(50);
    vi.setSystemTime(2_000_000_000_000);
    expect(clock.elapsed()).toBe(300);
  });

  test('follows Date where a test runner fakes it and the timers alone', () => {
    vi.useFakeTimers({ now: 1_767_225_600_000, toFake: ['setTimeout', 'setInterval', 'Date'] });
    const clock = startClock();
    vi.advanceTimersByTime(250);
    expect(clock.elapsed()).toBe(250);
  });

  test.each([Number.NaN, 1n, undefined])('a clock of the platform that returns %s is refused', (time) => {
    expect(() => startClock(() => time as number)).toThrow('option platform.now must return a finite number');
  });

  test('a clock of the platform that goes back never makes a duration negative or smaller', () => {
    let now = 1000;
    const clock = startClock(() => now);
    expect([clock.startedAt, clock.elapsed()]).toEqual([1000, 0]);
    now = 1500;
    expect(clock.elapsed()).toBe(500);
    now = -10_000;
    expect(clock.elapsed()).toBe(500);
    now = 1600;
    expect(clock.elapsed()).toBe(600);
  });

  test('follows the virtual time of a TestScheduler', () => {
    const seen: number[] = [];
    new TestScheduler(() => undefined).run(({ flush }) => {
      const clock = startClock();
      asyncScheduler.schedule(() => seen.push(clock.elapsed()), 700);
      flush();
    });
    expect(seen).toEqual([700]);
  });

  test('counts whole milliseconds', () => {
    let now = 0.4;
    const clock = startClock(() => now);
    now = 10.2;
    expect(clock.elapsed()).toBe(10);
  });

  test('does without performance, which not every runtime has', () => {
    vi.stubGlobal('performance', undefined);
    vi.useFakeTimers({ now: 5000, toFake: ['Date', 'setTimeout', 'setInterval'] });
    const clock = startClock();
    vi.advanceTimersByTime(30);
    expect(clock.elapsed()).toBe(30);
    vi.unstubAllGlobals();
  });
});

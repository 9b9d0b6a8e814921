import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ImpairedPath } from '../../../src/rtc/link/impaired-path.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('ImpairedPath', () => {
  test('delivers at once when healthy', () => {
    const deliver = vi.fn();
    new ImpairedPath().pass(deliver);
    expect(deliver).toHaveBeenCalledOnce();
  });

  test('drops everything while silent, also what was on the way', () => {
    const path = new ImpairedPath();
    const deliver = vi.fn();
    path.impair({ delayMs: 10 });
    path.pass(deliver);
    path.silent = true;
    path.pass(deliver);
    vi.advanceTimersByTime(20);
    expect(deliver).not.toHaveBeenCalled();
    path.silent = false;
    path.pass(deliver);
    vi.advanceTimersByTime(10);
    expect(deliver).toHaveBeenCalledOnce();
  });

  test('loses the share asked for', () => {
    const path = new ImpairedPath();
    path.impair({ lossRatio: 0.25 });
    const random = vi.spyOn(Math, 'random');
    const deliver = vi.fn();
    for (const value of [0, 0.24, 0.25, 0.99]) {
      random.mockReturnValueOnce(value);
      path.pass(deliver);
    }
    expect(deliver).toHaveBeenCalledTimes(2);
  });

  test('delays by delayMs and up to jitterMs more', () => {
    const path = new ImpairedPath();
    path.impair({ delayMs: 100, jitterMs: 50 });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const deliver = vi.fn();
    path.pass(deliver);
    vi.advanceTimersByTime(124);
    expect(deliver).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(deliver).toHaveBeenCalledOnce();
  });

  test('leaves no timer when closed', () => {
    const path = new ImpairedPath();
    path.impair({ delayMs: 100 });
    path.pass(vi.fn());
    path.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([{ lossRatio: 1.1 }, { lossRatio: Number.NaN }, { delayMs: -1 }, { jitterMs: Infinity }])('refuses %o', (impairment) => {
    expect(() => new ImpairedPath().impair(impairment)).toThrow(RangeError);
  });
});

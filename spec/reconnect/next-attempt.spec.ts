import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type Attempt, type NextAttempt, attemptAfter } from '../../src/reconnect/next-attempt.ts';
import { type ReconnectPolicy, resolvePolicy } from '../../src/reconnect/policy.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { byClient, lost, refused, unreachable } from '../support/mock-calls.ts';

const first: Attempt = { number: 1, sinceMs: 0, isAtOnce: false };

const after = (ended: Termination, last: Partial<Attempt> = {}, policy: ReconnectPolicy = {}, nowMs = 0): NextAttempt | null =>
  attemptAfter(ended, { ...first, ...last }, nowMs, resolvePolicy({ random: () => 1, ...policy }));

describe('the wait before an attempt', () => {
  test('is chosen from a range that doubles from 500 ms to 30 s', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => after(unreachable(), { number })?.delayMs);
    expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  });

  test('is anything between nothing and the end of that range', () => {
    const delays = [0, 0.25, 0.5, 0.9999].map((value) => after(unreachable(), { number: 3 }, { random: () => value })?.delayMs);
    expect(delays).toEqual([0, 1000, 2000, 4000]);
  });

  test('begins anew after a session that had connected, and is 1 s longer', () => {
    expect(after(lost(), { number: 7 })).toMatchObject({ number: 1, delayMs: 1500 });
    expect(after(lost(), { number: 7 }, { random: () => 0 })).toMatchObject({ number: 1, delayMs: 1000 });
  });

  test('follows the policy', () => {
    const policy: ReconnectPolicy = { initialDelayMs: 100, maxDelayMs: 300, settleMs: 50 };
    expect([1, 2, 3].map((number) => after(unreachable(), { number }, policy)?.delayMs)).toEqual([200, 300, 300]);
    expect(after(lost(), {}, policy)?.delayMs).toBe(150);
  });

  test('stays a number when nothing doubles for long', () => {
    const policy: ReconnectPolicy = { initialDelayMs: 0, maxAttempts: 10_000 };
    expect(after(unreachable(), { number: 5000 }, policy)?.delayMs).toBe(0);
    expect(after(unreachable(), { number: 5000 }, { ...policy, initialDelayMs: 1 })?.delayMs).toBe(30_000);
  });

  propertyTest.prop([fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 60 }), fc.boolean()])(
    'never leaves its range',
    (random, number, wasConnected) => {
      const next = after(wasConnected ? lost() : unreachable(), { number }, { random: () => random, maxAttempts: 100 });
      const settleMs = wasConnected ? 1000 : 0;
      const exponent = wasConnected ? 0 : number;
      expect(next?.delayMs).toBeGreaterThanOrEqual(settleMs);
      expect(next?.delayMs).toBeLessThanOrEqual(settleMs + Math.min(30_000, 500 * 2 ** exponent));
    },
  );
});

describe('an attempt at once', () => {
  const policy: ReconnectPolicy = { decide: { 'server-close': 'at-once', 'websocket-closed': 'at-once' } };

  test('follows without a wait, after a refusal and after a connected session', () => {
    expect(after(refused, {}, policy)).toMatchObject({ number: 2, delayMs: 0, isAtOnce: true });
    expect(after(lost(), {}, policy)).toMatchObject({ number: 1, delayMs: 0, isAtOnce: true });
    expect(after(byClient('pagehide'))).toMatchObject({ number: 1, delayMs: 0, isAtOnce: true });
  });

  test('is followed by a wait where it was refused as well, and after that wait by another one at once', () => {
    const again = after(refused, { number: 2, isAtOnce: true }, policy);
    expect(again).toMatchObject({ number: 3, delayMs: 2000, isAtOnce: false });
    expect(after(refused, again ?? {}, policy)).toMatchObject({ number: 4, delayMs: 0, isAtOnce: true });
  });

  test('is followed by a wait where its session did not stay for a second, and by another one at once where it did', () => {
    const short = lost({ connectedAt: 100, causeAt: 1099 });
    const long = lost({ connectedAt: 100, causeAt: 1100 });
    expect(after(short, { isAtOnce: true }, policy)).toMatchObject({ number: 1, delayMs: 1500, isAtOnce: false });
    expect(after(long, { isAtOnce: true }, policy)).toMatchObject({ number: 1, delayMs: 0, isAtOnce: true });
  });
});

describe('the budgets', () => {
  test('attempts: the tenth is the last', () => {
    expect(after(unreachable(), { number: 9 })?.number).toBe(10);
    expect(after(unreachable(), { number: 10 })).toBeNull();
    expect(after(unreachable(), { number: 1 }, { maxAttempts: 1 })).toBeNull();
  });

  test('attempts count from the last connected session, which always has one more', () => {
    expect(after(lost(), { number: 10 })?.number).toBe(1);
    expect(after(lost(), { number: 1 }, { maxAttempts: 1 })?.number).toBe(1);
  });

  test('time: no attempt begins after five minutes', () => {
    expect(after(unreachable(), { sinceMs: 0 }, {}, 299_000)).toMatchObject({ delayMs: 1000, leftMs: 1000 });
    expect(after(unreachable(), { sinceMs: 0 }, {}, 299_001)).toBeNull();
    expect(after(unreachable(), { sinceMs: 10_000 }, {}, 299_001)).toMatchObject({ leftMs: 10_999 });
  });

  test('time counts from the end of the last connected session', () => {
    expect(after(lost(), { sinceMs: 0 }, {}, 3_600_000)).toMatchObject({ sinceMs: 3_600_000, leftMs: 300_000 });
    expect(after(unreachable(), { sinceMs: 3_600_000 }, {}, 3_610_000)).toMatchObject({ sinceMs: 3_600_000, leftMs: 290_000 });
  });

  test('an end that is final needs no budget', () => {
    expect(after(byClient('api'))).toBeNull();
    expect(after(refused)).toBeNull();
  });
});

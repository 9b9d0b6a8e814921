import { NEVER, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { KeepAlive, keepAliveEvents, type KeepAliveEvent } from '../../src/connection/keep-alive.ts';
import { delay, intervalOrNever, timerOrNever } from '../../src/connection/timers.ts';
import { ShapingFaults } from '../../src/faults/shaping-faults.ts';
import { marbles } from '../../../../spec/support/marbles.ts';

const p: KeepAliveEvent = { kind: 'ping', stats: false };
const s: KeepAliveEvent = { kind: 'ping', stats: true };
const x: KeepAliveEvent = { kind: 'pong-timeout' };

describe('keep-alive events', () => {
  test(
    'are pings at their interval, every n-th with statistics, until no pong arrives for too long',
    marbles((m) => {
      const event$ = keepAliveEvents({ pingIntervalMs: 2, pongTimeoutMs: 5, pingStatsEvery: 2 }, m.hot('--o------'));
      m.expect(event$, '^--------!').toBeObservable('--p-s-pxs', { p, s, x });
    }),
  );

  test(
    'start a new timeout with each pong',
    marbles((m) => {
      const event$ = keepAliveEvents({ pingIntervalMs: 3, pongTimeoutMs: 4, pingStatsEvery: 0 }, m.hot('---o---o--'));
      m.expect(event$, '^--------!').toBeObservable('---p--p--', { p });
    }),
  );

  test(
    'never time out with a limit of 0',
    marbles((m) => {
      const event$ = keepAliveEvents({ pingIntervalMs: 3, pongTimeoutMs: 0, pingStatsEvery: 0 }, NEVER);
      m.expect(event$, '^-------!').toBeObservable('---p--p-', { p });
    }),
  );

  test(
    'complete at once without pings, even with a limit for pongs',
    marbles((m) => {
      m.expect(keepAliveEvents({ pingIntervalMs: 0, pongTimeoutMs: 1, pingStatsEvery: 0 }, NEVER)).toBeObservable('|');
    }),
  );
});

describe('a fault', () => {
  const settings = { pingIntervalMs: 2, pongTimeoutMs: 5, pingStatsEvery: 0 };

  test(
    'withholds pings and leaves the timeout',
    marbles((m) => {
      const keepAlive = new KeepAlive(settings, new ShapingFaults([{ kind: 'ping-withheld' }]));
      m.expect(keepAlive.event$, '^------!').toBeObservable('-----x-', { x });
    }),
  );

  test(
    'ignores pongs, which otherwise postpone the timeout',
    marbles((m) => {
      const [deaf, listening] = [[{ kind: 'pong-ignored' }] as const, []].map(
        (faults) => new KeepAlive(settings, new ShapingFaults(faults)),
      );
      m.hot('---o---').subscribe(() => {
        deaf!.pong();
        listening!.pong();
      });
      m.expect(deaf!.event$, '^------!').toBeObservable('--p-pxp', { p, x });
      m.expect(listening!.event$, '^------!').toBeObservable('--p-p-p', { p });
    }),
  );
});

describe('timers of 0', () => {
  test(
    'never fire where 0 means no limit',
    marbles((m) => {
      m.expect(intervalOrNever(0)).toBeObservable('-');
      m.expect(timerOrNever(0)).toBeObservable('-');
      m.expect(intervalOrNever(2), '^----!').toBeObservable('--a-b', { a: 0, b: 1 });
      m.expect(timerOrNever(3)).toBeObservable('---(a|)', { a: 0 });
    }),
  );

  test('fire synchronously where 0 means no delay', () => {
    const order: string[] = [];
    delay(0).subscribe(() => order.push('delayed'));
    of(0).subscribe(() => order.push('next'));
    expect(order).toEqual(['delayed', 'next']);
  });
});

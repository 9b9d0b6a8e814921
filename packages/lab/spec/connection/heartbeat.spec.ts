import { NEVER } from 'rxjs';
import { test } from 'vitest';
import { after, every, heartbeat, type Beat } from '../../src/connection/heartbeat.ts';
import { marbles } from '../../../../spec/support/marbles.ts';

const p: Beat = { kind: 'ping', stats: false };
const s: Beat = { kind: 'ping', stats: true };
const x: Beat = { kind: 'pong-timeout' };

test(
  'pings in their interval, every n-th with statistics, until no pong came for too long',
  marbles((m) => {
    const pong$ = m.hot('--o------');
    const beat$ = heartbeat({ pingIntervalMs: 2, pongTimeoutMs: 5, pingStatsEvery: 2 }, pong$);
    m.expect(beat$, '^--------!').toBeObservable('--p-s-pxs', { p, s, x });
  }),
);

test(
  'each pong begins the wait anew',
  marbles((m) => {
    const beat$ = heartbeat({ pingIntervalMs: 3, pongTimeoutMs: 4, pingStatsEvery: 0 }, m.hot('---o---o--'));
    m.expect(beat$, '^--------!').toBeObservable('---p--p--', { p });
  }),
);

test(
  'a limit of 0 waits for ever',
  marbles((m) => {
    m.expect(heartbeat({ pingIntervalMs: 3, pongTimeoutMs: 0, pingStatsEvery: 0 }, NEVER), '^-------!').toBeObservable('---p--p-', { p });
  }),
);

test(
  'without pings there is no heart; 0 is never for the other clocks too',
  marbles((m) => {
    m.expect(heartbeat({ pingIntervalMs: 0, pongTimeoutMs: 1, pingStatsEvery: 0 }, NEVER)).toBeObservable('|');
    m.expect(every(0)).toBeObservable('-');
    m.expect(every(2), '^----!').toBeObservable('--a-b', { a: 0, b: 1 });
    m.expect(after(0)).toBeObservable('-');
    m.expect(after(3)).toBeObservable('---(a|)', { a: 0 });
  }),
);

import { NEVER } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, test } from 'vitest';
import { after, every, heartbeat } from '../../../src/lab/connection/heartbeat.ts';

const run = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(body);
};
const p = { kind: 'ping', stats: false };
const s = { kind: 'ping', stats: true };
const x = { kind: 'pong-timeout' };

test('pings in their interval, every n-th with statistics, until no pong came for too long', () => {
  run(({ expectObservable, hot }) => {
    const pong$ = hot('--o------');
    const beat$ = heartbeat({ pingIntervalMs: 2, pongTimeoutMs: 5, pingStatsEvery: 2 }, pong$);
    expectObservable(beat$, '^--------!').toBe('--p-s-pxs', { p, s, x });
  });
});

test('each pong begins the wait anew, 0 waits for ever', () => {
  run(({ expectObservable, hot }) => {
    expectObservable(heartbeat({ pingIntervalMs: 3, pongTimeoutMs: 4, pingStatsEvery: 0 }, hot('---o---o--')), '^--------!').toBe(
      '---p--p--',
      { p },
    );
    expectObservable(heartbeat({ pingIntervalMs: 3, pongTimeoutMs: 0, pingStatsEvery: 0 }, NEVER), '^-------!').toBe('---p--p-', { p });
  });
});

test('without pings there is no heart', () => {
  run(({ expectObservable }) => {
    expectObservable(heartbeat({ pingIntervalMs: 0, pongTimeoutMs: 1, pingStatsEvery: 0 }, NEVER)).toBe('|');
    expectObservable(every(0)).toBe('-');
    expectObservable(after(0)).toBe('-');
    expectObservable(after(3)).toBe('---(0|)', { 0: 0 });
  });
});

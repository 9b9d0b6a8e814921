import { EMPTY, NEVER, Observable, Subject, of, retry } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { failOnAbnormalEnd } from '../../src/outcomes/fail-on-abnormal-end.ts';
import { ofKind } from '../../src/outcomes/of-kind.ts';
import { terminations } from '../../src/outcomes/terminations.ts';
import type { Session } from '../../src/session/session.ts';
import { SoraTerminatedError } from '../../src/session/terminated-error.ts';
import type { Termination } from '../../src/termination/reason.ts';

const termination = (kind: Termination['kind'], members: object = {}): Termination =>
  ({ kind, phase: 'connected', endedAt: 1, ...members }) as Termination;
const normal = termination('server-close', { severity: 'normal', via: 'websocket', code: 1000, reason: '' });
const abnormal = termination('peer-connection-failed');
const sessionThat = (termination$: Observable<Termination>): Session => ({ termination$ }) as Session;

const told = <Value>(stream$: Observable<Value>): unknown[] => {
  const seen: unknown[] = [];
  stream$.subscribe({
    next: (value) => seen.push(value),
    error: (error: unknown) => seen.push(error),
    complete: () => seen.push('complete'),
  });
  return seen;
};

describe('terminations()', () => {
  test('tells the end of every session', () => {
    expect(told(of(sessionThat(of(normal)), sessionThat(of(abnormal))).pipe(terminations()))).toEqual([normal, abnormal, 'complete']);
  });

  test('waits for sessions that go on', () => {
    expect(told(of(sessionThat(NEVER)).pipe(terminations()))).toEqual([]);
    expect(told(EMPTY.pipe(terminations()))).toEqual(['complete']);
  });
});

describe('ofKind()', () => {
  test('keeps the kinds that were asked for', () => {
    expect(told(of(normal, abnormal).pipe(ofKind('peer-connection-failed', 'ice-failed')))).toEqual([abnormal, 'complete']);
  });
});

describe('failOnAbnormalEnd()', () => {
  test('a normal end completes', () => {
    const session = sessionThat(of(normal));
    expect(told(of(session).pipe(failOnAbnormalEnd()))).toEqual([session, 'complete']);
  });

  test('an abnormal one is an error with the very reason', () => {
    const session = sessionThat(of(abnormal));
    const [first, error] = told(of(session).pipe(failOnAbnormalEnd()));
    expect(first).toBe(session);
    expect(error).toBeInstanceOf(SoraTerminatedError);
    expect((error as SoraTerminatedError).termination).toBe(abnormal);
  });

  test('the session comes first, whenever it ends', () => {
    const termination$ = new Subject<Termination>();
    const session = sessionThat(termination$);
    const seen = told(of(session).pipe(failOnAbnormalEnd()));
    expect(seen).toEqual([session]);
    termination$.next(abnormal);
    expect(seen).toHaveLength(2);
  });

  test('is what retry() needs', () => {
    let attempts = 0;
    const sessions$ = new Observable<Session>((subscriber) => {
      attempts += 1;
      subscriber.next(sessionThat(of(attempts < 3 ? abnormal : normal)));
      subscriber.complete();
    });
    expect(told(sessions$.pipe(failOnAbnormalEnd(), retry(5))).at(-1)).toBe('complete');
    expect(attempts).toBe(3);
  });
});

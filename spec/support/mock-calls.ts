import { NEVER, Observable, ReplaySubject, map, timer } from 'rxjs';
import type { CallStep } from '../../src/reconnect/call-step.ts';
import type { Session } from '../../src/session/session.ts';
import type { Reason, Termination, TerminationCommon } from '../../src/termination/reason.ts';
import { oneOfEach, terminationOf } from './terminations.ts';

/** A session that comes up, or does not, and ends by itself after some time; without a time it lives until it is left. */
export interface MockLife {
  readonly ms?: number;
  readonly end: Termination;
}

/** The network loses a session that had connected. */
export const lost = (common: Partial<TerminationCommon> = {}): Termination =>
  terminationOf(oneOfEach['websocket-closed'], { connectedAt: 10, causeAt: 100, ...common });
/** The network brings nothing up. */
export const unreachable = (common: Partial<TerminationCommon> = {}): Termination =>
  terminationOf(oneOfEach['websocket-error'], { phase: 'opening', connectedAt: null, connectionId: null, ...common });
export const refused: Termination = terminationOf(
  { kind: 'server-close', via: 'websocket', code: 4490, reason: 'AUTH', severity: 'error' },
  { phase: 'signaling', connectedAt: null },
);
export const byClient = (trigger: 'api' | 'unsubscribe' | 'pagehide' | 'abort-signal'): Termination =>
  terminationOf({ kind: 'client-disconnect', trigger, outcome: 'immediate' }, { connectedAt: 10, causeAt: 100 });
export const ended = (reason: Reason, common: Partial<TerminationCommon> = {}): Termination => terminationOf(reason, common);

/** Sessions that behave as those of `connect()` towards whoever subscribes, one life after the other, and who is alive. */
export interface MockConnect {
  readonly session$: Observable<Session>;
  readonly made: readonly Session[];
  readonly alive: () => number;
  /** The most that were alive at one time. */
  readonly mostAlive: () => number;
}

export function mockConnect(...lives: readonly MockLife[]): MockConnect {
  const made: Session[] = [];
  let alive = 0;
  let most = 0;
  const session$ = new Observable<Session>((subscriber) => {
    const life = lives[made.length];
    if (life === undefined) throw new Error('more attempts than lives');
    const terminationSubject = new ReplaySubject<Termination>(1);
    const session = { termination$: terminationSubject.asObservable() } as Session;
    let isAlive = true;
    const end = (termination: Termination): void => {
      if (!isAlive) return;
      isAlive = false;
      alive -= 1;
      terminationSubject.next(termination);
      terminationSubject.complete();
    };
    made.push(session);
    alive += 1;
    most = Math.max(most, alive);
    subscriber.add(() => end(byClient('unsubscribe')));
    subscriber.add(terminationSubject.subscribe({ complete: () => subscriber.complete() }));
    subscriber.next(session);
    const death$ = life.ms === undefined ? NEVER : timer(life.ms).pipe(map(() => life.end));
    subscriber.add(death$.subscribe(end));
  });
  return { session$, made, alive: () => alive, mostAlive: () => most };
}

/** A step in words, for marbles. */
export function stepWords(step: CallStep): string {
  switch (step.kind) {
    case 'session':
      return `session ${step.attempt}${step.previous === null ? '' : ` after ${step.previous.kind}`}`;
    case 'waiting':
      return `${step.why} ${step.attempt}: ${step.delayMs}`;
    case 'over':
      return `over ${step.attempts}: ${step.termination.kind}`;
  }
}

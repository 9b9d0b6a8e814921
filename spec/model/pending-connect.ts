import { createSession, SoraTerminatedError, type Termination } from '../../src/index.ts';
import type { Session } from '../../src/session/session.ts';
import { scenario } from '../../src/testing/scenario.ts';
import { holds } from './property.ts';
import type { Observation, ScenarioRow } from './scenario-row.ts';
import { observationOf } from './session-run.ts';

/** What became of one promise of `connect()`. */
type Settled = { readonly as: 'pending' } | { readonly as: 'resolved' } | { readonly as: 'rejected'; readonly error: unknown };

export interface SessionLife {
  readonly observation: Observation;
  /** Null when the promises of `connect()` say what the streams say. */
  readonly pendingConnect: string | null;
}

/** Promises and finalizers get their turn only here; a long run without it would also keep every session it ever made. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

function watched(promise: PromiseLike<unknown>): { settled: Settled } {
  const watch: { settled: Settled } = { settled: { as: 'pending' } };
  promise.then(
    () => (watch.settled = { as: 'resolved' }),
    (error: unknown) => (watch.settled = { as: 'rejected', error }),
  );
  return watch;
}

interface Watch {
  readonly watch: { readonly settled: Settled };
  /** Whether the session had ended when `connect()` was called. */
  readonly tooLate: boolean;
}

/** The session with a `connect` that is watched. */
const watchedSession = (session: Session, watches: Watch[], hasEnded: () => boolean): Session =>
  new Proxy(session, {
    get: (target, name) => {
      if (name !== 'connect') return Reflect.get(target, name) as unknown;
      return () => {
        const tooLate = hasEnded();
        const promise = target.connect();
        watches.push({ watch: watched(promise), tooLate });
        return promise;
      };
    },
  });

/**
 * Runs a row and looks at the promises of `connect()` once they had their turn. P20: an end settles them, connected once is connected for
 * good, and what was never connected rejects with the very object that `termination$` emits (J06). After the end `connect()` always rejects (Q88).
 */
export async function sessionLife(row: ScenarioRow, make: typeof createSession = createSession): Promise<SessionLife> {
  const watches: Watch[] = [];
  let emitted: Termination | null = null;
  const result = scenario(row, {
    createSession: (options) => watchedSession(make(options), watches, () => emitted !== null),
    onSession: ({ termination$ }) => termination$.subscribe((termination) => (emitted = termination)),
  });
  await breathe();
  const { termination, states } = result;
  const expected = states.some(({ state }) => state === 'connected') ? 'resolved' : termination === null ? 'pending' : 'rejected';
  const wrong = watches.flatMap(({ watch: { settled }, tooLate }) => {
    const wanted = tooLate ? 'rejected' : expected;
    const seen = holds(settled.as === wanted, () => `connect() is ${settled.as}, expected ${wanted}`);
    if (seen !== null) return [seen];
    const same = settled.as !== 'rejected' || (settled.error instanceof SoraTerminatedError && settled.error.termination === emitted);
    return same ? [] : ['connect() rejects with something else than the termination'];
  });
  return { observation: observationOf(result), pendingConnect: wrong[0] ?? null };
}

import type { LabLogEntry, ListedFault } from 'rx-sora-lab';
import {
  type Observable,
  asyncScheduler,
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  endWith,
  forkJoin,
  from,
  map,
  merge,
  repeat,
  scan,
  share,
  throttleTime,
} from 'rxjs';
import { type LabFacts, type ListedConnection, lab, log$ } from './lab-client.ts';

/** What is known of the lab. */
export interface ServerState {
  /** Null before the first answer. */
  readonly isAlive: boolean | null;
  readonly facts: LabFacts | null;
  readonly connections: readonly ListedConnection[];
  readonly rules: readonly ListedFault[];
  /** The latest entries, oldest first. */
  readonly log: readonly LabLogEntry[];
}

export const NO_SERVER: ServerState = { isAlive: null, facts: null, connections: [], rules: [], log: [] };

/** Entries of the log that are kept. */
const LOG_ENTRIES = 1000;
const RETRY_MS = 1000;
/** From one look at connections and rules to the next, at least. */
const LOOK_MS = 150;

type Change = (state: ServerState) => ServerState;

/**
 * Follows the lab: emits what is known of it after every change, also while it is gone and when it comes back. Cold, never completes, never errors.
 *
 * @param look$ asks for a look at connections and rules, which happens by itself after each entry of the log
 */
export function watchServer(look$: Observable<unknown>): Observable<ServerState> {
  const followed$ = defer(() => {
    const facts$ = from(lab.facts()).pipe(map((facts): Change => (state) => ({ ...state, isAlive: true, facts, log: [] })));
    const entries$ = log$.pipe(map((entry): Change => (state) => ({ ...state, log: [...state.log.slice(1 - LOG_ENTRIES), entry] })));
    return concat(facts$, entries$).pipe(
      catchError(() => EMPTY),
      endWith<Change>((state) => ({ ...state, isAlive: false, connections: [], rules: [] })),
    );
  }).pipe(repeat({ delay: RETRY_MS }), share());
  const looked$ = merge(look$, followed$).pipe(
    throttleTime(LOOK_MS, asyncScheduler, { leading: true, trailing: true }),
    concatMap(() =>
      forkJoin([lab.connections(), lab.rules()]).pipe(
        map(
          ([connections, rules]): Change =>
            (state) =>
              state.isAlive === true ? { ...state, connections, rules } : state,
        ),
        catchError(() => EMPTY),
      ),
    ),
  );
  return merge(looked$, followed$).pipe(scan((state, change) => change(state), NO_SERVER));
}

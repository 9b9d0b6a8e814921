import { type Observable, Subject, merge, tap } from 'rxjs';
import { keep } from '../operators/keep.ts';
import type { InputOf, SessionInput } from './input.ts';

type Kind = SessionInput['kind'];

/** The inputs of a session in their order. Hot, no replay; complete with the session. Readers of an input get it in the order in which they came. */
export interface SortedInputs {
  /** Those of one kind. */
  of<Wanted extends Kind>(this: void, kind: Wanted): Observable<InputOf<Wanted>>;
  /** Those of every kind. */
  readonly all$: Observable<SessionInput>;
}

const KINDS = Object.keys({
  progress: true,
  socket: true,
  peer: true,
  channel: true,
  incoming: true,
  received: true,
  sent: true,
  answered: true,
  connected: true,
  ending: true,
  invalid: true,
  failure: true,
  note: true,
  told: true,
  disconnect: true,
} satisfies Record<Kind, true>) as readonly Kind[];

/**
 * Reads the inputs once and hands each to those alone who asked for its kind: a session has some fifty readers, and a message concerns few of
 * them. Subscribes at once.
 */
export function sortInputs(inputs$: Observable<SessionInput>): SortedInputs {
  const subjects = ofEachKind(() => new Subject<never>());
  // What a Subject is piped into can be written to, and these streams come as far as the application.
  const streams = ofEachKind((kind) => subjects[kind].asObservable());
  keep(
    inputs$.pipe(
      tap({
        next: (input) => {
          subjects[input.kind].next(input as never);
        },
        error: (error: unknown) => {
          const defect = error instanceof Error ? error : new Error(String(error));
          for (const kind of KINDS) subjects[kind].error(defect);
        },
        complete: () => {
          for (const kind of KINDS) subjects[kind].complete();
        },
      }),
    ),
  );
  const sorted: SortedInputs = { of: (kind) => streams[kind], all$: merge(...Object.values(streams)) };
  return sorted;
}

function ofEachKind<Value>(make: (kind: Kind) => Value): Readonly<Record<Kind, Value>> {
  return Object.fromEntries(KINDS.map((kind) => [kind, make(kind)])) as Record<Kind, Value>;
}

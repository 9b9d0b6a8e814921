import { type Observable, of } from 'rxjs';
import { expectTypeOf } from 'vitest';
import {
  type CallStep,
  type ReconnectPolicy,
  type Roster,
  type Session,
  type Termination,
  type TerminationOf,
  currentSession,
  fromCurrent,
  reconnect,
  roster,
  sessions,
  terminations,
} from '../../src/index.ts';

declare const session$: Observable<Session>;
const call$ = session$.pipe(reconnect());

expectTypeOf(call$).toEqualTypeOf<Observable<CallStep>>();
expectTypeOf(call$.pipe(sessions())).toEqualTypeOf<Observable<Session>>();
expectTypeOf(call$.pipe(terminations())).toEqualTypeOf<Observable<Termination>>();
expectTypeOf(call$.pipe(currentSession())).toEqualTypeOf<Observable<Session | null>>();

// fromCurrent() knows what there is without a session.
expectTypeOf(call$.pipe(fromCurrent((session) => roster(session)))).toEqualTypeOf<Observable<Roster>>();
expectTypeOf(call$.pipe(fromCurrent(roster, null))).toEqualTypeOf<Observable<Roster | null>>();
expectTypeOf(call$.pipe(fromCurrent(({ remoteStreams$ }) => remoteStreams$, []))).toExtend<Observable<readonly unknown[]>>();
expectTypeOf(call$.pipe(currentSession(), fromCurrent(roster, undefined))).toEqualTypeOf<Observable<Roster | undefined>>();

// A row gets the terminations of its kind, a function all.
({
  decide: {
    'server-close': (termination) => {
      expectTypeOf(termination).toEqualTypeOf<TerminationOf<'server-close'>>();
      return termination.code === 4490 ? 'at-once' : undefined;
    },
  },
}) satisfies ReconnectPolicy;
({
  decide: (termination) => {
    expectTypeOf(termination).toEqualTypeOf<Termination>();
    return 'never';
  },
}) satisfies ReconnectPolicy;
// @ts-expect-error -- no such word
({ decide: { 'server-close': 'later' } }) satisfies ReconnectPolicy;
// @ts-expect-error -- no such kind
({ decide: { 'server-closed': 'never' } }) satisfies ReconnectPolicy;
// @ts-expect-error -- a call, not its source
of(null).pipe(reconnect());

import { of } from 'rxjs';
import { expectTypeOf } from 'vitest';
import {
  type FocusedSender,
  type NetworkStatus,
  type Roster,
  type Session,
  type Termination,
  type TerminationOf,
  type ReceivedLayer,
  type Wire,
  failOnAbnormalEnd,
  networkStatus,
  notifyOf,
  ofKind,
  receivedLayers,
  roster,
  spotlight,
  terminations,
} from '../../src/index.ts';
import type { Observable } from 'rxjs';

declare const session: Session;

// notifyOf narrows by event type; an event that is not known keeps all its members.
expectTypeOf(session.notify$.pipe(notifyOf('connection.created'))).toEqualTypeOf<Observable<Wire.NotifyConnectionCreated>>();
expectTypeOf(session.notify$.pipe(notifyOf('connection.created', 'network.status'))).toEqualTypeOf<
  Observable<Wire.NotifyConnectionCreated | Wire.NotifyNetworkStatus>
>();
expectTypeOf(session.notify$.pipe(notifyOf('recording.started'))).toEqualTypeOf<Observable<Wire.NotifyOther>>();

// The union narrows by hand as well.
session.notify$.subscribe((message: Wire.NotifyMessage) => {
  if (message.event_type === 'network.status') expectTypeOf(message.unstable_level).toEqualTypeOf<0 | 1 | 2 | 3 | undefined>();
  else if (message.event_type === 'simulcast.switched')
    expectTypeOf(message.current_rid).toEqualTypeOf<'none' | 'r0' | 'r1' | 'r2' | undefined>();
});

expectTypeOf(roster(session)).toEqualTypeOf<Observable<Roster>>();
expectTypeOf(spotlight(session)).toEqualTypeOf<Observable<readonly FocusedSender[]>>();
expectTypeOf(receivedLayers(session)).toEqualTypeOf<Observable<readonly ReceivedLayer[]>>();
expectTypeOf(networkStatus(session)).toEqualTypeOf<Observable<NetworkStatus>>();

// ofKind gives the fields of the kind.
expectTypeOf(session.termination$.pipe(ofKind('server-close'))).toEqualTypeOf<Observable<TerminationOf<'server-close'>>>();
session.termination$.pipe(ofKind('server-close', 'websocket-closed')).subscribe(({ code, reason }) => {
  expectTypeOf(code).toEqualTypeOf<number | null>();
  expectTypeOf(reason).toEqualTypeOf<string>();
});
// @ts-expect-error -- no such kind
ofKind('server-closed');

expectTypeOf(of(session).pipe(terminations())).toEqualTypeOf<Observable<Termination>>();
expectTypeOf(of(session).pipe(failOnAbnormalEnd())).toEqualTypeOf<Observable<Session>>();

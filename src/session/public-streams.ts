import { type OperatorFunction, filter, map, merge, share, take } from 'rxjs';
import { type RemoteTrack, type RemoteTrackChange, remoteStreams, remoteTrackChanges } from '../media/remote-streams.ts';
import { keep } from '../operators/keep.ts';
import { remember } from '../operators/remember.ts';
import { rememberMany } from '../operators/remember-many.ts';
import { openChannels } from '../signaling/messaging.ts';
import { offeredChannels } from '../signaling/offered-channels.ts';
import type { OpenSession } from './open-session.ts';
import { acted } from './received.ts';
import type { Session, SignalingTraffic } from './session.ts';
import { type TimelineEntry, stateEntry, timelineEntry } from './timeline.ts';

/** The streams of a session; all are views of its inputs. */
export type PublicStreams = Pick<
  Session,
  | 'connected$'
  | 'webSocket$'
  | 'dataChannel$'
  | 'peerConnection$'
  | 'signaling$'
  | 'offer$'
  | 'notify$'
  | 'push$'
  | 'switched$'
  | 'track$'
  | 'removeTrack$'
  | 'remoteStreams$'
  | 'dataChannels$'
  | 'timeline$'
>;

const TIMELINE_LENGTH = 1000;

export function publicStreams({ context, state$ }: OpenSession): PublicStreams {
  const { of: inputsOf, live, inputs$, clock } = context;
  const received$ = inputsOf('received');
  const peerConnection$ = inputsOf('peer').pipe(map(({ event }) => event));
  const dataChannel$ = inputsOf('channel').pipe(map(({ event }) => event));
  const offer$ = acted(received$, 'offer').pipe(map(({ message }) => message));

  const connected$ = inputsOf('connected').pipe(
    map(({ info }) => info),
    take(1), // complete with its value, not with the session
    remember(),
  );
  const changes$ = remoteTrackChanges(peerConnection$, () => live.offer?.connection_id ?? null).pipe(share());
  const remoteStreams$ = remoteStreams(changes$).pipe(remember());
  const dataChannels$ = openChannels(dataChannel$, offer$.pipe(map(offeredChannels)), live.channels.get).pipe(remember());

  // Subscribed before anybody else is, so that it tells a message before the stream of the message's content does, whoever subscribed first.
  const signaling$ = merge(inputsOf('sent'), received$).pipe(
    map(traffic),
    filter((each) => each !== null),
    share(),
  );

  const timeline$ = merge(
    state$.pipe(map((state): TimelineEntry | null => (state === 'ending' ? null : stateEntry(clock.elapsed(), state)))),
    inputs$.pipe(map((input) => timelineEntry(clock.elapsed(), input))),
  ).pipe(
    filter((entry) => entry !== null),
    rememberMany(TIMELINE_LENGTH),
  );

  // They remember from the beginning, whoever watches, and complete with the session.
  for (const each$ of [timeline$, signaling$, connected$, remoteStreams$, dataChannels$]) keep(each$);

  return {
    connected$,
    webSocket$: inputsOf('socket').pipe(
      map(({ sighting }) => sighting.what),
      filter((what) => what.kind !== 'timeout' && what.kind !== 'refused'),
    ),
    dataChannel$,
    peerConnection$,
    signaling$,
    offer$,
    notify$: acted(received$, 'notify').pipe(map(({ message }) => message)),
    push$: acted(received$, 'push').pipe(map(({ message }) => message)),
    switched$: acted(received$, 'switched').pipe(map(({ message }) => message)),
    track$: changes$.pipe(tracksThat('added')),
    removeTrack$: changes$.pipe(tracksThat('removed')),
    remoteStreams$,
    dataChannels$,
    timeline$,
  };
}

function tracksThat(kind: RemoteTrackChange['kind']): OperatorFunction<RemoteTrackChange, RemoteTrack> {
  return (changes$) =>
    changes$.pipe(
      filter((change) => change.kind === kind),
      map(({ remote }) => remote),
    );
}

function traffic(input: Parameters<typeof timelineEntry>[1]): SignalingTraffic | null {
  if (input.kind !== 'sent' && input.kind !== 'received') return null;
  const { via, label, at } = input;
  const place = { transport: via, at, ...(label !== undefined && { label }) };
  if (input.kind === 'sent') return { direction: 'sent', ...place, message: input.message };
  const { checked } = input;
  if (checked.kind === 'invalid') return null;
  if (checked.kind === 'unknown-type')
    return { direction: 'received', ...place, message: checked.message, drift: [`${checked.type}: unknown type`] };
  return { direction: 'received', ...place, message: checked.message, ...(checked.drift.length > 0 && { drift: checked.drift }) };
}

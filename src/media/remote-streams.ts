import {
  type Observable,
  connect,
  distinctUntilChanged,
  endWith,
  filter,
  groupBy,
  ignoreElements,
  map,
  merge,
  mergeMap,
  scan,
  startWith,
  switchMap,
  takeUntil,
} from 'rxjs';
import type { MediaStreamLike, MediaStreamTrackLike } from '../platform/w3c.ts';
import { listen } from '../transports/listen.ts';
import type { PeerConnectionEvent } from '../transports/peer-connection-event.ts';

/** One track of another connection in the channel. */
export interface RemoteTrack {
  readonly track: MediaStreamTrack;
  readonly stream: MediaStream;
  /** Whose it is: the id of its stream. */
  readonly connectionId: string;
}

/** What another connection sends. */
export interface RemoteStream {
  readonly connectionId: string;
  readonly stream: MediaStream;
  readonly tracks: readonly MediaStreamTrack[];
}

/** A remote track has come or gone. */
export interface RemoteTrackChange {
  readonly kind: 'added' | 'removed';
  readonly remote: RemoteTrack;
}

type TrackEvent = PeerConnectionEvent & { readonly kind: 'track' };

/**
 * The comings and goings of remote tracks. Left out are tracks without a stream, the server's placeholders (stream id `default`) and one's
 * own media.
 *
 * @source the signaling protocol, section on receiving
 */
export function remoteTrackChanges(events$: Observable<PeerConnectionEvent>, ownId: () => string | null): Observable<RemoteTrackChange> {
  return events$.pipe(
    connect((shared$) => {
      // A stream tells no end of its own: one that is listened to would outlive the session.
      const over$ = shared$.pipe(ignoreElements(), endWith(null));
      return shared$.pipe(
        filter((event): event is TrackEvent => event.kind === 'track' && isRemote(event.streams[0], ownId())),
        groupBy(({ streams }) => streams[0]?.id ?? ''),
        mergeMap((sameConnection$) =>
          merge(
            sameConnection$.pipe(map(({ track, streams }) => change('added', track, streams[0] as MediaStreamLike))),
            // A connection that comes back brings a new stream object under the same id.
            sameConnection$.pipe(switchMap(({ streams }) => removals(streams[0] as MediaStreamLike))),
          ),
        ),
        takeUntil(over$),
      );
    }),
  );
}

/** The remote streams there are: none, then every change. */
export function remoteStreams(changes$: Observable<RemoteTrackChange>): Observable<readonly RemoteStream[]> {
  return changes$.pipe(scan(fold, []), startWith([]), distinctUntilChanged());
}

function isRemote(stream: MediaStreamLike | undefined, ownId: string | null): boolean {
  return stream !== undefined && stream.id !== 'default' && stream.id !== ownId;
}

function removals(stream: MediaStreamLike): Observable<RemoteTrackChange> {
  return listen<RemoteTrackChange>(stream, {
    events: { removetrack: (event) => change('removed', (event as { track: MediaStreamTrackLike }).track, stream) },
    past: () => [],
    isLast: () => false,
  });
}

function change(kind: RemoteTrackChange['kind'], track: MediaStreamTrackLike, stream: MediaStreamLike): RemoteTrackChange {
  return { kind, remote: { track: track as MediaStreamTrack, stream: stream as MediaStream, connectionId: stream.id } };
}

function fold(streams: readonly RemoteStream[], { kind, remote }: RemoteTrackChange): readonly RemoteStream[] {
  const { connectionId, stream, track } = remote;
  const known = streams.find((each) => each.connectionId === connectionId);
  const others = (known?.tracks ?? []).filter((each) => each !== track);
  const tracks = kind === 'added' ? [...others, track] : others;
  const next: RemoteStream = { connectionId, stream, tracks };
  if (known === undefined) return tracks.length === 0 ? streams : [...streams, next];
  return tracks.length === 0 ? streams.filter((each) => each !== known) : streams.map((each) => (each === known ? next : each));
}

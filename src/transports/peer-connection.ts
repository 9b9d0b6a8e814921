import type { Observable } from 'rxjs';
import type { IceCandidate, PeerConnectionEvent } from '../model/session-event.ts';
import { quietly } from '../platform/quietly.ts';
import { wallTime } from '../platform/wall-time.ts';
import type { DataChannelLike, MediaStreamLike, MediaStreamTrackLike, PeerConnectionLike, TransceiverLike } from '../platform/w3c.ts';
import { attach } from './attach.ts';
import { hot } from './hot.ts';

/**
 * The events of an RTCPeerConnection in order; `kind` is the name of the W3C event.
 *
 * Hot. Nothing is lost between this call and the first subscription; later subscribers get what happens from then on. States are read from the
 * object when its event arrives. A peer connection that has left `new` already emits its state first. Completes when it is seen closed, for
 * which there is no event: end the stream by unsubscribing. Never errors; listeners are removed with the end or with the last unsubscribe.
 *
 * @param peerConnection any W3C-shaped RTCPeerConnection
 * @param now the clock for `at`, in milliseconds
 * @example
 * ```ts
 * fromPeerConnection(new RTCPeerConnection()).subscribe(({ kind, at }) => console.log(at, kind));
 * ```
 * @source W3C WebRTC 4.4
 */
export function fromPeerConnection(peerConnection: PeerConnectionLike, now: () => number = wallTime): Observable<PeerConnectionEvent> {
  return hot<PeerConnectionEvent>((emit) => observePeerConnection(peerConnection, now, emit), isClosed);
}

const isClosed = (event: PeerConnectionEvent): boolean => stateOf(event) === 'closed';

function stateOf(event: PeerConnectionEvent): string | null {
  if (event.kind === 'connectionstatechange') return event.connectionState;
  return event.kind === 'iceconnectionstatechange' ? event.iceConnectionState : null;
}

/** Calls `emit` for each event of a peer connection, now and from now on. Returns what removes the listeners. */
export function observePeerConnection(
  peerConnection: PeerConnectionLike,
  now: () => number,
  emit: (event: PeerConnectionEvent) => void,
): () => void {
  /** Emits the state that a member holds; a getter that throws, and a member that the runtime lacks, emits nothing (T27, P22). */
  const state = (name: 'connectionState' | 'iceConnectionState' | 'iceGatheringState' | 'signalingState', not?: string) => (): boolean => {
    const value = quietly(() => peerConnection[name], undefined);
    if (value === undefined || value === not) return value !== undefined;
    emit({ source: 'peer-connection', kind: name.toLowerCase() + 'change', at: now(), [name]: value } as unknown as PeerConnectionEvent);
    return true;
  };
  const detach = attach(peerConnection, {
    connectionstatechange: state('connectionState'),
    iceconnectionstatechange: state('iceConnectionState'),
    icegatheringstatechange: state('iceGatheringState'),
    signalingstatechange: state('signalingState'),
    icecandidate: ({ candidate }: { candidate?: CandidateLike | null }) =>
      emit({ source: 'peer-connection', kind: 'icecandidate', at: now(), candidate: candidateOf(candidate) }),
    track: ({ track, streams, transceiver }: TrackEventLike) => {
      if (isObject(track)) emit({ source: 'peer-connection', kind: 'track', at: now(), track, streams: objectsOf(streams), transceiver });
    },
    datachannel: ({ channel }: { channel?: DataChannelLike }) => {
      if (isObject(channel) && typeof channel.label === 'string')
        emit({ source: 'peer-connection', kind: 'datachannel', at: now(), channel });
    },
  });
  if (!state('connectionState', 'new')()) state('iceConnectionState', 'new')();
  return detach;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const objectsOf = (streams: unknown): readonly MediaStreamLike[] =>
  Array.isArray(streams) ? streams.filter((stream): stream is MediaStreamLike => isObject(stream)) : [];

interface TrackEventLike {
  readonly track?: MediaStreamTrackLike;
  readonly streams?: unknown;
  readonly transceiver?: TransceiverLike;
}

type CandidateLike = IceCandidate & { toJSON?: () => IceCandidate };

/** Browsers give an object with `toJSON`, other runtimes plain members; null ends gathering. @source W3C WebRTC 4.8.2 */
function candidateOf(candidate: CandidateLike | null | undefined): IceCandidate | null {
  if (!isObject(candidate)) return null;
  if (typeof candidate.toJSON === 'function') return candidate.toJSON();
  const { candidate: line, sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = candidate;
  return { candidate: line, sdpMid, sdpMLineIndex, usernameFragment };
}

import { asyncScheduler, type Observable } from 'rxjs';
import { quietly } from '../platform/quietly.ts';
import type { DataChannelLike, MediaStreamLike, MediaStreamTrackLike, PeerConnectionLike, TransceiverLike } from '../platform/w3c.ts';
import { listen } from './listen.ts';
import type { IceCandidate, PeerConnectionEvent } from './peer-connection-event.ts';

/**
 * The events of an RTCPeerConnection as one ordered stream; `kind` is the W3C event's name.
 *
 * Hot. Nothing is lost between this call and the first subscription; later subscribers get what happens from then on. States are read from
 * the object when its event arrives. A peer connection that has left `new` already says where it stands first. Completes when it is seen
 * closed, which the W3C announces by no event: end it by unsubscribing. Never errors; the listeners are gone after the end or the last
 * unsubscribe.
 *
 * @param peerConnection any W3C-shaped RTCPeerConnection
 * @param now the clock that stamps the events, in milliseconds
 * @source W3C WebRTC 4.4
 */
export function fromPeerConnection(
  peerConnection: PeerConnectionLike,
  now: () => number = () => asyncScheduler.now(),
): Observable<PeerConnectionEvent> {
  // A getter that throws says nothing (P22).
  const connection = (): PeerConnectionEvent | null => {
    const connectionState = quietly(() => peerConnection.connectionState, undefined);
    return connectionState === undefined ? null : { kind: 'connectionstatechange', at: now(), connectionState };
  };
  const ice = (): PeerConnectionEvent | null => {
    const iceConnectionState = quietly(() => peerConnection.iceConnectionState, null);
    return iceConnectionState === null ? null : { kind: 'iceconnectionstatechange', at: now(), iceConnectionState };
  };
  return listen<PeerConnectionEvent>(peerConnection, {
    events: {
      connectionstatechange: connection,
      iceconnectionstatechange: ice,
      icegatheringstatechange: () => ({
        kind: 'icegatheringstatechange',
        at: now(),
        iceGatheringState: peerConnection.iceGatheringState ?? 'new',
      }),
      signalingstatechange: () => ({ kind: 'signalingstatechange', at: now(), signalingState: peerConnection.signalingState ?? 'stable' }),
      icecandidate: (event) => ({ kind: 'icecandidate', at: now(), candidate: candidateOf(event) }),
      // An event that brings nothing says nothing.
      track: (event) => {
        const { track, streams, transceiver } = event as TrackEvent;
        return isObject(track) ? { kind: 'track', at: now(), track, streams: objectsOf(streams), transceiver } : null;
      },
      datachannel: (event) => {
        const { channel } = event as { channel?: DataChannelLike };
        return isObject(channel) && typeof channel.label === 'string' ? { kind: 'datachannel', at: now(), channel } : null;
      },
    },
    past: () => {
      const event = connection() ?? ice();
      return event === null || stateOf(event) === 'new' ? [] : [event];
    },
    isLast: (event) => stateOf(event) === 'closed',
  });
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const objectsOf = (streams: unknown): readonly MediaStreamLike[] =>
  Array.isArray(streams) ? (streams as readonly unknown[]).filter((stream): stream is MediaStreamLike => isObject(stream)) : [];

interface TrackEvent {
  readonly track?: MediaStreamTrackLike;
  readonly streams?: readonly MediaStreamLike[];
  readonly transceiver?: TransceiverLike;
}

function stateOf(event: PeerConnectionEvent): string | null {
  if (event.kind === 'connectionstatechange') return event.connectionState;
  if (event.kind === 'iceconnectionstatechange') return event.iceConnectionState;
  return null;
}

/** Browsers give an object with `toJSON`, other runtimes plain members; null says that gathering is over (W3C WebRTC 4.8.2). */
function candidateOf(event: object): IceCandidate | null {
  const { candidate } = event as { candidate?: (IceCandidate & { toJSON?: () => IceCandidate }) | null };
  if (!isObject(candidate)) return null;
  if (typeof candidate.toJSON === 'function') return candidate.toJSON();
  const { candidate: line, sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = candidate;
  return { candidate: line, sdpMid, sdpMLineIndex, usernameFragment };
}

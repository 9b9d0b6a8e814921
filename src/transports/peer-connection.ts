import { asyncScheduler, type Observable } from 'rxjs';
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
  const connection = (): PeerConnectionEvent | null => {
    const { connectionState } = peerConnection;
    return connectionState === undefined ? null : { kind: 'connectionstatechange', at: now(), connectionState };
  };
  const ice = (): PeerConnectionEvent => ({
    kind: 'iceconnectionstatechange',
    at: now(),
    iceConnectionState: peerConnection.iceConnectionState,
  });
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
      track: (event) => {
        const { track, streams = [], transceiver } = event as TrackEvent;
        return { kind: 'track', at: now(), track, streams, transceiver };
      },
      datachannel: (event) => ({ kind: 'datachannel', at: now(), channel: (event as { channel: DataChannelLike }).channel }),
    },
    past: () => {
      const state = peerConnection.connectionState ?? peerConnection.iceConnectionState;
      return state === 'new' ? [] : [connection() ?? ice()];
    },
    isLast: (event) => stateOf(event) === 'closed',
  });
}

interface TrackEvent {
  readonly track: MediaStreamTrackLike;
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
  if (!candidate) return null;
  if (candidate.toJSON) return candidate.toJSON();
  const { candidate: line, sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = candidate;
  return { candidate: line, sdpMid, sdpMLineIndex, usernameFragment };
}

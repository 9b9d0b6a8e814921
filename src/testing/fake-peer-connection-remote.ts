import { FakeDataChannel, type FakeDataChannelInit } from './fake-data-channel.ts';
import type { FakeMediaStream, FakeMediaStreamTrack } from './fake-media.ts';
import type { FakePeerConnection } from './fake-peer-connection.ts';
import type { FakeTransceiver } from './fake-transceiver.ts';

/** The states of a peer connection, as both of its sides see them. */
export interface FakePeerConnectionStates {
  connection: string;
  ice: string;
  gathering: string;
  signaling: string;
}

/** The network and the other side of a {@link FakePeerConnection}. */
export class FakePeerConnectionRemote {
  readonly #peerConnection: FakePeerConnection;
  readonly #states: FakePeerConnectionStates;

  constructor(peerConnection: FakePeerConnection, states: FakePeerConnectionStates) {
    this.#peerConnection = peerConnection;
    this.#states = states;
  }

  /** `connectionState` changes. `silently` leaves the event out, as it is while the event is still queued; a runtime without it has no event. */
  connectionState(state: string, silently = false): void {
    if (!this.#peerConnection.connectionStateDefined) return;
    if (!this.#peerConnection.closed) this.#states.connection = state;
    if (!silently) this.#peerConnection.fire('connectionstatechange');
  }

  /** `iceConnectionState` changes. */
  iceConnectionState(state: string, silently = false): void {
    if (!this.#peerConnection.closed) this.#states.ice = state;
    if (!silently) this.#peerConnection.fire('iceconnectionstatechange');
  }

  /** `iceGatheringState` changes. */
  iceGatheringState(state: string): void {
    this.#states.gathering = state;
    this.#peerConnection.fire('icegatheringstatechange');
  }

  /** A candidate was gathered; null when gathering is over. */
  iceCandidate(candidate: object | null): void {
    this.#peerConnection.fire('icecandidate', { candidate });
  }

  /** ICE and DTLS succeed, in the order of a browser. */
  connect(): void {
    this.iceConnectionState('checking');
    this.connectionState('connecting');
    this.iceConnectionState('connected');
    this.connectionState('connected');
  }

  /**
   * The far end makes a channel: the `datachannel` event, then `open`. A closed peer connection hands none over: it comes back closed.
   *
   * @param opens `at-once` as a browser does it (already open when handed over), `later` for a channel that is handed over while connecting
   */
  dataChannel(label: string, init: FakeDataChannelInit = {}, opens: 'at-once' | 'later' = 'at-once'): FakeDataChannel {
    if (this.#peerConnection.closed) return closedChannel(label, init);
    const channel = this.#peerConnection.newChannel(label, init);
    if (opens === 'at-once') channel.remote.open(true);
    this.#peerConnection.fire('datachannel', { channel });
    if (opens === 'at-once' && channel.state === 'open') channel.fire('open');
    return channel;
  }

  /** Media begins, with tracks and streams of the caller's making. */
  track(track: FakeMediaStreamTrack, streams: readonly FakeMediaStream[], transceiver?: FakeTransceiver): void {
    this.#peerConnection.fire('track', { track, streams, transceiver });
  }
}

function closedChannel(label: string, init: FakeDataChannelInit): FakeDataChannel {
  const channel = new FakeDataChannel(label, init);
  channel.remote.gone();
  return channel;
}

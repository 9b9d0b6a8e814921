import type { RtcPeer, RtcPeerOptions } from './peer.ts';

/** Where the endpoint listens. */
export interface RtcEndpointOptions {
  /**
   * Address to bind: an IP address, not a name. Default `127.0.0.1`, which Chromium and werift reach; Firefox reaches no loopback address from its
   * network interfaces and needs the address of one of them.
   */
  readonly host?: string;
  /** Address written into the candidate, when `host` is a wildcard such as `0.0.0.0`. Default: `host`. */
  readonly announcedHost?: string;
  /** UDP port; 0 lets the system choose. Default 0. */
  readonly port?: number;
}

/** One UDP socket and the WebRTC peers behind it: the media side of one lab node. */
export interface RtcEndpoint {
  /** The address peers are told to send to. */
  readonly host: string;
  /** The UDP port in use. */
  readonly port: number;
  /** Peers that are not closed yet, in order of creation. */
  readonly peers: readonly RtcPeer[];
  /**
   * A new peer in state `new`. It costs no packet and no timer until {@link RtcPeer.acceptAnswer}.
   *
   * @throws Error when the endpoint is closed.
   */
  createPeer(options?: RtcPeerOptions): RtcPeer;
  /** Closes every peer and the socket. Resolves when the socket is gone; a second call changes nothing. */
  close(): Promise<void>;
}

import { release } from '../platform/release.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';
import { type DataChannels, createDataChannels } from '../signaling/data-channels.ts';
import type { Link } from '../signaling/link.ts';
import type { OfferMessage } from '../signaling/messages.ts';
import type { OfferedChannel } from '../signaling/offered-channels.ts';
import type { DisconnectReason } from '../termination/reason.ts';
import type { DisconnectMessage, TerminationPort } from '../termination/sources.ts';

/** The native objects of one session: the only place that holds them. */
export interface LiveObjects {
  readonly channels: DataChannels;
  /** The socket that counts. */
  link: Link | null;
  /** Every socket that was opened, until it is closed. */
  readonly links: Set<Link>;
  peerConnection: PeerConnectionLike | null;
  /** The offer; null before it. */
  offer: OfferMessage | null;
  /** What the offer announced, by label; null before the offer. */
  offered: ReadonlyMap<string, OfferedChannel> | null;
  /** The goodbye for each reason as the channel `signaling` takes it, made ready beforehand where that takes time (Q26). */
  readonly goodbyes: Map<DisconnectReason, Uint8Array>;
}

export function createLiveObjects(now: () => number): LiveObjects {
  return {
    channels: createDataChannels(now),
    link: null,
    links: new Set(),
    peerConnection: null,
    offer: null,
    offered: null,
    goodbyes: new Map(),
  };
}

/** What the ending may do to the native objects, and what it may look at. */
export function createPort(
  live: LiveObjects,
  onSent: (via: 'websocket' | 'datachannel', message: DisconnectMessage) => void,
): TerminationPort {
  let peerConnectionClosed = false;
  const closePeerConnection = (): unknown => {
    if (live.peerConnection === null || peerConnectionClosed) return undefined;
    peerConnectionClosed = true;
    return live.peerConnection.close();
  };
  return {
    webSocketState: () => live.link?.state() ?? null,
    dataChannelStates: () => live.channels.states(),
    connectionState: () => (live.peerConnection === null ? null : live.peerConnection.connectionState),
    iceConnectionState: () => live.peerConnection?.iceConnectionState ?? null,
    send: (via, message) => {
      const text = JSON.stringify(message);
      const compressed = via === 'datachannel' && live.offered?.get('signaling')?.compress === true;
      const payload = compressed ? live.goodbyes.get(message.reason) : text;
      if (payload === undefined) return false; // the codec failed, or has not come to it yet
      if (via === 'websocket') live.link?.send(text);
      else live.channels.get('signaling')?.send(payload as never);
      onSent(via, message);
      return true;
    },
    close: () => [
      ...live.channels.close(),
      ...[...live.links].flatMap((link) => (release(link.close) ? [] : ['websocket'])),
      ...(release(closePeerConnection) ? [] : ['peer-connection']),
    ],
  };
}

import { release } from '../platform/release.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';
import { type DataChannels, createDataChannels } from '../signaling/data-channels.ts';
import type { Link } from '../signaling/link.ts';
import { storedDeflate } from '../signaling/stored-deflate.ts';
import type { OfferMessage } from '../signaling/messages.ts';
import type { OfferedChannel } from '../signaling/offered-channels.ts';
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
}

export function createLiveObjects(now: () => number): LiveObjects {
  return { channels: createDataChannels(now), link: null, links: new Set(), peerConnection: null, offer: null, offered: null };
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
      if (via === 'websocket') live.link?.send(text);
      else live.channels.get('signaling')?.send(goodbyeBytes(text, live) as never);
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

/** The goodbye must go out now (Q26): deflating would take time, so a compressed channel gets it as a zlib stream of stored blocks. */
function goodbyeBytes(text: string, { offered }: LiveObjects): string | Uint8Array {
  return offered?.get('signaling')?.compress === true ? storedDeflate(new TextEncoder().encode(text)) : text;
}

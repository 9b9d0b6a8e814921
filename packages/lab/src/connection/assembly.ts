import type { Observable } from 'rxjs';
import { MemberMedia } from '../media/member-media.ts';
import type { RtcPeer } from '../rtc/endpoint.ts';
import type { RpcFailure } from '../rpc/json-rpc.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Transport } from '../wire/words.ts';
import { ConnectionLog } from './connection-log.ts';
import type { ConnectionParts } from './connection-parts.ts';
import { Conversation } from './conversation.ts';
import { DataChannels } from './data-channels.ts';
import { Farewell } from './farewell.ts';
import { FaultDesk } from './fault-desk.ts';
import { Negotiation } from './negotiation.ts';
import { Outbox } from './outbox.ts';
import { peerOptions } from './peer-options.ts';
import { Pulse } from './pulse.ts';
import { RateLimit } from './rate-limit.ts';
import { RpcDesk } from './rpc-desk.ts';
import { Switching } from './switching.ts';
import { UserMessages } from './user-messages.ts';

/** What the pieces of a connection bring about in its life. */
export interface Life {
  /** Does something after so many milliseconds, if the connection still lives then; 0 at once. */
  readonly later: (ms: number, action: () => void) => void;
  /** Does something when this emits, if the connection still lives then. */
  readonly when: (event$: Observable<unknown>, action: () => void) => void;
  readonly notify: (message: JsonObject) => void;
  readonly relay: (label: string, payload: Uint8Array) => void;
  readonly answerRpc: (request: unknown, forced: RpcFailure | undefined) => JsonObject | undefined;
  /** The first answer was taken. */
  readonly answered: () => void;
  readonly switched: (ignoreWebSocket: boolean) => void;
  /** The client has said `disconnect`. */
  readonly disconnected: (reason: string | undefined, via: Transport) => void;
  /** The client has broken the protocol. */
  readonly anomaly: (detail: string, via: Transport) => void;
  readonly pongTimeout: () => void;
  /** Nothing of the connection is left. */
  readonly gone: () => void;
}

/** The pieces of one connection. */
export interface Assembly {
  readonly log: ConnectionLog;
  readonly peer: RtcPeer;
  readonly channels: DataChannels;
  readonly outbox: Outbox;
  readonly media: MemberMedia;
  readonly negotiation: Negotiation;
  readonly switching: Switching;
  readonly pulse: Pulse;
  readonly messages: UserMessages;
  readonly faults: FaultDesk;
  readonly conversation: Conversation;
  readonly farewell: Farewell;
}

/** Makes the pieces of a connection and ties each to those it speaks to. Nothing is subscribed or sent yet. */
export function assemble(parts: ConnectionParts, life: Life): Assembly {
  const { agreement, settings, socket, channel, shape } = parts;
  const { later, anomaly } = life;
  const log = new ConnectionLog(parts);
  const note: ConnectionLog['add'] = (entry) => log.add(entry);
  const peer = parts.endpoint.createPeer(peerOptions(agreement, settings));
  const channels = new DataChannels(peer, agreement.channels, {
    maxMessageBytes: settings.maxDataChannelMessageBytes,
    maxInflatedBytes: settings.maxInflatedBytes,
  });
  const outbox = new Outbox(socket, channels, note);
  const media = new MemberMedia(peer, agreement, channel, life.notify);
  const negotiation = new Negotiation({
    peer,
    shape,
    later,
    send: (message) => outbox.send(message),
    answered: life.answered,
    reAnswered: () => channel.refreshMedia(),
    anomaly,
    note: (type) => note({ kind: 'event', type }),
  });
  const reOffer = (): JsonObject => negotiation.force();
  const switching = new Switching({
    channels,
    outbox,
    shape,
    ignoreWebSocket: agreement.mode === 'datachannel',
    later,
    when: life.when,
    reOffer,
    switched: life.switched,
  });
  const pulse = new Pulse({
    settings,
    shape,
    ping: (stats) => outbox.onWebSocket({ type: 'ping', ...(stats ? { stats } : {}) }),
    lost: life.pongTimeout,
  });
  const messages = new UserMessages({ channels, log: note, relay: life.relay });
  const faults = new FaultDesk({
    ...parts,
    target: { socket, peer, channels, outbox, reOffer },
    later,
    log: note,
    acted: (fault) => media.reportNetwork(fault),
  });
  const rpcDesk = new RpcDesk({ shape, outbox, later, answer: life.answerRpc });
  const conversation = new Conversation(
    {
      log: note,
      oversizedEnds: settings.oversized === 'close',
      answer: (message) => negotiation.onAnswer(message),
      reAnswer: (message, via) => negotiation.onReAnswer(message, via),
      pong: (message) => pulse.onPong(message),
      stats: (message) => pulse.onStats(message),
      disconnect: life.disconnected,
      rpc: (request) => later(0, () => rpcDesk.onRequest(request)),
      userMessage: (label, payload) => later(0, () => messages.onMessage(label, payload)),
      anomaly,
    },
    new RateLimit(settings.maxMessagesPerSecond),
  );
  const farewell = new Farewell({ socket, peer, channels, outbox, shape, lingerMs: settings.lingerMs, gone: life.gone });
  return { log, peer, channels, outbox, media, negotiation, switching, pulse, messages, faults, conversation, farewell };
}

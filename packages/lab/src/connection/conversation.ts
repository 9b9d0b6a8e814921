import type { JsonObject } from '../wire/json.ts';
import type { Frame } from '../wire/payload-codec.ts';
import type { Transport } from '../wire/words.ts';
import type { ChannelMessage } from './data-channels.ts';
import { fromDataChannel, fromWebSocket, readFrame, type Inbound } from './inbound.ts';
import type { Logged } from './outbox.ts';
import type { RateLimit } from './rate-limit.ts';

/** What a client can bring about by speaking. */
export interface ConversationPort {
  readonly log: (entry: Logged) => void;
  /** Whether a message over its limit ends the connection, instead of being dropped. */
  readonly oversizedEnds: boolean;
  readonly answer: (message: JsonObject) => void;
  readonly reAnswer: (message: JsonObject, via: Transport) => void;
  readonly pong: (message: JsonObject) => void;
  readonly stats: (message: JsonObject) => void;
  readonly disconnect: (reason: string | undefined, via: Transport) => void;
  readonly rpc: (request: unknown) => void;
  readonly userMessage: (label: string, payload: Uint8Array) => void;
  readonly anomaly: (detail: string, via: Transport) => void;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const bytesOf = (frame: Frame): number => (typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength);

const loggedType = (inbound: Inbound, message: JsonObject | undefined): string => textOf(message?.['type']) ?? inbound.kind;

/** Listens to one client after its `connect`: logs every message, sorts it and passes it on. */
export class Conversation {
  readonly #port: ConversationPort;
  readonly #rate: RateLimit;

  constructor(port: ConversationPort, rate: RateLimit) {
    this.#port = port;
    this.#rate = rate;
  }

  onFrame(frame: Frame): void {
    const { log, anomaly } = this.#port;
    const message = readFrame(frame);
    const entry = { kind: 'message', direction: 'received', transport: 'websocket', bytes: bytesOf(frame) } as const;
    if (typeof message === 'string') {
      log({ ...entry, type: 'unreadable', detail: { why: message } });
      anomaly(message, 'websocket');
      return;
    }
    const inbound = fromWebSocket(message);
    log({ ...entry, type: loggedType(inbound, message), message });
    if (this.#rate.take()) this.#act(inbound);
    else anomaly('LAB-TOO-MANY-MESSAGES', 'websocket');
  }

  onChannelMessage(message: ChannelMessage): void {
    const inbound = fromDataChannel(message);
    this.#logChannelMessage(message, inbound);
    if (message.fault === 'too-large' && this.#port.oversizedEnds) this.#port.anomaly('LAB-MESSAGE-TOO-LARGE', 'datachannel');
    else if (this.#rate.take()) this.#act(inbound);
    else this.#port.log({ kind: 'event', type: 'dropped', label: message.channel.label, detail: { why: 'too-many-messages' } });
  }

  #logChannelMessage({ channel, wireBytes }: ChannelMessage, inbound: Inbound): void {
    const entry = { kind: 'message', direction: 'received', transport: 'datachannel', label: channel.label, bytes: wireBytes } as const;
    switch (inbound.kind) {
      case 'user-message':
        this.#port.log({ ...entry, type: 'message', detail: { payloadBytes: inbound.payload.byteLength } });
        return;
      case 'rpc':
        this.#port.log({ ...entry, type: 'rpc', message: inbound.request });
        return;
      case 'nothing':
        this.#port.log({ ...entry, type: inbound.note, ...(inbound.message === undefined ? {} : { message: inbound.message }) });
        return;
      case 'anomaly':
        this.#port.log({ ...entry, type: 'unreadable', detail: { why: inbound.detail } });
        return;
      default:
        this.#port.log({ ...entry, type: loggedType(inbound, inbound.message), message: inbound.message });
    }
  }

  #act(inbound: Inbound): void {
    const port = this.#port;
    switch (inbound.kind) {
      case 'answer':
        port.answer(inbound.message);
        return;
      case 're-answer':
        port.reAnswer(inbound.message, inbound.via);
        return;
      case 'pong':
        port.pong(inbound.message);
        return;
      case 'stats':
        port.stats(inbound.message);
        return;
      case 'disconnect':
        port.disconnect(textOf(inbound.message['reason']), inbound.via);
        return;
      case 'rpc':
        port.rpc(inbound.request);
        return;
      case 'user-message':
        port.userMessage(inbound.label, inbound.payload);
        return;
      case 'anomaly':
        port.anomaly(inbound.detail, inbound.via);
        return;
      case 'nothing':
        return;
    }
  }
}

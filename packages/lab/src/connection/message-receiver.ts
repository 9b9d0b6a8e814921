import type { JsonObject } from '../wire/json.ts';
import type { Frame } from '../wire/payload-codec.ts';
import type { LogRecord } from './connection-log.ts';
import type { ChannelMessage } from './data-channels.ts';
import { anomaly, fromDataChannel, fromWebSocket, ignored, readFrame, type Inbound } from './inbound.ts';
import type { RateLimit } from './rate-limit.ts';

export interface MessageReceiverParts {
  readonly log: (record: LogRecord) => void;
  readonly rate: RateLimit;
  /** Whether a message over its size limit ends the connection instead of being dropped. */
  readonly oversizedEnds: boolean;
}

const bytesOf = (frame: Frame): number => (typeof frame === 'string' ? Buffer.byteLength(frame) : frame.byteLength);

function typeOf(inbound: Inbound, message: JsonObject | undefined): string {
  const type = message?.['type'];
  return typeof type === 'string' ? type : inbound.kind;
}

/** Reads what one client sends after its `connect`: logs every message, applies the limits and says what it means. */
export class MessageReceiver {
  readonly #parts: MessageReceiverParts;

  constructor(parts: MessageReceiverParts) {
    this.#parts = parts;
  }

  receiveFrame(frame: Frame): Inbound {
    const { log, rate } = this.#parts;
    const message = readFrame(frame);
    const record = { kind: 'message', direction: 'received', transport: 'websocket', bytes: bytesOf(frame) } as const;
    if (typeof message === 'string') {
      log({ ...record, type: 'unreadable', detail: { why: message } });
      return anomaly(message, 'websocket');
    }
    const inbound = fromWebSocket(message);
    log({ ...record, type: typeOf(inbound, message), message });
    return rate.take() ? inbound : anomaly('LAB-TOO-MANY-MESSAGES', 'websocket');
  }

  receiveChannelMessage(message: ChannelMessage): Inbound {
    const { log, rate, oversizedEnds } = this.#parts;
    const inbound = fromDataChannel(message);
    this.#logChannelMessage(message, inbound);
    if (message.fault === 'too-large' && oversizedEnds) return anomaly('LAB-MESSAGE-TOO-LARGE', 'datachannel');
    if (rate.take()) return inbound;
    log({ kind: 'event', type: 'dropped', label: message.channel.label, detail: { why: 'too-many-messages' } });
    return ignored('too-many-messages');
  }

  #logChannelMessage({ channel, wireBytes }: ChannelMessage, inbound: Inbound): void {
    const { log } = this.#parts;
    const record = { kind: 'message', direction: 'received', transport: 'datachannel', label: channel.label, bytes: wireBytes } as const;
    switch (inbound.kind) {
      case 'user-message':
        log({ ...record, type: 'message', detail: { payloadBytes: inbound.payload.byteLength } });
        return;
      case 'rpc':
        log({ ...record, type: 'rpc', message: inbound.request });
        return;
      case 'ignored':
        log({ ...record, type: inbound.note, ...(inbound.message === undefined ? {} : { message: inbound.message }) });
        return;
      case 'anomaly':
        log({ ...record, type: 'unreadable', detail: { why: inbound.detail } });
        return;
      default:
        log({ ...record, type: typeOf(inbound, inbound.message), message: inbound.message });
    }
  }
}

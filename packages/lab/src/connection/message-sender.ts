import type { JsonObject } from '../wire/json.ts';
import type { Transport } from '../wire/words.ts';
import type { LogRecord } from './connection-log.ts';
import type { DataChannels } from './data-channels.ts';
import type { SignalingSocket } from './signaling-socket.ts';

const typeOf = (message: JsonObject): string => {
  const { type, method } = message as { readonly type?: unknown; readonly method?: unknown };
  if (typeof type === 'string') return type;
  return typeof method === 'string' ? method : 'rpc-response';
};

/** Sends a connection's JSON messages on the transport in use and logs each of them. */
export class MessageSender {
  readonly #socket: SignalingSocket;
  readonly #channels: DataChannels;
  readonly #log: (record: LogRecord) => void;
  #switched = false;

  constructor(socket: SignalingSocket, channels: DataChannels, log: (record: LogRecord) => void) {
    this.#socket = socket;
    this.#channels = channels;
    this.#log = log;
  }

  /** From now on DataChannels carry signaling, notify and push. */
  switchToDataChannels(): void {
    this.#switched = true;
  }

  /** The transport that carries signaling now. */
  get transport(): Transport {
    return this.#switched ? 'datachannel' : 'websocket';
  }

  /** Sends on the transport in use; `label` names the DataChannel for it. False where it could not be sent. */
  send(message: JsonObject, label: 'signaling' | 'notify' | 'push' = 'signaling'): boolean {
    return this.#switched ? this.sendOnChannel(label, message) : this.sendOnWebSocket(message);
  }

  sendOnWebSocket(message: JsonObject): boolean {
    const text = JSON.stringify(message);
    if (!this.#socket.send(text)) return this.#notSent(message, { transport: 'websocket', why: 'not-open' });
    this.#log({
      kind: 'message',
      direction: 'sent',
      transport: 'websocket',
      type: typeOf(message),
      message,
      bytes: Buffer.byteLength(text),
    });
    return true;
  }

  sendOnChannel(label: string, message: JsonObject): boolean {
    const outcome = this.#channels.sendJson(label, message);
    if (!outcome.ok) return this.#notSent(message, { transport: 'datachannel', label, why: outcome.why });
    const { bytes } = outcome;
    this.#log({ kind: 'message', direction: 'sent', transport: 'datachannel', label, type: typeOf(message), message, bytes });
    return true;
  }

  #notSent(message: JsonObject, detail: { readonly transport: Transport; readonly label?: string; readonly why: string }): false {
    this.#log({ kind: 'event', type: 'not-sent', detail: { message: typeOf(message), ...detail } });
    return false;
  }
}

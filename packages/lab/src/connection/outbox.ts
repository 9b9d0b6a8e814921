import type { LabLogRecord } from '../log/log-entry.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Transport } from '../wire/words.ts';
import type { DataChannels } from './data-channels.ts';
import type { SignalingSocket } from './signaling-socket.ts';

/** What the outbox tells the log. */
export type Logged = Pick<LabLogRecord, 'kind' | 'type'> & Partial<LabLogRecord>;

const typeOf = (message: JsonObject): string => {
  const { type, method } = message as { readonly type?: unknown; readonly method?: unknown };
  if (typeof type === 'string') return type;
  return typeof method === 'string' ? method : 'rpc-response';
};

/** Sends a connection's messages on the transport that is due, and has each one logged. */
export class Outbox {
  readonly #socket: SignalingSocket;
  readonly #channels: DataChannels;
  readonly #log: (entry: Logged) => void;
  #switched = false;

  constructor(socket: SignalingSocket, channels: DataChannels, log: (entry: Logged) => void) {
    this.#socket = socket;
    this.#channels = channels;
    this.#log = log;
  }

  /** From now on DataChannels carry signaling, notify and push. */
  switch(): void {
    this.#switched = true;
  }

  /** The transport that signaling runs on now. */
  get transport(): Transport {
    return this.#switched ? 'datachannel' : 'websocket';
  }

  /** Sends on the transport that is due; `label` is the DataChannel for it. False where it could not be sent. */
  send(message: JsonObject, label: 'signaling' | 'notify' | 'push' = 'signaling'): boolean {
    return this.#switched ? this.onChannel(label, message) : this.onWebSocket(message);
  }

  onWebSocket(message: JsonObject): boolean {
    const text = JSON.stringify(message);
    if (!this.#socket.send(text)) return this.#lost('websocket', message);
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

  onChannel(label: string, message: JsonObject): boolean {
    const bytes = this.#channels.sendJson(label, message);
    if (bytes === undefined) return this.#lost('datachannel', message, label);
    this.#log({ kind: 'message', direction: 'sent', transport: 'datachannel', label, type: typeOf(message), message, bytes });
    return true;
  }

  #lost(transport: Transport, message: JsonObject, label?: string): false {
    const detail = { transport, message: typeOf(message), ...(label === undefined ? {} : { label }) };
    this.#log({ kind: 'event', type: 'not-sent', detail });
    return false;
  }
}

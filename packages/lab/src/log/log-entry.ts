import type { Transport } from '../wire/words.ts';

/** One entry of the log: a message, an event or an injected fault. Plain data. */
export interface LabLogEntry {
  /** Counts up by one from 1, over all nodes. */
  readonly sequence: number;
  /** Unix milliseconds, with a fraction. */
  readonly at: number;
  readonly kind: 'message' | 'event' | 'fault';
  /** Name of the node, `node1` and so on. */
  readonly node: string;
  /** Number of the WebSocket, counted over all nodes; names a client that has no id yet. */
  readonly socket?: number;
  readonly connectionId?: string;
  readonly clientId?: string;
  readonly channelId?: string;
  /** From the lab's point of view: `received` is from the client. Messages only. */
  readonly direction?: 'received' | 'sent';
  /** Messages only; `http` for calls of the API. */
  readonly transport?: Transport | 'http';
  /** Label of the DataChannel. */
  readonly label?: string;
  /** Size on the wire. */
  readonly bytes?: number;
  /** The message's `type` (for RPC its method, for `#` labels `message`), or the name of the event or fault. */
  readonly type: string;
  /** The message as parsed; for `#` labels absent. */
  readonly message?: unknown;
  /** More about an event. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** An entry without its number and time, which the log adds. */
export type LabLogRecord = Omit<LabLogEntry, 'sequence' | 'at'>;

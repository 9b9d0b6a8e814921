import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import { isPlainMemory, utf8Bytes } from '../transports/bytes.ts';
import { deflate } from './codec.ts';
import { type OfferedChannel, isOwn } from './offered-channels.ts';
import { SoraSendError } from './send-error.ts';
import { headerBytes } from './sender-header.ts';

/** The largest message on the wire, header and compression included, in bytes. @source Sora DataChannel, section on sizes */
export const LARGEST_MESSAGE_BYTES = 262_144;

/** How many bytes may be queued in a channel before further messages wait. */
const HIGH_WATER_BYTES = 1_048_576;

/** Called once per message: with null when the channel has taken it, otherwise with the error. */
export type Settle = (error: unknown) => void;

export interface OutboxContext {
  /** What the offer announced for a label: undefined for a label that it did not announce, null before the offer. */
  readonly offered: (label: string) => OfferedChannel | undefined | null;
  readonly channel: (label: string) => DataChannelLike | undefined;
  readonly platform: Pick<Platform, 'CompressionStream'>;
  /** Runs what follows an asynchronous compression in a turn of its own. */
  readonly inTurn: (run: () => void) => void;
  /** Whether nothing may be sent any more (P10): what is queued from then on waits for the end. */
  readonly isHeld: () => boolean;
}

/** Messages on their way to the channels: each label in its order and at its own pace. */
export interface Outbox {
  /** Sends a message of the application that nothing stands before, in this very call; false where it has to be queued. Throws a {@link SoraSendError}. */
  readonly sendNow: (label: string, data: Message) => boolean;
  /**
   * Sends as soon as the channel is open, the message's turn has come and the buffer has room, which may be in this very call. Bytes that have to wait are
   * copied, as the application may use its buffer again (Q86). The result withdraws a message that was not sent yet.
   */
  readonly queue: (label: string, data: Message, settle: Settle) => () => void;
  /** Looks again at what waits: a channel, its buffer, or what is known of it has changed. */
  readonly flush: () => void;
  /** Gives up everything that waits. */
  readonly stop: (error: (label: string) => unknown) => void;
}

/** Bytes may be promised, as those of a Blob are. */
type Message = string | Uint8Array | PromiseLike<Uint8Array>;

interface Waiting {
  data: Message;
  readonly settle: Settle;
  /** What goes on the wire, or why it cannot, once it is encoded. */
  encoded: { readonly payload: string | Uint8Array } | { readonly error: unknown } | null;
  isWithdrawn: boolean;
}

interface Queue {
  readonly label: string;
  readonly waiting: Waiting[];
  /** The first message is being encoded or handed over. */
  isBusy: boolean;
}

export function createOutbox(context: OutboxContext): Outbox {
  const queues = new Map<string, Queue>();

  /** The channel of a label if it is open; null while an announced one has yet to open. */
  function openChannel(label: string, offered: OfferedChannel | undefined | null): DataChannelLike | null {
    if (offered === undefined) throw new SoraSendError('unknown-label', label);
    if (offered?.direction === 'recvonly' && isOwn(label)) throw new SoraSendError('wrong-direction', label);
    const channel = context.channel(label);
    const state = channel?.readyState; // once: the browser makes a text each time
    if (state === 'open') return channel as DataChannelLike;
    if (state === 'closing' || state === 'closed') throw new SoraSendError('closed', label);
    return null;
  }

  /** Whether nothing stands before a message of this label. */
  function isFree(label: string): boolean {
    if (queues.size === 0) return true; // mostly, and quicker than a lookup
    const queue = queues.get(label);
    return queue === undefined || (!queue.isBusy && queue.waiting.length === 0);
  }

  /** Sends one message if everything is ready for it; false while it has to wait. */
  function advance(queue: Queue, message: Waiting): boolean {
    const { label } = queue;
    const offered = context.offered(label);
    const channel = openChannel(label, offered);
    if (channel === null) return false;
    if (message.encoded === null) encode(queue, message);
    const { encoded } = message;
    if (encoded === null) return false;
    if ('error' in encoded) throw encoded.error;
    queue.isBusy = true; // a channel that answers in this very call must not be handed the message again
    try {
      return transmit(channel, label, encoded.payload, offered);
    } finally {
      queue.isBusy = false;
    }
  }

  /** Encodes a message, perhaps in this very call; its queue waits meanwhile. */
  function encode(queue: Queue, message: Waiting): void {
    const { label } = queue;
    const { data } = message;
    let isSynchronous = true;
    const finish = (encoded: Waiting['encoded']): void => {
      queue.isBusy = false;
      message.encoded = encoded;
      if (!isSynchronous) context.inTurn(() => flushQueue(queue));
    };
    const next = (payload: Uint8Array): void => finish({ payload });
    const fail = (cause: unknown): void => finish({ error: isOwn(label) ? new SoraSendError('not-sendable', label, { cause }) : cause });
    const read = (bytes: Uint8Array): void => {
      message.data = bytes;
      if (isSynchronous) encode(queue, message);
      else finish(null);
    };
    queue.isBusy = true;
    if (isPromise(data)) void data.then(read, fail);
    else if (context.offered(label)?.compress !== true) finish({ payload: toWire(data, label) });
    else deflate(typeof data === 'string' ? utf8Bytes(data) : new Uint8Array(data), context.platform, { next, fail });
    isSynchronous = false;
  }

  function flushQueue(queue: Queue): void {
    while (!queue.isBusy && !context.isHeld()) {
      const [message] = queue.waiting;
      if (message === undefined) return;
      let error: unknown = null;
      try {
        if (!message.isWithdrawn && !advance(queue, message)) return;
      } catch (thrown) {
        error = isOwn(queue.label) ? asSendError(thrown, queue.label) : thrown;
      }
      if (queue.waiting.shift() === message && !message.isWithdrawn) message.settle(error);
    }
  }

  return {
    sendNow(label, data) {
      if (isPromise(data) || context.isHeld() || !isFree(label)) return false;
      try {
        const offered = context.offered(label);
        const channel = openChannel(label, offered);
        return channel !== null && offered?.compress !== true && transmit(channel, label, toWire(data, label), offered);
      } catch (error) {
        throw asSendError(error, label);
      }
    },
    queue(label, data, settle) {
      let queue = queues.get(label);
      if (queue === undefined) queues.set(label, (queue = { label, waiting: [], isBusy: false }));
      const message: Waiting = { data, settle, encoded: null, isWithdrawn: false };
      if (isPromise(data)) release(() => data); // it may fail before its turn comes
      queue.waiting.push(message);
      flushQueue(queue);
      if (data instanceof Uint8Array && queue.waiting.includes(message)) {
        message.data = new Uint8Array(data);
        if (message.encoded !== null && 'payload' in message.encoded && message.encoded.payload === data) message.encoded = null;
      }
      return () => {
        message.isWithdrawn = true;
        flushQueue(queue); // it holds up nothing any more
      };
    },
    flush: () => queues.forEach(flushQueue),
    stop(error) {
      for (const { label, waiting } of queues.values()) {
        for (const { isWithdrawn, settle } of waiting.splice(0)) if (!isWithdrawn) settle(error(label));
      }
    },
  };
}

const isPromise = (data: Message): data is PromiseLike<Uint8Array> => typeof data !== 'string' && !(data instanceof Uint8Array);

const asSendError = (error: unknown, label: string): SoraSendError =>
  error instanceof SoraSendError ? error : new SoraSendError('closed', label, { cause: error });

/** Text for the labels of the server, bytes for those of the application. */
const toWire = (data: string | Uint8Array, label: string): string | Uint8Array =>
  typeof data === 'string' && isOwn(label) ? utf8Bytes(data) : data;

/**
 * Hands a message to its channel; false while the buffer has no room. Memory that the channel does not take is copied (Q86). What the server puts before a message for its receivers has to fit as well, and
 * an association may take less than the protocol allows, which it reports by a TypeError.
 *
 * @source W3C WebRTC 6.2, send()
 */
function transmit(
  channel: DataChannelLike,
  label: string,
  payload: string | Uint8Array,
  offered: OfferedChannel | undefined | null,
): boolean {
  const { length } = typeof payload === 'string' ? utf8Bytes(payload) : payload;
  if (length + headerBytes(offered?.header) > LARGEST_MESSAGE_BYTES) throw new SoraSendError('too-large', label);
  if ((channel.bufferedAmount ?? 0) + length > HIGH_WATER_BYTES) return false;
  try {
    channel.send(payload as never);
  } catch (error) {
    // Browsers refuse what is shared or can be resized; to look at the memory of every message would cost a tenth of a send.
    if (typeof payload !== 'string' && !isPlainMemory(payload)) return transmit(channel, label, new Uint8Array(payload), offered);
    const isTooLarge = channel.readyState === 'open' && (error as { readonly name?: unknown } | null)?.name === 'TypeError';
    throw new SoraSendError(isTooLarge ? 'too-large' : 'closed', label, { cause: error });
  }
  return true;
}

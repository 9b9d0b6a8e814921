import { type Subscription, timer } from 'rxjs';
import type { DataChannelEvent } from '../model/session-event.ts';
import type { Platform } from '../platform/platform.ts';
import { utf8Bytes } from '../transports/bytes.ts';
import { inflate } from './codec.ts';
import { type OfferedChannel, isOwn } from './offered-channels.ts';
import { type SplitMessage, splitSenderHeader } from './sender-header.ts';

type MessageEvent = DataChannelEvent & { readonly kind: 'message' };

/** What comes out of the channels, decoded and in the order that the rules need. */
export interface InboundContext {
  readonly platform: Pick<Platform, 'DecompressionStream'>;
  /** What the offer announced for a label; undefined for a label that it did not announce. */
  readonly offered: (label: string) => OfferedChannel | undefined;
  readonly now: () => number;
  /** Milliseconds for which the decoding of a message on `signaling` may hold up the end of a channel, counted from its start (Q33). */
  readonly decodeMs: number;
  /** Runs what was decoded in a turn of its own. */
  readonly inTurn: (run: () => void) => void;
  /** An event that is not a message, behind the decodings that were under way when it arrived (Q33). */
  readonly onEvent: (event: DataChannelEvent) => void;
  /** A message of the server; null where it could not be decoded. */
  readonly onServerMessage: (event: MessageEvent, payload: string | Uint8Array | null) => void;
  /** A message of the application. */
  readonly onData: (event: MessageEvent, message: SplitMessage) => void;
  /** A message that ends nothing although it could not be used (Q65); `late`: nobody knows whether it could have been decoded. */
  readonly onDropped: (event: MessageEvent, why: 'undecodable' | 'late' | 'unannounced') => void;
}

export interface Inbound {
  /** Takes an event of a channel. Whatever need not wait for a decoding is passed on in this call. */
  readonly accept: (event: DataChannelEvent) => void;
  /** Drops what is still being decoded. */
  readonly detach: () => void;
}

/** What waits for a decoding: of all events and of `signaling`, or of one other label. */
interface Line {
  /** The decoding that is under way. */
  decoding: Decoding | null;
  readonly waiting: DataChannelEvent[];
}

interface Decoding {
  /** Gives it up when its time is over. */
  readonly limit: () => void;
  readonly stop: () => void;
}

/**
 * Decodes what DataChannels receive, and keeps the order: on each label messages stay in order, and the events of all channels stay behind the messages
 * that `signaling` brought before them, so that a compressed `type: close` is seen before the channels close (Q33). A message may take its
 * time, unless the end of a channel waits behind it: then it is given up after a while.
 */
export function createInbound(context: InboundContext): Inbound {
  const lines = new Map<string, Line>();
  let isStopped = false;

  const lineOf = (event: DataChannelEvent): Line => {
    const name = event.kind === 'message' ? event.label : 'signaling';
    let line = lines.get(name);
    if (line === undefined) lines.set(name, (line = { decoding: null, waiting: [] }));
    return line;
  };

  function handle(event: DataChannelEvent, line: Line): void {
    if (event.kind !== 'message') {
      context.onEvent(event);
      return;
    }
    const offered = context.offered(event.label);
    if (offered === undefined) context.onDropped(event, 'unannounced');
    else if (!offered.compress) pass(event, offered, event.data);
    else if (typeof event.data === 'string') fail(event);
    else decode(event, event.data, offered, line);
  }

  /** Sequential inflating is several times cheaper than side by side. */
  function decode(event: MessageEvent, data: Uint8Array, offered: OfferedChannel, line: Line): void {
    let isSynchronous = true;
    let act = null as (() => void) | null;
    let limit: Subscription | undefined;
    const due = context.now() + context.decodeMs;
    const finish = (): void => {
      line.decoding = null;
      act?.();
      proceed(line);
    };
    const decide = (first: () => void): void => {
      act = first;
      line.decoding?.stop();
      if (!isSynchronous) context.inTurn(finish);
    };
    const cancel = inflate(data, context.platform, {
      next: (payload) => decide(() => pass(event, offered, payload)),
      fail: () => decide(() => fail(event)),
    });
    isSynchronous = false;
    if (act !== null) {
      finish();
      return;
    }
    line.decoding = {
      limit: () => (limit ??= timer(Math.max(0, due - context.now())).subscribe(() => decide(() => context.onDropped(event, 'late')))),
      stop() {
        cancel();
        limit?.unsubscribe();
      },
    };
    limitIfHeldUp(line);
  }

  function limitIfHeldUp({ decoding, waiting }: Line): void {
    if (waiting.some(({ kind }) => kind === 'close' || kind === 'error')) decoding?.limit();
  }

  function proceed(line: Line): void {
    while (line.decoding === null && !isStopped) {
      const next = line.waiting.shift();
      if (next === undefined) return;
      handle(next, line);
    }
  }

  function pass(event: MessageEvent, { label, header }: OfferedChannel, payload: string | Uint8Array): void {
    if (!isOwn(label)) {
      context.onServerMessage(event, payload);
      return;
    }
    const message = splitSenderHeader(typeof payload === 'string' ? utf8Bytes(payload) : payload, header);
    if (message === null) context.onDropped(event, 'undecodable');
    else context.onData(event, message);
  }

  /** On `signaling` it is an anomaly of signaling (T25); everywhere else it ends nothing (Q65). */
  function fail(event: MessageEvent): void {
    if (event.label === 'signaling') context.onServerMessage(event, null);
    else context.onDropped(event, 'undecodable');
  }

  return {
    accept(event) {
      const line = lineOf(event);
      if (line.decoding === null && line.waiting.length === 0) handle(event, line);
      else {
        line.waiting.push(event);
        limitIfHeldUp(line);
      }
    },
    detach() {
      isStopped = true;
      for (const { decoding } of lines.values()) decoding?.stop();
    },
  };
}

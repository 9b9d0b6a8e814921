import type { Observable } from 'rxjs';
import type { DataChannelEvent } from '../model/session-event.ts';
import { quietly } from '../platform/quietly.ts';
import { wallTime } from '../platform/wall-time.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import { attach, inOrder } from './attach.ts';
import { hot } from './hot.ts';

/**
 * The events of an RTCDataChannel in order: open, messages, error, close, and those of its buffer.
 *
 * Hot. Nothing is lost between this call and the first subscription; later subscribers get what happens from then on. A channel that is open or
 * closed already emits that first, and `open` is emitted once, although a browser delivers a channel as open before it fires the event. Completes
 * with `close`, never errors; listeners are removed with the end or with the last unsubscribe.
 *
 * @param channel any W3C-shaped RTCDataChannel; its `binaryType` is set to `arraybuffer`
 * @param now the clock for `at`, in milliseconds
 * @example
 * ```ts
 * fromDataChannel(channel).pipe(filter(({ kind }) => kind === 'message')).subscribe(console.log);
 * ```
 * @source W3C WebRTC 6.2
 */
export function fromDataChannel(channel: DataChannelLike, now: () => number = wallTime): Observable<DataChannelEvent> {
  return hot<DataChannelEvent>(
    (emit) => observeDataChannel(channel, now, emit),
    ({ kind }) => kind === 'close',
  );
}

/** Calls `emit` for each event of a channel, now and from now on. Returns what removes the listeners. */
export function observeDataChannel(channel: DataChannelLike, now: () => number, emit: (event: DataChannelEvent) => void): () => void {
  quietly(() => (channel.binaryType = 'arraybuffer'), null);
  const events = inOrder(emit);
  const { label } = channel;
  let isOpen = false;
  const plain = (kind: 'bufferedamountlow' | 'closing' | 'close') => (): void =>
    events.emit({ source: 'datachannel', kind, at: now(), label });
  const open = (): void => {
    if (isOpen) return;
    isOpen = true;
    events.emit({ source: 'datachannel', kind: 'open', at: now(), label });
  };
  const close = plain('close');
  const detach = attach(channel, {
    open,
    message: ({ data }: { data?: unknown }) => {
      const at = now();
      events.emitMessage(data, (received) => ({ source: 'datachannel', kind: 'message', at, label, data: received }));
    },
    bufferedamountlow: plain('bufferedamountlow'),
    closing: plain('closing'),
    error: (event: ErrorLike) => events.emit({ source: 'datachannel', kind: 'error', at: now(), label, ...errorFields(event) }),
    close,
  });
  const state = quietly(() => channel.readyState, null);
  if (state === 'open') open();
  if (state === 'closed') close();
  return detach;
}

interface ErrorLike {
  readonly error?: { readonly errorDetail?: unknown; readonly sctpCauseCode?: unknown } | null;
}

function errorFields({ error }: ErrorLike): { errorDetail?: string; sctpCauseCode?: number } {
  const { errorDetail, sctpCauseCode } = error ?? {};
  return {
    ...(typeof errorDetail === 'string' && { errorDetail }),
    ...(Number.isFinite(sctpCauseCode) && { sctpCauseCode: sctpCauseCode as number }),
  };
}

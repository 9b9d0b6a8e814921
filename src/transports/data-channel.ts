import { asyncScheduler, type Observable } from 'rxjs';
import { quietly } from '../platform/quietly.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import { messageData } from './bytes.ts';
import type { DataChannelEvent } from './data-channel-event.ts';
import { listen } from './listen.ts';

/**
 * The events of an RTCDataChannel as one ordered stream: open, messages, error, close, and those of its buffer.
 *
 * Hot. Nothing is lost between this call and the first subscription; later subscribers get what happens from then on. A channel that is
 * open or closed already says so first, and `open` is said once: a browser hands a channel over as open before it fires the event.
 * Completes with `close`, never errors; the listeners are gone after the end or the last unsubscribe.
 *
 * @param channel any W3C-shaped RTCDataChannel; its `binaryType` is set to `arraybuffer`
 * @param now the clock that stamps the events, in milliseconds
 * @source W3C WebRTC 6.2
 */
export function fromDataChannel(channel: DataChannelLike, now: () => number = () => asyncScheduler.now()): Observable<DataChannelEvent> {
  quietly(() => (channel.binaryType = 'arraybuffer'), null);
  const { label } = channel;
  let opened = false;
  const open = (): DataChannelEvent | null => {
    if (opened) return null;
    opened = true;
    return { kind: 'open', at: now(), label };
  };
  return listen<DataChannelEvent>(channel, {
    events: {
      open,
      message: (event) => ({ kind: 'message', at: now(), label, data: messageData((event as { data?: unknown }).data) }),
      bufferedamountlow: () => ({ kind: 'bufferedamountlow', at: now(), label }),
      closing: () => ({ kind: 'closing', at: now(), label }),
      error: (event) => ({ kind: 'error', at: now(), label, ...errorFields(event) }),
      close: () => ({ kind: 'close', at: now(), label }),
    },
    past: () => {
      // A getter that throws says nothing (P22): the listeners are in place and must not be lost.
      const state = quietly(() => channel.readyState, null);
      if (state === 'closed') return [{ kind: 'close', at: now(), label }];
      const already = state === 'open' ? open() : null;
      return already === null ? [] : [already];
    },
    isLast: ({ kind }) => kind === 'close',
  });
}

function errorFields(event: object): { errorDetail?: string; sctpCauseCode?: number } {
  const error = (event as { error?: { errorDetail?: unknown; sctpCauseCode?: unknown } | null }).error;
  return {
    ...(typeof error?.errorDetail === 'string' && { errorDetail: error.errorDetail }),
    ...(typeof error?.sctpCauseCode === 'number' && Number.isFinite(error.sctpCauseCode) && { sctpCauseCode: error.sctpCauseCode }),
  };
}

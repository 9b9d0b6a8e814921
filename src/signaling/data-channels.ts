import { type Observable, defer, finalize, groupBy, mergeMap, switchMap } from 'rxjs';
import { quietly } from '../platform/quietly.ts';
import { release } from '../platform/release.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import type { DataChannelEvent } from '../transports/data-channel-event.ts';
import { fromDataChannel } from '../transports/data-channel.ts';

/** The channels that the server has opened, by label; of several with one label the newest counts (Q39). */
export interface DataChannels {
  /** Takes note of a channel that is about to be handed over: it is closed even if the end comes before its turn does (P16). */
  readonly expect: (channel: DataChannelLike) => void;
  /** Takes over each channel in the tick in which it is handed over; emits the events of those that count, in order of arrival. */
  follow(this: void, channels$: Observable<DataChannelLike>): Observable<DataChannelEvent>;
  readonly get: (label: string) => DataChannelLike | undefined;
  readonly states: () => ReadonlyMap<string, string>;
  /** Closes all that are still to be closed and says what threw. */
  readonly close: () => readonly string[];
}

/** Below this many queued bytes a channel says `bufferedamountlow`. */
export const LOW_WATER_BYTES = 65_536;

export function createDataChannels(now: () => number): DataChannels {
  const current = new Map<string, DataChannelLike>();
  const expected = new Set<DataChannelLike>();
  const closed = new WeakSet<DataChannelLike>();

  const closeOnce = (channel: DataChannelLike): unknown => {
    if (closed.has(channel) || quietly(() => channel.readyState, null) === 'closed') return undefined;
    closed.add(channel);
    return channel.close();
  };
  function adopt(channel: DataChannelLike): Observable<DataChannelEvent> {
    return defer(() => {
      expected.delete(channel);
      current.set(channel.label, channel);
      release(() => (channel.bufferedAmountLowThreshold = LOW_WATER_BYTES));
      return fromDataChannel(channel, now);
    }).pipe(finalize(() => release(() => closeOnce(channel))));
  }

  const channels: DataChannels = {
    expect: (channel) => {
      expected.add(channel);
    },
    follow(channels$) {
      return channels$.pipe(
        groupBy(({ label }) => label),
        mergeMap((sameLabel$) => sameLabel$.pipe(switchMap(adopt))),
      );
    },
    get: (label) => current.get(label),
    states: () => new Map([...current].map(([label, { readyState }]) => [label, readyState])),
    close: () =>
      [...current.values(), ...expected].flatMap((channel) => (release(() => closeOnce(channel)) ? [] : [`datachannel ${channel.label}`])),
  };
  return channels;
}

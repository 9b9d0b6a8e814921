import type { DataChannelEvent } from '../model/session-event.ts';
import { quietly } from '../platform/quietly.ts';
import { release } from '../platform/release.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import { observeDataChannel } from '../transports/data-channel.ts';

/** The DataChannels that the server has opened, by label; of several with one label the newest counts (Q39). */
export interface Channels {
  /** Notes a channel whose turn has not come: it is closed even if the session ends before (P16), and at once where everything is closed. */
  readonly expect: (channel: DataChannelLike) => void;
  /** Observes a channel from now on and replaces the one with the same label. */
  readonly adopt: (channel: DataChannelLike) => void;
  readonly get: (label: string) => DataChannelLike | undefined;
  readonly states: () => ReadonlyMap<string, string>;
  /** Closes every channel that is left; returns the names of those that threw. */
  readonly close: () => readonly string[];
  readonly detach: () => void;
}

/** Queued bytes below which a channel fires `bufferedamountlow`. */
const LOW_WATER_BYTES = 65_536;

interface Adopted {
  readonly channel: DataChannelLike;
  readonly detach: () => void;
}

export function createChannels(now: () => number, emit: (event: DataChannelEvent) => void): Channels {
  const adopted = new Map<string, Adopted>();
  const expected = new Set<DataChannelLike>();
  const closed = new WeakSet<DataChannelLike>();
  let isClosing = false;

  const closeOnce = (channel: DataChannelLike): boolean => {
    if (closed.has(channel) || quietly(() => channel.readyState, null) === 'closed') return true;
    closed.add(channel);
    return release(() => channel.close());
  };
  return {
    expect(channel) {
      if (isClosing) closeOnce(channel);
      else expected.add(channel);
    },
    adopt(channel) {
      const { label } = channel;
      const replaced = adopted.get(label);
      if (replaced !== undefined) {
        replaced.detach();
        closeOnce(replaced.channel);
      }
      expected.delete(channel);
      release(() => (channel.bufferedAmountLowThreshold = LOW_WATER_BYTES));
      let isObserved = true as boolean;
      let detach = (): void => undefined;
      adopted.set(label, {
        channel,
        detach: () => {
          isObserved = false;
          detach();
        },
      });
      // It may emit at once, and what that causes may end the session before the listeners can be removed.
      detach = observeDataChannel(channel, now, emit);
      if (!isObserved) detach();
    },
    get: (label) => adopted.get(label)?.channel,
    states: () => new Map([...adopted].map(([label, { channel }]) => [label, quietly(() => channel.readyState, '')])),
    close() {
      isClosing = true;
      return [...adopted.values()]
        .map(({ channel }) => channel)
        .concat(...expected)
        .flatMap((channel) => (closeOnce(channel) ? [] : [`datachannel ${quietly(() => channel.label, '')}`]));
    },
    detach: () => adopted.forEach(({ detach }) => detach()),
  };
}

import { quietly } from '../platform/quietly.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import type { Direction } from '../wire/words.ts';
import { type OfferedChannel, isOwn } from './offered-channels.ts';

/** An open channel of the application. */
export interface DataChannelInfo {
  readonly label: string;
  readonly direction: Direction;
  readonly compress: boolean;
  readonly ordered: boolean;
  readonly protocol: string;
  /** Milliseconds. */
  readonly maxPacketLifeTime?: number;
  readonly maxRetransmits?: number;
  readonly header?: NonNullable<OfferedChannel['header']>;
}

/** The open channels of the application, in the order of the offer. A channel whose getters throw is left out (P22). */
export function openChannels(
  offered: ReadonlyMap<string, OfferedChannel> | null,
  channel: (label: string) => DataChannelLike | undefined,
): readonly DataChannelInfo[] {
  return [...(offered ?? new Map<string, OfferedChannel>()).values()].flatMap((each) => {
    const live = isOwn(each.label) ? channel(each.label) : undefined;
    return quietly(() => (live?.readyState === 'open' ? [infoOf(each, live)] : []), []);
  });
}

function infoOf({ label, direction, compress, header }: OfferedChannel, live: DataChannelLike): DataChannelInfo {
  const { ordered = true, protocol = '', maxPacketLifeTime, maxRetransmits } = live;
  return {
    label,
    direction,
    compress,
    ordered,
    protocol,
    ...(typeof maxPacketLifeTime === 'number' && { maxPacketLifeTime }),
    ...(typeof maxRetransmits === 'number' && { maxRetransmits }),
    ...(header !== undefined && { header }),
  };
}

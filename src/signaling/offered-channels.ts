import type { OfferHeaderField, OfferMessage } from './messages.ts';
import type { Direction } from './words.ts';

/** What the offer says of one DataChannel, with what it may leave out filled in. */
export interface OfferedChannel {
  readonly label: string;
  /** As the client sees it. */
  readonly direction: Direction;
  /** Whether every message, both ways, is one zlib stream (RFC 1950). */
  readonly compress: boolean;
  readonly header?: readonly OfferHeaderField[];
}

/** The channels that the server will open: its own and the application's. */
export function offeredChannels({ data_channels: channels = [] }: OfferMessage): readonly OfferedChannel[] {
  return channels.map(({ label, direction = 'sendrecv', compress = false, header }) => ({
    label,
    direction,
    compress,
    ...(header !== undefined && { header }),
  }));
}

import type { OfferHeaderField, OfferMessage } from '../wire/messages.ts';
import type { Direction } from '../wire/words.ts';

/** What the offer says about one DataChannel, with its defaults filled in. */
export interface OfferedChannel {
  readonly label: string;
  /** As the client sees it. */
  readonly direction: Direction;
  /** Whether every message, in both directions, is one zlib stream (RFC 1950). */
  readonly compress: boolean;
  readonly header?: readonly OfferHeaderField[];
}

/** The channels that the server will open, its own and those of the application, by label. */
export function offeredChannels({ data_channels: channels }: OfferMessage): ReadonlyMap<string, OfferedChannel> {
  return new Map(
    (channels ?? []).map(({ label, direction = 'sendrecv', compress = false, header }) => [
      label,
      { label, direction, compress, ...(header !== undefined && { header }) },
    ]),
  );
}

/** Labels of the application begin with a hash, all others belong to the server. */
export const isOwn = (label: string): boolean => label.startsWith('#');

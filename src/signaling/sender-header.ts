import type { OfferHeaderField } from '../wire/messages.ts';

/** Length of a connection id in bytes, where the offer does not say it. */
const senderIdBytes = 26;

/** How many bytes the server puts before a message; a field of unknown length counts for none. */
export const headerBytes = (header?: readonly OfferHeaderField[]): number =>
  header?.reduce((sum, field) => sum + (lengthOf(field) ?? 0), 0) ?? 0;

const lengthOf = ({ type, length }: OfferHeaderField): number | undefined =>
  length ?? (type === 'sender_connection_id' ? senderIdBytes : undefined);

/** A message of the application with what stood before it. */
export interface SplitMessage {
  readonly data: Uint8Array;
  readonly senderConnectionId?: string;
}

/**
 * Takes the sender's connection id off a message, where the offer's `header` for the channel says that one is there. Null for a message that
 * is shorter than its header. A field of an unknown type is skipped if its length is known; otherwise what follows is left with the data.
 *
 * @param bytes the message after inflating
 */
export function splitSenderHeader(bytes: Uint8Array, header: readonly OfferHeaderField[] = []): SplitMessage | null {
  let data = bytes;
  let senderConnectionId: string | undefined;
  for (const field of header) {
    const length = lengthOf(field);
    if (length === undefined) break;
    if (data.byteLength < length) return null;
    if (field.type === 'sender_connection_id') senderConnectionId = String.fromCharCode(...data.subarray(0, length));
    data = data.subarray(length);
  }
  return senderConnectionId === undefined ? { data } : { data, senderConnectionId };
}

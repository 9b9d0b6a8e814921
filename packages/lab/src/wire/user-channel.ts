import { Fields } from './fields.ts';
import { isBuiltInLabel, ROLES, type Role } from './words.ts';

/** A `#` channel that a client asked for (or the auth function granted), with the lab's defaults filled in (O14). */
export interface UserChannel {
  readonly label: string;
  readonly direction: Role;
  readonly ordered: boolean;
  readonly compress: boolean;
  readonly maxPacketLifeTime?: number;
  readonly maxRetransmits?: number;
  readonly protocol: string;
  /** Whether messages to this client start with the 26 characters of the sender's `connection_id`. */
  readonly senderHeader: boolean;
}

const MAX_LABEL_CHARACTERS = 32;

function readHeader(fields: Fields): boolean {
  const entries = fields.list('header', 8) ?? [];
  for (const [index, entry] of entries.entries()) Fields.of(entry, `header[${index}]`).requiredOneOf('type', ['sender_connection_id']);
  return entries.length > 0;
}

/** Reads one entry of `data_channels`. Throws a Refusal. */
export function readUserChannel(value: unknown, path: string): UserChannel {
  const fields = Fields.of(value, path);
  const label = fields.requiredText('label', { minLength: 1 });
  if (isBuiltInLabel(label) || !label.startsWith('#')) fields.refuse('label', 'must begin with #');
  if (Array.from(label).length > MAX_LABEL_CHARACTERS) fields.refuse('label', `exceeds ${MAX_LABEL_CHARACTERS} characters`);
  const maxPacketLifeTime = fields.integer('max_packet_life_time', 0, 65_535);
  const maxRetransmits = fields.integer('max_retransmits', 0, 65_535);
  if (maxPacketLifeTime !== undefined && maxRetransmits !== undefined) fields.refuse('max_retransmits', 'excludes max_packet_life_time');
  return {
    label,
    direction: fields.requiredOneOf('direction', ROLES),
    ordered: fields.flag('ordered') ?? true,
    compress: fields.flag('compress') ?? false,
    ...(maxPacketLifeTime === undefined ? {} : { maxPacketLifeTime }),
    ...(maxRetransmits === undefined ? {} : { maxRetransmits }),
    protocol: fields.text('protocol', { maxBytes: 255 }) ?? '',
    senderHeader: readHeader(fields),
  };
}

/** Reads `data_channels`; absent gives none. The same label twice is refused. */
export function readUserChannels(fields: Fields, maxChannels: number): readonly UserChannel[] {
  const entries = fields.list('data_channels', maxChannels) ?? [];
  const channels = entries.map((entry, index) => readUserChannel(entry, `data_channels[${index}]`));
  if (new Set(channels.map((channel) => channel.label)).size < channels.length) fields.refuse('data_channels', 'names a label twice');
  return channels;
}

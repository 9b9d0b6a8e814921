import type { DataChannelOptions, HeaderField } from '../wire/connect-request.ts';
import { builtInLabels, directions } from '../wire/words.ts';
import { anyText, flag, groupOf, integerFrom, listOf, oneOf, text, type Check } from './option-check.ts';
import { SoraOptionsError } from './options-error.ts';

/** Characters, the `#` included. */
const longestLabel = 32;

const label: Check<string> = (value, path) => {
  const name = text(value, path);
  if (builtInLabels.includes(name)) throw new SoraOptionsError(path, `must not be ${name}, which the server opens for itself`);
  if (!name.startsWith('#')) throw new SoraOptionsError(path, 'must begin with #');
  if (Array.from(name).length > longestLabel) throw new SoraOptionsError(path, `must be at most ${longestLabel} characters`);
  return name;
};

/** The W3C's members are unsigned short. @source W3C WebRTC 6.2, RTCDataChannelInit */
const unsignedShort = integerFrom(0, 65_535);

const dataChannel = groupOf<DataChannelOptions>(
  {
    label,
    direction: oneOf(directions),
    ordered: flag,
    maxPacketLifeTime: unsignedShort,
    maxRetransmits: unsignedShort,
    protocol: anyText,
    compress: flag,
    header: listOf(groupOf<HeaderField>({ type: oneOf(['sender_connection_id']), length: integerFrom(1, 255) }, ['type'])),
  },
  ['label', 'direction'],
);

export const dataChannelsOption: Check<readonly DataChannelOptions[]> = (value, path) => {
  const channels = listOf(dataChannel)(value, path);
  channels.forEach((channel, index) => {
    if (channel.maxPacketLifeTime !== undefined && channel.maxRetransmits !== undefined) {
      throw new SoraOptionsError(`${path}[${index}].maxRetransmits`, 'excludes maxPacketLifeTime');
    }
    if (channels.findIndex((other) => other.label === channel.label) < index) {
      throw new SoraOptionsError(`${path}[${index}].label`, 'is given twice');
    }
  });
  return channels;
};

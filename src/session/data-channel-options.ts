import type { DataChannelOptions, HeaderField } from '../wire/connect-request.ts';
import { directions } from '../wire/words.ts';
import { anyText, flag, groupOf, integerFrom, listOf, mustBe, oneOf, type Check } from './option-check.ts';
import { SoraOptionsError } from './options-error.ts';

/** The W3C's members are unsigned short. @source W3C WebRTC 6.2, RTCDataChannelInit */
const unsignedShort = integerFrom(0, 65_535);

const channels = listOf(
  groupOf<DataChannelOptions>(
    {
      label: mustBe<string>(
        'a string of at most 32 characters that begins with #',
        (label) => typeof label === 'string' && /^#.{0,31}$/su.test(label),
      ),
      direction: oneOf(...directions),
      ordered: flag,
      maxPacketLifeTime: unsignedShort,
      maxRetransmits: unsignedShort,
      protocol: anyText,
      compress: flag,
      header: listOf(groupOf<HeaderField>({ type: oneOf('sender_connection_id'), length: integerFrom(1, 255) }, 'type')),
    },
    'label',
    'direction',
  ),
);

export const dataChannelsOption: Check<readonly DataChannelOptions[]> = (value, path) => {
  const checked = channels(value, path);
  checked.forEach(({ label, maxPacketLifeTime, maxRetransmits }, index) => {
    if (maxPacketLifeTime !== undefined && maxRetransmits !== undefined) {
      throw new SoraOptionsError(`${path}[${index}].maxRetransmits`, 'excludes maxPacketLifeTime');
    }
    if (checked.findIndex((other) => other.label === label) < index)
      throw new SoraOptionsError(`${path}[${index}].label`, 'is given twice');
  });
  return checked;
};

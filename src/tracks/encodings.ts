import type { EncodingLike } from '../platform/w3c.ts';

/** Which of the server's members are tried: all of them, or what every browser has taken for years. */
export type EncodingMembers = 'all' | 'essential';

/** @source W3C WebRTC 5.2.5, RTCRtpEncodingParameters */
const essential: ReadonlySet<string> = new Set(['rid', 'active', 'maxBitrate', 'maxFramerate', 'scaleResolutionDownBy']);

/**
 * A sender's encodings with the server's values: layers are matched by `rid`, and neither their number nor their order changes, which is what
 * `setParameters` insists on. A layer that the server does not mention stays as it is. Pure; the inputs are not changed.
 *
 * @param existing what `getParameters` gave; where it is empty the server's list is the answer
 * @param offered the encodings of the offer
 * @param members `essential` is for a second attempt, after a browser has refused something: native-only members, codecs, scalability modes
 * @source W3C WebRTC 5.2, setParameters
 */
export function mergeEncodings(
  existing: readonly EncodingLike[],
  offered: readonly EncodingLike[],
  members: EncodingMembers = 'all',
): EncodingLike[] {
  const wanted = members === 'all' ? offered : offered.map(essentialMembers);
  if (existing.length === 0) return wanted.map((encoding) => ({ ...encoding }));
  return existing.map((encoding) => ({ ...encoding, ...wanted.find(({ rid }) => rid === encoding.rid) }));
}

function essentialMembers(encoding: EncodingLike): EncodingLike {
  return Object.fromEntries(Object.entries(encoding).filter(([name]) => essential.has(name)));
}

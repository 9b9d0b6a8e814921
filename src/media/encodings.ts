import type { EncodingLike } from '../platform/w3c.ts';

/**
 * A sender's encodings with the server's values: layers are matched by `rid`, and neither their number nor their order changes, which is what
 * `setParameters` insists on. A layer that the server does not mention stays as it is. Pure; the inputs are not changed.
 *
 * @param existing what `getParameters` gave; where it is empty the server's list is the answer
 * @param offered the encodings of the offer
 * @source W3C WebRTC 5.2, setParameters
 */
export function mergeEncodings(existing: readonly EncodingLike[], offered: readonly EncodingLike[]): EncodingLike[] {
  if (existing.length === 0) return offered.map((encoding) => ({ ...encoding }));
  return existing.map((encoding) => ({ ...encoding, ...offered.find(({ rid }) => rid === encoding.rid) }));
}

/** What every browser has taken for years. @source W3C WebRTC 5.2.5, RTCRtpEncodingParameters */
const essential: ReadonlySet<string> = new Set(['rid', 'active', 'maxBitrate', 'maxFramerate', 'scaleResolutionDownBy']);

/**
 * The server's encodings without what a browser may refuse: native-only members, codecs, scalability modes. For a second attempt only, since
 * browsers that know such a member want it.
 */
export function withoutRejectedMembers(offered: readonly EncodingLike[]): EncodingLike[] {
  return offered.map((encoding) => Object.fromEntries(Object.entries(encoding).filter(([name]) => essential.has(name))));
}

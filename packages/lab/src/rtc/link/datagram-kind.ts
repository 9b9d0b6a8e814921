/** Who a datagram is for (RFC 7983, RFC 5761). */
export type DatagramKind = 'stun' | 'dtls' | 'rtp' | 'rtcp' | 'unknown';

export const datagramKind = (datagram: Buffer): DatagramKind => {
  const [first = 255, second = 0] = datagram;
  if (first < 4) return 'stun';
  if (first >= 20 && first < 64) return 'dtls';
  if (first < 128 || first >= 192) return 'unknown';
  return second >= 192 && second < 224 ? 'rtcp' : 'rtp';
};

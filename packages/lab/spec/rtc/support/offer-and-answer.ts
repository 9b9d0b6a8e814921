import { createCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { LabPeer } from '../../../src/rtc/lab-peer.ts';
import type { RtcPeerOptions } from '../../../src/rtc/peer.ts';

const certificate = createCertificate();

/** A peer that sends nowhere, for everything that happens before the first packet. */
export const offlinePeer = (options: RtcPeerOptions = {}): LabPeer =>
  new LabPeer(
    { host: '192.0.2.1', port: 4000, certificate, send: () => undefined, onAddress: () => undefined, onClosed: () => undefined },
    options,
  );

/** Media sections of an SDP, each as its lines. */
export const sectionsOf = (sdp: string): string[][] =>
  sdp
    .split(/^(?=m=)/m)
    .slice(1)
    .map((section) => section.trimEnd().split('\r\n'));

/** What a browser answers to an offer of the lab, as far as the lab reads it. Sections listed in `rejected` are refused. */
export const answerTo = (offer: string, rejected: readonly string[] = []): string => {
  const transport = ['a=ice-ufrag:abcd', 'a=ice-pwd:0123456789012345678901', 'a=fingerprint:sha-256 AA:BB', 'a=setup:active'];
  const turned: Readonly<Record<string, string>> = { 'a=sendonly': 'a=recvonly', 'a=recvonly': 'a=sendonly', 'a=inactive': 'a=inactive' };
  const sections = sectionsOf(offer).map((lines) => {
    const mid = lines.find((line) => line.startsWith('a=mid:'))?.slice(6) ?? '';
    const kept = lines.filter((line) => /^a=(mid|rtpmap|fmtp|extmap|rid|simulcast|sctp-port|max-message-size)/.test(line));
    const answered = kept.map((line) => line.replace(/ recv$/, ' send').replace('simulcast:recv', 'simulcast:send'));
    const isRejected = rejected.includes(mid);
    const media = (lines[0] ?? '').replace(/ (\d+) /, (_, port) => (isRejected || port === '0' ? ' 0 ' : ' 9 '));
    const direction = lines.map((line) => turned[line]).find((line) => line !== undefined);
    return [media, ...transport, ...answered, ...(isRejected ? ['a=inactive'] : direction === undefined ? [] : [direction])];
  });
  return ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', ...sections.flat(), ''].join('\r\n');
};

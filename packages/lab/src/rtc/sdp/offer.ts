import type { RtcCodec } from '../media/codec.ts';
import type { SimulcastLayer } from '../media/section.ts';
import { extensionLines, headerExtension } from '../rtp/header-extension.ts';

/** A codec under the number it has in this peer. */
export interface NumberedCodec {
  readonly codec: RtcCodec;
  readonly payloadType: number;
  /** Video has retransmissions under a number of their own. */
  readonly rtxPayloadType: number | undefined;
}

export interface ApplicationSection {
  readonly kind: 'application';
  readonly mid: string;
  readonly sctpPort: number;
  readonly maxMessageBytes: number;
  /** Channels stay for good. */
  readonly released?: undefined;
}

export interface MediaSection {
  readonly kind: 'audio' | 'video';
  readonly mid: string;
  readonly direction: 'recvonly' | 'sendonly' | 'inactive';
  /** Written with port 0: the client gives the section up. */
  readonly released: boolean;
  readonly codecs: readonly NumberedCodec[];
  readonly simulcast: readonly SimulcastLayer[];
  readonly maxBitrateBps: number | undefined;
  /** What is sent. */
  readonly track?:
    { readonly streamId: string; readonly trackId: string; readonly ssrc: number; readonly rtxSsrc: number | undefined } | undefined;
}

export type OfferSection = ApplicationSection | MediaSection;

export interface Offer {
  readonly sessionId: string;
  /** Grows with each offer. */
  readonly version: number;
  readonly host: string;
  readonly port: number;
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: string;
  readonly sections: readonly OfferSection[];
}

/** RFC 8445 section 5.1.2.1: a host candidate, the only one. */
const hostPriority = 2 ** 24 * 126 + 2 ** 8 * 65535 + 255;

const rtpmap = ({ name, clockRate, channels }: RtcCodec): string =>
  name === 'OPUS' ? `opus/${clockRate}/${channels}` : `${name}/${clockRate}`;

const codecLines = ({ codec, payloadType, rtxPayloadType }: NumberedCodec): string[] => {
  const parameters = Object.entries(codec.parameters).map(([key, value]) => `${key}=${value}`);
  const feedback = codec.kind === 'audio' ? ['transport-cc'] : ['ccm fir', 'nack', 'nack pli', 'transport-cc'];
  return [
    `a=rtpmap:${payloadType} ${rtpmap(codec)}`,
    ...(parameters.length > 0 ? [`a=fmtp:${payloadType} ${parameters.join(';')}`] : []),
    ...feedback.map((kind) => `a=rtcp-fb:${payloadType} ${kind}`),
    ...(rtxPayloadType === undefined
      ? []
      : [`a=rtpmap:${rtxPayloadType} rtx/${codec.clockRate}`, `a=fmtp:${rtxPayloadType} apt=${payloadType}`]),
  ];
};

const extensionIds = ({ kind, direction, simulcast }: MediaSection): number[] => [
  headerExtension.mid,
  ...(kind === 'audio' ? [headerExtension.audioLevel] : [headerExtension.videoOrientation]),
  ...(direction === 'recvonly' ? [headerExtension.absoluteSendTime, headerExtension.transportSequence] : []),
  ...(simulcast.length > 0 ? [headerExtension.rid, headerExtension.repairedRid] : []),
];

const trackLines = ({ track }: MediaSection): string[] => {
  if (track === undefined) return [];
  const { streamId, trackId, ssrc, rtxSsrc } = track;
  return [
    `a=msid:${streamId} ${trackId}`,
    ...(rtxSsrc === undefined ? [] : [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`]),
    ...[ssrc, ...(rtxSsrc === undefined ? [] : [rtxSsrc])].map((id) => `a=ssrc:${id} cname:${streamId}`),
  ];
};

const simulcastLines = (layers: readonly SimulcastLayer[]): string[] =>
  layers.length === 0
    ? []
    : [
        ...layers.map(({ rid }) => `a=rid:${rid} recv`),
        `a=simulcast:recv ${layers.map(({ rid, active = true }) => (active ? rid : `~${rid}`)).join(';')}`,
      ];

const mediaLines = (section: MediaSection): string[] => [
  `a=mid:${section.mid}`,
  `a=${section.direction}`,
  'a=rtcp-mux',
  'a=rtcp-rsize',
  ...extensionLines(extensionIds(section)),
  ...section.codecs.flatMap(codecLines),
  ...simulcastLines(section.simulcast),
  ...trackLines(section),
];

const sectionLines = (section: OfferSection, offer: Offer): string[] => {
  const port = section.released === true ? 0 : offer.port;
  const connection = `c=IN ${offer.host.includes(':') ? 'IP6' : 'IP4'} ${offer.host}`;
  const transport = [
    `a=ice-ufrag:${offer.ufrag}`,
    `a=ice-pwd:${offer.password}`,
    `a=fingerprint:sha-256 ${offer.fingerprint}`,
    'a=setup:actpass',
    `a=candidate:1 1 udp ${hostPriority} ${offer.host} ${offer.port} typ host`,
    'a=end-of-candidates',
  ];
  if (section.kind === 'application') {
    return [
      `m=application ${port} UDP/DTLS/SCTP webrtc-datachannel`,
      connection,
      ...transport,
      `a=mid:${section.mid}`,
      `a=sctp-port:${section.sctpPort}`,
      `a=max-message-size:${section.maxMessageBytes}`,
    ];
  }
  const formats = section.codecs.flatMap(({ payloadType, rtxPayloadType }) =>
    rtxPayloadType === undefined ? [payloadType] : [payloadType, rtxPayloadType],
  );
  const bandwidth = section.maxBitrateBps === undefined ? [] : [`b=TIAS:${section.maxBitrateBps}`];
  return [
    `m=${section.kind} ${port} UDP/TLS/RTP/SAVPF ${formats.join(' ')}`,
    connection,
    ...bandwidth,
    ...transport,
    ...mediaLines(section),
  ];
};

/**
 * The offer as SDP (RFC 8829 section 5.2), everything bundled on one transport. Released sections stay in the bundle, which RFC 9143 section 7.5.3 does
 * not want: Sora's clients put another port in place of 0 for Firefox, and Firefox would begin a transport of its own for a section outside the bundle
 * and could not take it back. Chromium and Firefox accept both forms.
 */
export const writeOffer = (offer: Offer): string => {
  const bundled = offer.sections.map(({ mid }) => mid);
  const lines = [
    'v=0',
    `o=- ${offer.sessionId} ${offer.version} IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${bundled.join(' ')}`,
    'a=ice-lite',
    'a=msid-semantic:WMS *',
    ...offer.sections.flatMap((section) => sectionLines(section, offer)),
  ];
  return `${lines.join('\r\n')}\r\n`;
};

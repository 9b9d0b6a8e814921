import { SdpError } from './sdp-error.ts';

export interface AnsweredCodec {
  readonly payloadType: number;
  /** As written, e.g. `VP8`, `opus`, `rtx`. */
  readonly name: string;
  readonly parameters: string;
}

/** One section of a client's answer, session-level values filled in. */
export interface AnswerSection {
  readonly kind: string;
  readonly mid: string;
  /** Port 0. */
  readonly rejected: boolean;
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  readonly setup: string | undefined;
  readonly ufrag: string | undefined;
  readonly password: string | undefined;
  readonly fingerprints: readonly { readonly algorithm: string; readonly value: string }[];
  readonly codecs: readonly AnsweredCodec[];
  /** Rids the client sends, in its order, paused ones included. */
  readonly rids: readonly string[];
  readonly maxMessageBytes: number | undefined;
}

type Attributes = readonly (readonly [name: string, value: string])[];

interface MediaLines {
  readonly media: string;
  readonly attributes: Attributes;
}

const maxSdpLength = 1_000_000;

const splitSections = (sdp: string): { readonly session: Attributes; readonly sections: readonly MediaLines[] } => {
  const session: [string, string][] = [];
  const sections: MediaLines[] = [];
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new SdpError('malformed', 'the answer does not begin with v=0');
  let attributes = session;
  for (const line of lines) {
    if (!/^[a-z]=/.test(line)) throw new SdpError('malformed', `not a line of SDP: ${line.slice(0, 80)}`);
    const value = line.slice(2);
    if (line.startsWith('m=')) {
      attributes = [];
      sections.push({ media: value, attributes });
    }
    if (!line.startsWith('a=')) continue;
    const colon = value.indexOf(':');
    attributes.push(colon < 0 ? [value, ''] : [value.slice(0, colon), value.slice(colon + 1)]);
  }
  return { session, sections };
};

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

const codecsOf = (payloadTypes: readonly string[], attributes: Attributes): AnsweredCodec[] =>
  payloadTypes.flatMap((payloadType) => {
    const valueOf = (name: string): string | undefined =>
      attributes.find(([key, value]) => key === name && value.split(' ', 1)[0] === payloadType)?.[1].slice(payloadType.length + 1);
    const map = valueOf('rtpmap');
    return map === undefined
      ? []
      : [{ payloadType: Number(payloadType), name: map.split('/', 1)[0] ?? '', parameters: valueOf('fmtp') ?? '' }];
  });

const readSection = ({ media, attributes }: MediaLines, session: Attributes): AnswerSection => {
  const [kind = '', port = '', , ...formats] = media.split(' ');
  if (kind === '' || !/^\d+$/.test(port)) throw new SdpError('malformed', `not a media line: m=${media.slice(0, 80)}`);
  const all = (name: string): string[] => attributes.filter(([key]) => key === name).map(([, value]) => value);
  const first = (name: string): string | undefined => [...attributes, ...session].find(([key]) => key === name)?.[1];
  const simulcast = first('simulcast')?.split(' ') ?? [];
  const sent = simulcast[simulcast.indexOf('send') + 1] ?? '';
  const fingerprints = all('fingerprint');
  return {
    kind,
    mid: first('mid') ?? '',
    rejected: port === '0',
    direction: directions.find((name) => all(name).length > 0) ?? 'sendrecv',
    setup: first('setup'),
    ufrag: first('ice-ufrag'),
    password: first('ice-pwd'),
    fingerprints: (fingerprints.length > 0 ? fingerprints : session.filter(([key]) => key === 'fingerprint').map(([, value]) => value)).map(
      (value) => {
        const [algorithm = '', digest = ''] = value.split(' ');
        return { algorithm: algorithm.toLowerCase(), value: digest.toUpperCase() };
      },
    ),
    codecs: codecsOf(formats, attributes),
    rids: simulcast.includes('send') ? sent.split(/[;,]/).flatMap((rid) => rid.replace('~', '') || []) : [],
    maxMessageBytes: /^\d+$/.test(first('max-message-size') ?? '') ? Number(first('max-message-size')) : undefined,
  };
};

/**
 * Reads an answer; unknown lines and attributes are passed over.
 *
 * @throws SdpError `malformed`.
 */
export const parseAnswer = (sdp: unknown): readonly AnswerSection[] => {
  if (typeof sdp !== 'string' || sdp.length > maxSdpLength) throw new SdpError('malformed', 'the answer is not a string of SDP');
  const { session, sections } = splitSections(sdp);
  return sections.map((section) => readSection(section, session));
};

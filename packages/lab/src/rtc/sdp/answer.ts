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

interface Lines {
  readonly media: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

const maxSdpLength = 1_000_000;

const splitSections = (sdp: string): { readonly session: Lines; readonly sections: readonly Lines[] } => {
  const all: { media: string; attributes: [string, string][] }[] = [{ media: '', attributes: [] }];
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new SdpError('malformed', 'the answer does not begin with v=0');
  for (const line of lines) {
    const type = line[0];
    if (line[1] !== '=' || type === undefined || !/[a-z]/.test(type))
      throw new SdpError('malformed', `not a line of SDP: ${line.slice(0, 80)}`);
    if (type === 'm') all.push({ media: line.slice(2), attributes: [] });
    if (type !== 'a') continue;
    const colon = line.indexOf(':');
    all.at(-1)?.attributes.push(colon < 0 ? [line.slice(2), ''] : [line.slice(2, colon), line.slice(colon + 1)]);
  }
  const [session = { media: '', attributes: [] }, ...sections] = all;
  return { session, sections };
};

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

const codecsOf = (payloadTypes: readonly string[], attributes: Lines['attributes']): AnsweredCodec[] =>
  payloadTypes.flatMap((payloadType) => {
    const valueOf = (name: string): string | undefined =>
      attributes.find(([key, value]) => key === name && value.split(' ', 1)[0] === payloadType)?.[1].slice(payloadType.length + 1);
    const map = valueOf('rtpmap');
    return map === undefined
      ? []
      : [{ payloadType: Number(payloadType), name: map.split('/', 1)[0] ?? '', parameters: valueOf('fmtp') ?? '' }];
  });

const readSection = ({ media, attributes }: Lines, session: Lines): AnswerSection => {
  const [kind = '', port = '', , ...formats] = media.split(' ');
  if (kind === '' || !/^\d+$/.test(port)) throw new SdpError('malformed', `not a media line: m=${media.slice(0, 80)}`);
  const all = (name: string): string[] => attributes.filter(([key]) => key === name).map(([, value]) => value);
  const first = (name: string): string | undefined => [...attributes, ...session.attributes].find(([key]) => key === name)?.[1];
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
    fingerprints: (fingerprints.length > 0
      ? fingerprints
      : session.attributes.filter(([key]) => key === 'fingerprint').map(([, value]) => value)
    ).map((value) => {
      const [algorithm = '', digest = ''] = value.split(' ');
      return { algorithm: algorithm.toLowerCase(), value: digest.toUpperCase() };
    }),
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

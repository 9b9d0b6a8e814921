import { fc } from '@fast-check/vitest';
import { lastValueFrom } from 'rxjs';
import Sora from 'sora-js-sdk';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../../src/session/connect.ts';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import type { ConnectOptions } from '../../src/session/options.ts';

/**
 * Differential test: the official SDK and this one get the same wishes on the same fake WebSocket and RTCPeerConnection, and must send the
 * same `connect`. Differences are listed in one table, each with its reason, and each must occur.
 */
/** Messages that are compared; sets that are refused come on top. */
const runs = 10_000;
const seed = 20_261_125;

type Message = Record<string, unknown>;

function without(message: Message, name: string): Message {
  return Object.fromEntries(Object.entries(message).filter(([member]) => member !== name));
}

/** A WebSocket that opens at once, hands over what is sent, and on its first message redirects if it is told to. */
class FakeWebSocket {
  static heard: (message: Message) => void = () => undefined;
  static redirects = 0;
  readonly url: string;
  binaryType = 'blob';
  readyState = 0;
  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onclose: ((event: object) => void) | null = null;

  constructor(url: string) {
    this.url = url;
    queueMicrotask(() => {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      this.onopen?.({});
    });
  }

  send(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message['type'] !== 'connect') return;
    if (FakeWebSocket.redirects > 0) {
      FakeWebSocket.redirects -= 1;
      const redirect = { type: 'redirect', location: `wss://node${FakeWebSocket.redirects}.example/signaling` };
      queueMicrotask(() => this.onmessage?.({ data: JSON.stringify(redirect) }));
      return;
    }
    FakeWebSocket.heard(message);
    queueMicrotask(() => this.onclose?.({ code: 4490, reason: 'LAB-DONE', wasClean: true }));
  }

  close(): void {
    this.readyState = 3;
  }
}

/** Enough of a peer connection for the throw-away offer. */
class FakePeerConnection {
  static sdp = '';
  readonly iceConnectionState = 'new';
  readonly connectionState = 'new';
  addTransceiver(): object {
    return {};
  }
  createOffer(): Promise<object> {
    return Promise.resolve({ type: 'offer', sdp: FakePeerConnection.sdp });
  }
  setRemoteDescription(): Promise<void> {
    return Promise.resolve();
  }
  setLocalDescription(): Promise<void> {
    return Promise.resolve();
  }
  createAnswer(): Promise<object> {
    return Promise.resolve({ type: 'answer', sdp: FakePeerConnection.sdp });
  }
  close(): void {
    // Nothing is open.
  }
}

const RTCRtpSender = {
  getCapabilities: () => ({
    headerExtensions: ['mid', 'rtp-stream-id', 'repaired-rtp-stream-id'].map((name) => ({
      uri: `urn:ietf:params:rtp-hdrext:sdes:${name}`,
    })),
  }),
};

const page = { navigator: { userAgent: '' }, RTCPeerConnection: FakePeerConnection, RTCRtpSender };

beforeAll(() => {
  vi.stubGlobal('window', page);
  vi.stubGlobal('WebSocket', FakeWebSocket);
  vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
  vi.stubGlobal('RTCRtpSender', RTCRtpSender);
});
afterAll(() => {
  vi.unstubAllGlobals();
});

/** The options of the official SDK; wider than its types where it takes more than they say. */
interface OfficialOptions {
  audio?: boolean;
  audioCodecType?: 'OPUS';
  audioBitRate?: number;
  audioOpusParamsChannels?: number;
  audioOpusParamsMaxplaybackrate?: number;
  audioOpusParamsStereo?: boolean;
  audioOpusParamsSpropStereo?: boolean;
  audioOpusParamsMinptime?: number;
  audioOpusParamsPtime?: number;
  audioOpusParamsUseinbandfec?: boolean;
  audioOpusParamsUsedtx?: boolean;
  video?: boolean;
  videoCodecType?: string;
  videoBitRate?: number;
  videoVP9Params?: unknown;
  videoH264Params?: unknown;
  videoH265Params?: unknown;
  videoAV1Params?: unknown;
  simulcast?: boolean;
  simulcastRid?: string;
  simulcastRequestRid?: string;
  spotlight?: boolean;
  spotlightNumber?: number;
  spotlightFocusRid?: string;
  spotlightUnfocusRid?: string;
  clientId?: string;
  bundleId?: string;
  signalingNotifyMetadata?: unknown;
  dataChannelSignaling?: boolean;
  ignoreDisconnectWebSocket?: boolean;
  dataChannels?: OfficialDataChannel[];
  audioStreamingLanguageCode?: string;
  forwardingFilters?: object[];
  forwardingFilter?: object;
}

interface OfficialDataChannel {
  label?: string;
  direction?: string;
  ordered?: boolean;
  compress?: boolean;
  maxPacketLifeTime?: number;
  maxRetransmits?: number;
  protocol?: string;
  header?: object[];
}

/** One wish, in the official SDK's words. */
interface Wish {
  readonly factory: 'sendrecv' | 'sendonly' | 'recvonly' | 'messaging';
  readonly channelId: string;
  /** Undefined: not given. */
  readonly metadata: unknown;
  readonly options: OfficialOptions;
  readonly redirects: number;
  readonly sdp: string;
  readonly userAgent: string;
}

const hasSpotlightDetails = ({ options }: Wish): boolean =>
  options.spotlightNumber !== undefined || options.spotlightFocusRid !== undefined || options.spotlightUnfocusRid !== undefined;

const channelsOf = ({ options }: Wish): readonly OfficialDataChannel[] => options.dataChannels ?? [];

const isOutside = (value: number | undefined, low: number, high: number): boolean =>
  value !== undefined && !(Number.isInteger(value) && value >= low && value <= high);

const usesAudio = ({ factory, options }: Wish): boolean => factory !== 'messaging' && options.audio !== false;
const usesVideo = ({ factory, options }: Wish): boolean => factory !== 'messaging' && options.video !== false;

interface Difference {
  readonly name: string;
  readonly reason: string;
  readonly applies: (wish: Wish) => boolean;
  /** The official message as this SDK sends it. */
  readonly ours?: (official: Message) => Message;
  /** The option that this SDK refuses before anything is opened. */
  readonly refuses?: RegExp;
}

/** Every way in which our `connect` differs. */
const differences: readonly Difference[] = [
  {
    name: 'metadata that was not given',
    reason: 'official: null, by a default parameter; here absent, so that the server can tell "none" from "null"',
    applies: ({ metadata }) => metadata === undefined,
    ours: (official) => without(official, 'metadata'),
  },
  {
    name: 'spotlight details without spotlight: true',
    reason: 'one group here, so details switch it on; the server closes with 4490 when they come alone (protocol 8.2)',
    applies: (wish) => hasSpotlightDetails(wish) && wish.options.spotlight !== true,
    ours: (official) => ({ ...official, spotlight: true }),
  },
  {
    name: 'empty ids',
    reason: 'the server rejects them; here the wrong option is named',
    applies: ({ channelId, options }) => channelId === '' || options.clientId === '' || options.bundleId === '',
    refuses: /^(channelId|clientId|bundleId)$/,
  },
  {
    name: 'empty language code',
    reason: 'it names no language',
    applies: ({ options }) => options.audioStreamingLanguageCode === '',
    refuses: /^audioStreamingLanguageCode$/,
  },
  {
    name: 'rids outside their enumeration',
    reason: 'official: left out in silence',
    applies: ({ options }) =>
      [options.simulcastRid, options.simulcastRequestRid, options.spotlightFocusRid, options.spotlightUnfocusRid].includes('r9'),
    refuses: /^(simulcastRid|simulcastRequestRid|spotlight\.(focus|unfocus)Rid)$/,
  },
  {
    name: 'numbers out of range, NaN and Infinity',
    reason: 'official: sent as they are, NaN and Infinity as null',
    applies: (wish) =>
      isOutside(wish.options.spotlightNumber, 1, 8) ||
      (usesAudio(wish) && isOutside(wish.options.audioBitRate, 6, 510)) ||
      (usesVideo(wish) && isOutside(wish.options.videoBitRate, 1, 50_000)),
    refuses: /^(spotlight\.number|audio\.bitRate|video\.bitRate)$/,
  },
  {
    name: 'codec parameters that are no object',
    reason: 'no server knows what to do with them',
    applies: (wish) => usesVideo(wish) && typeof wish.options.videoAV1Params === 'string',
    refuses: /^video\.av1Params$/,
  },
  {
    name: 'maxPacketLifeTime with maxRetransmits',
    reason: 'they exclude each other (W3C WebRTC 6.1)',
    applies: (wish) => channelsOf(wish).some((channel) => channel.maxPacketLifeTime !== undefined && channel.maxRetransmits !== undefined),
    refuses: /^dataChannels\[\d+]\.maxRetransmits$/,
  },
  {
    name: 'DataChannels without label or direction, with a wrong label, or with one label twice',
    reason: 'the server rejects them; official: sent as they are',
    applies: (wish) => {
      const channels = channelsOf(wish);
      const labels = new Set(channels.map(({ label }) => label));
      return labels.size < channels.length || channels.some(({ label, direction }) => !label?.startsWith('#') || direction === undefined);
    },
    refuses: /^dataChannels\[\d+]\.(label|direction)$/,
  },
  {
    name: 'both forms of the forwarding filter',
    reason: 'the server rejects them together',
    applies: ({ options }) => options.forwardingFilter !== undefined && options.forwardingFilters !== undefined,
    refuses: /^forwardingFilter$/,
  },
];

/** Members without those that are undefined, or undefined where none is left. */
function group(members: Record<string, unknown>): Record<string, unknown> | undefined {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** The same wish in this SDK's words. */
function ourOptions(wish: Wish): ConnectOptions {
  const { factory, channelId, metadata, options } = wish;
  const audio = group({
    codecType: options.audioCodecType,
    bitRate: options.audioBitRate,
    opusParams: group({
      channels: options.audioOpusParamsChannels,
      maxplaybackrate: options.audioOpusParamsMaxplaybackrate,
      stereo: options.audioOpusParamsStereo,
      spropStereo: options.audioOpusParamsSpropStereo,
      minptime: options.audioOpusParamsMinptime,
      ptime: options.audioOpusParamsPtime,
      useinbandfec: options.audioOpusParamsUseinbandfec,
      usedtx: options.audioOpusParamsUsedtx,
    }),
  });
  const video = group({
    codecType: options.videoCodecType,
    bitRate: options.videoBitRate,
    vp9Params: options.videoVP9Params,
    h264Params: options.videoH264Params,
    h265Params: options.videoH265Params,
    av1Params: options.videoAV1Params,
  });
  const spotlight = group({
    number: options.spotlightNumber,
    focusRid: options.spotlightFocusRid,
    unfocusRid: options.spotlightUnfocusRid,
  });
  return {
    signalingUrl: 'wss://sora.example/signaling',
    role: factory === 'messaging' ? 'sendonly' : factory,
    channelId,
    metadata,
    audio: usesAudio(wish) ? (audio ?? options.audio) : false,
    video: usesVideo(wish) ? (video ?? options.video) : false,
    simulcast: options.simulcast,
    simulcastRid: options.simulcastRid,
    simulcastRequestRid: options.simulcastRequestRid,
    spotlight: spotlight ?? options.spotlight,
    clientId: options.clientId,
    bundleId: options.bundleId,
    signalingNotifyMetadata: options.signalingNotifyMetadata,
    dataChannelSignaling: factory === 'messaging' ? true : options.dataChannelSignaling,
    ignoreDisconnectWebSocket: options.ignoreDisconnectWebSocket,
    dataChannels: options.dataChannels,
    audioStreamingLanguageCode: options.audioStreamingLanguageCode,
    forwardingFilters: options.forwardingFilters,
    forwardingFilter: options.forwardingFilter,
    // Wrong words are part of the test.
  } as ConnectOptions;
}

const optional = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(arbitrary, { nil: undefined });

/** Mostly right, now and then wrong. */
const mostly = <Right, Wrong>(right: fc.Arbitrary<Right>, ...wrong: Wrong[]): fc.Arbitrary<Right | Wrong> =>
  fc.oneof({ weight: 200, arbitrary: right }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });

const json = fc.jsonValue({ maxDepth: 2 });
const parameters = fc.dictionary(fc.constantFrom('profile_id', 'profile', 'level_idx', 'b_frame', 'tx_mode'), json, { maxKeys: 3 });
const rid = fc.constantFrom('r0', 'r1', 'r2');
const requestRid = fc.constantFrom('none', 'r0', 'r1', 'r2');
const direction = fc.constantFrom('sendrecv', 'sendonly', 'recvonly');

const filter = fc.record(
  {
    rules: fc.array(
      fc.array(
        fc.record({
          field: fc.constantFrom('connection_id', 'client_id', 'kind'),
          operator: fc.constantFrom('is_in', 'is_not_in'),
          values: fc.array(fc.string(), { maxLength: 3 }),
        }),
        { maxLength: 2 },
      ),
      { maxLength: 2 },
    ),
    name: fc.string(),
    priority: fc.integer(),
    action: fc.constantFrom('block', 'allow'),
    version: fc.string(),
    metadata: json,
  },
  { requiredKeys: ['rules'] },
);

const channel: fc.Arbitrary<OfficialDataChannel> = fc
  .record(
    {
      label: mostly(
        fc.string({ minLength: 1, maxLength: 31 }).map((name) => `#${name}`),
        'chat',
        'signaling',
      ),
      direction,
      ordered: fc.boolean(),
      compress: fc.boolean(),
      protocol: fc.string(),
      header: fc.constantFrom<object[]>([], [{ type: 'sender_connection_id' }]),
      limit: fc.constantFrom<OfficialDataChannel>({ maxPacketLifeTime: 0 }, { maxRetransmits: 65_535 }, { maxPacketLifeTime: 1500 }),
      both: mostly(fc.constant(false), true),
    },
    { requiredKeys: ['label', 'direction', 'both'] },
  )
  .map(({ limit, both, ...rest }) => ({ ...rest, ...(both ? { maxPacketLifeTime: 1, maxRetransmits: 1 } : limit) }));

const options: fc.Arbitrary<OfficialOptions> = fc.record<OfficialOptions>(
  {
    audio: fc.boolean(),
    audioCodecType: fc.constant('OPUS'),
    audioBitRate: mostly(fc.integer({ min: 6, max: 510 }), NaN, 5, 64.5),
    audioOpusParamsChannels: fc.integer({ min: 1, max: 8 }),
    audioOpusParamsMaxplaybackrate: fc.integer({ min: 8000, max: 48_000 }),
    audioOpusParamsStereo: fc.boolean(),
    audioOpusParamsSpropStereo: fc.boolean(),
    audioOpusParamsMinptime: fc.integer({ min: 3, max: 120 }),
    audioOpusParamsPtime: fc.integer({ min: 1, max: 120 }),
    audioOpusParamsUseinbandfec: fc.boolean(),
    audioOpusParamsUsedtx: fc.boolean(),
    video: fc.boolean(),
    videoCodecType: fc.constantFrom('VP8', 'VP9', 'AV1', 'H264', 'H265'),
    videoBitRate: mostly(fc.integer({ min: 1, max: 50_000 }), Infinity, 0),
    videoVP9Params: parameters,
    videoH264Params: parameters,
    videoH265Params: parameters,
    videoAV1Params: mostly(parameters, 'profile 0'),
    simulcast: fc.boolean(),
    simulcastRid: mostly(rid, 'r9'),
    simulcastRequestRid: mostly(requestRid, 'r9'),
    spotlight: fc.boolean(),
    spotlightNumber: mostly(fc.integer({ min: 1, max: 8 }), 0, NaN),
    spotlightFocusRid: mostly(requestRid, 'r9'),
    spotlightUnfocusRid: requestRid,
    clientId: mostly(fc.string({ minLength: 1, maxLength: 40 }), ''),
    bundleId: mostly(fc.string({ minLength: 1, maxLength: 40 }), ''),
    signalingNotifyMetadata: json,
    dataChannelSignaling: fc.boolean(),
    ignoreDisconnectWebSocket: fc.boolean(),
    dataChannels: fc.array(channel, { maxLength: 3 }),
    audioStreamingLanguageCode: mostly(fc.constantFrom('ja-JP', 'en-US'), ''),
    forwardingFilters: fc.array(filter, { maxLength: 2 }),
    forwardingFilter: filter,
  },
  { requiredKeys: [] },
);

const wishes: fc.Arbitrary<Wish> = fc.record({
  factory: fc.constantFrom('sendrecv', 'sendonly', 'recvonly', 'messaging'),
  channelId: mostly(fc.string({ minLength: 1, maxLength: 40 }), ''),
  metadata: optional(json),
  options: fc.tuple(options, fc.integer({ min: 0, max: 99 })).map(([given, chance]) => {
    // What is refused or differs anyway is kept rare: every second set would be one.
    if (chance > 29) delete given.forwardingFilter;
    else if (chance > 1) delete given.forwardingFilters;
    if (chance > 9 && given.spotlight !== true) {
      delete given.spotlightNumber;
      delete given.spotlightFocusRid;
      delete given.spotlightUnfocusRid;
    }
    return given;
  }),
  redirects: fc.constantFrom(0, 0, 0, 1, 2),
  sdp: fc.string(),
  userAgent: fc.constantFrom('Mozilla/5.0 Chrome/140', 'Mozilla/5.0 Firefox/140', 'Mozilla/5.0 Version/18.0 Safari/605', 'Lab'),
});

/** Attempts that have said `connect`; they end in their own time. */
const ended: Promise<unknown>[] = [];

/** What the fake server hears of an attempt; the last `connect` where there are redirects. */
function heardFrom(wish: Pick<Wish, 'redirects' | 'sdp' | 'userAgent'>, attempt: () => Promise<unknown>): Promise<Message> {
  FakeWebSocket.redirects = wish.redirects;
  FakePeerConnection.sdp = wish.sdp;
  page.navigator.userAgent = wish.userAgent;
  return new Promise((resolve, reject) => {
    FakeWebSocket.heard = resolve;
    ended.push(
      attempt().then(
        () => reject(new Error('ended without connect')),
        (error: unknown) => reject(error as Error),
      ),
    );
  });
}

/** What is used of the official SDK; its own declarations do not resolve under NodeNext. */
interface OfficialSdk {
  connection(
    url: string,
  ): Record<Wish['factory'], (channelId: string, metadata: unknown, options: unknown) => { connect(stream: unknown): Promise<unknown> }>;
}
const sora = Sora as unknown as OfficialSdk;

function officialMessage({ factory, channelId, metadata, options: given, ...wish }: Wish): Promise<Message> {
  const connection = sora.connection('wss://sora.example/signaling')[factory](channelId, metadata, given);
  return heardFrom(wish, () => connection.connect({ getTracks: () => [] }));
}

function ourMessage(wish: Wish): Promise<Message> {
  const platform = { WebSocket: FakeWebSocket, RTCPeerConnection: FakePeerConnection, userAgent: wish.userAgent };
  return heardFrom(wish, () => lastValueFrom(connect({ ...ourOptions(wish), platform })));
}

/** The path of the option that this SDK refuses. */
function refusedOption(wish: Wish): string {
  let path = 'accepted';
  connect(ourOptions(wish)).subscribe({
    error: (error: unknown) => {
      path = error instanceof SoraOptionsError ? error.path : String(error);
    },
  });
  return path;
}

test('for 10 000 random option sets, connect is what the official SDK sends', { timeout: 600_000 }, async () => {
  const seen = new Map<string, number>();
  let compared = 0;
  for (const wish of fc.sample(wishes, { numRuns: runs * 1.5, seed })) {
    if (compared === runs) break;
    const found = differences.filter(({ applies }) => applies(wish));
    for (const { name } of found) seen.set(name, (seen.get(name) ?? 0) + 1);
    const refusals = found.flatMap(({ refuses }) => refuses ?? []);
    if (refusals.length > 0) {
      const path = refusedOption(wish);
      expect(
        refusals.some((refused) => refused.test(path)),
        `${path} was refused`,
      ).toBe(true);
      continue;
    }
    const official = found.reduce((message, { ours }) => ours?.(message) ?? message, await officialMessage(wish));
    const ours = await ourMessage(wish);
    expect(ours['sora_client']).toMatch(/^rx-sora \d/);
    expect(without(ours, 'sora_client')).toEqual(without(official, 'sora_client'));
    compared += 1;
  }
  await Promise.all(ended);
  expect(compared).toBe(runs);
  for (const { name } of differences) expect(seen.get(name) ?? 0, name).toBeGreaterThan(0);
});

import type { MediaStreamLike } from '../platform/w3c.ts';
import type { Platform } from '../platform/platform.ts';
import type { Redaction } from '../redaction/redaction.ts';
import type { ConnectRequest } from '../wire/connect-request.ts';
import type { Serializable } from '../wire/json.ts';
import type { SignalingUrlPolicy } from '../signaling/url-policy.ts';
import { requestRids, rids, roles } from '../wire/words.ts';
import { dataChannelsOption } from './data-channel-options.ts';
import { forwardingFilterOption } from './forwarding-filter-options.ts';
import { audioOption, spotlightOption, videoOption } from './media-options.ts';
import {
  anyText,
  callable,
  delayMs,
  flag,
  groupOf,
  identifier,
  json,
  listOf,
  mustBe,
  oneOf,
  text,
  type Check,
  type Checked,
} from './option-check.ts';
import { SoraOptionsError } from './options-error.ts';
import { signalingUrlOption } from './signaling-url-option.ts';

/** Limits of time in milliseconds, 0 to 2147483647. Except for `connectionMs`, 0 means at once. */
export interface TimeoutOptions {
  /** The whole way from `connect` to connected; 0 switches the limit off. Default: 60000. */
  readonly connectionMs?: number | undefined;
  /** Until a WebSocket opens, for each URL where there are several. Default: 3000. */
  readonly signalingUrlMs?: number | undefined;
  /** Until the server has closed after `disconnect`. Default: 3000. @source T15 */
  readonly disconnectMs?: number | undefined;
  /** How long ICE may stay disconnected. Default: 10000. @source T29 */
  readonly iceDisconnectedMs?: number | undefined;
  /** How long the loss of a DataChannel waits for an explanation. Default: 500. @source Q31 */
  readonly dataChannelGraceMs?: number | undefined;
  /** Until an RPC is answered, for each call. Default: 10000. */
  readonly rpcMs?: number | undefined;
}

/** Authentication data: a JSON value, or a function that returns one, or a promise of one, and is called for each attempt to connect. */
export type MetadataOption = Serializable | (() => Serializable | undefined | PromiseLike<Serializable | undefined>);

/** A last word on the configuration of the peer connection: takes the server's, returns the one to use. */
export type RtcConfigurationOption = (offered: RTCConfiguration) => RTCConfiguration;

/** The place for codec preferences and encoded transforms. The answer waits for a promise that it returns. */
export type BeforeAnswerOption = (peerConnection: RTCPeerConnection) => unknown;

/**
 * The options of a session. Only `signalingUrl`, `channelId` and `role` are required.
 *
 * A wrong or unknown option is a {@link SoraOptionsError} that names it. Members that are undefined count as absent.
 */
export interface ConnectOptions extends ConnectRequest {
  /** Where the server is: `ws:` or `wss:`. Several URLs are tried as `signalingUrlPolicy` says, and the first that opens is used. */
  readonly signalingUrl: string | readonly string[];
  /** In what order several signaling URLs are tried: `parallel`, `staggered`, `sequential`, `sticky`, or one's own. Default: `parallel`. @source Q49 */
  readonly signalingUrlPolicy?: SignalingUrlPolicy | undefined;
  /** Authentication data for the server. Default: none, and then the member is absent from the message. */
  readonly metadata?: MetadataOption | undefined;
  /** The local stream whose tracks are sent; not used with the role `recvonly`. Default: none. */
  readonly stream?: MediaStreamLike | undefined;
  /** Whether `disconnect()` waits for the server (`graceful`) or not. Default: `graceful`. @source T16-T24, Q15 */
  readonly disconnectPolicy?: 'graceful' | 'immediate' | undefined;
  /** Whether a long ICE disconnect ends the session only on runtimes without `connectionState` or always. Default: `when-undefined`. @source Q44 */
  readonly iceDisconnectedRule?: 'when-undefined' | 'always' | undefined;
  /** Limits of time. */
  readonly timeouts?: TimeoutOptions | undefined;
  /** The W3C objects to use instead of the global ones, for other runtimes and for tests. Default: `globalThis`, read when a session starts. */
  readonly platform?: Partial<Platform> | undefined;
  /** Ends the session when it aborts, without waiting for the server. One that aborted earlier ends it when `connect()` is called. @source Q79 */
  readonly signal?: AbortSignal | undefined;
  /** Adds `stereo=1` to the Opus parameters of received audio, which Chromium needs to play stereo. Default: false. */
  readonly forceStereoOutput?: boolean | undefined;
  /** Sends no ICE candidates; the server needs none. Default: false. */
  readonly skipIceCandidateEvent?: boolean | undefined;
  /** A last word on the configuration of the peer connection. Default: the server's, unchanged. */
  readonly rtcConfiguration?: RtcConfigurationOption | undefined;
  /** Called before each answer is made, when the offer is set and the tracks are added. Default: none. */
  readonly beforeAnswer?: BeforeAnswerOption | undefined;
  /** What may leave the application, in timelines, recordings, telemetry and texts of failures. Default: `redact`, which a policy of one's own may begin with. */
  readonly redaction?: Redaction | undefined;
}

/** {@link TimeoutOptions} with every member filled in. */
export type Timeouts = { readonly [Name in keyof TimeoutOptions]-?: number };

/** Options after their check, with defaults filled in. Members without a default are absent where they were not given. */
export interface SessionConfig extends Omit<ConnectRequest, 'audio' | 'video'> {
  /** At least one; as given, without duplicates. */
  readonly signalingUrls: readonly string[];
  readonly signalingUrlPolicy?: SignalingUrlPolicy;
  readonly audio: NonNullable<ConnectRequest['audio']>;
  readonly video: NonNullable<ConnectRequest['video']>;
  readonly metadata?: MetadataOption;
  readonly stream?: MediaStreamLike;
  readonly disconnectPolicy: 'graceful' | 'immediate';
  readonly iceDisconnectedRule: 'when-undefined' | 'always';
  readonly timeouts: Timeouts;
  readonly platform: Partial<Platform>;
  readonly signal?: AbortSignal;
  readonly forceStereoOutput: boolean;
  readonly skipIceCandidateEvent: boolean;
  readonly rtcConfiguration?: RtcConfigurationOption;
  readonly beforeAnswer?: BeforeAnswerOption;
  readonly redaction?: Redaction;
}

/** An object of the platform, of which only a few members can be checked. */
const objectWith = <Live extends object>(what: string, ...methods: readonly string[]): Check<Live> =>
  mustBe<Live>(
    what,
    (value) =>
      typeof value === 'object' &&
      (value as object | null) !== null &&
      methods.every((name) => typeof value[name as keyof Live] === 'function'),
  );

const CONSTRUCTORS = ['WebSocket', 'RTCPeerConnection', 'CompressionStream', 'DecompressionStream', 'now'] as const;

const platformOption: Check<Partial<Platform>> = (value, path) => {
  const platform = objectWith<Partial<Platform>>('an object')(value, path);
  for (const name of CONSTRUCTORS) if (platform[name] !== undefined) callable()(platform[name], `${path}.${name}`);
  if (platform.userAgent !== undefined) anyText(platform.userAgent, `${path}.userAgent`);
  if ((platform.page ?? null) !== null) objectWith('an EventTarget or null')(platform.page, `${path}.page`);
  return platform;
};

/** The options with the two members that the check changes: URLs become a list, limits have no gaps. */
interface Given extends Omit<ConnectOptions, 'signalingUrl' | 'timeouts'> {
  readonly signalingUrl: readonly string[];
  readonly timeouts?: Checked<TimeoutOptions>;
}

const given = groupOf<Given>(
  {
    signalingUrl: signalingUrlOption,
    signalingUrlPolicy: callable<SignalingUrlPolicy>(),
    channelId: identifier,
    role: oneOf(...roles),
    clientId: identifier,
    bundleId: identifier,
    audio: audioOption,
    video: videoOption,
    simulcast: flag,
    simulcastRid: oneOf(...rids),
    simulcastRequestRid: oneOf(...requestRids),
    spotlight: spotlightOption,
    dataChannelSignaling: flag,
    ignoreDisconnectWebSocket: flag,
    dataChannels: dataChannelsOption,
    metadata: (value, path) => (typeof value === 'function' ? value : json(value, path)),
    signalingNotifyMetadata: json,
    forwardingFilters: listOf(forwardingFilterOption),
    forwardingFilter: forwardingFilterOption,
    audioStreamingLanguageCode: text,
    stream: objectWith<MediaStreamLike>('a MediaStream', 'getTracks'),
    disconnectPolicy: oneOf('graceful', 'immediate'),
    iceDisconnectedRule: oneOf('when-undefined', 'always'),
    timeouts: groupOf<TimeoutOptions>({
      connectionMs: delayMs,
      signalingUrlMs: delayMs,
      disconnectMs: delayMs,
      iceDisconnectedMs: delayMs,
      dataChannelGraceMs: delayMs,
      rpcMs: delayMs,
    }),
    platform: platformOption,
    signal: objectWith<AbortSignal>('an AbortSignal', 'addEventListener'),
    forceStereoOutput: flag,
    skipIceCandidateEvent: flag,
    rtcConfiguration: callable<RtcConfigurationOption>(),
    beforeAnswer: callable<BeforeAnswerOption>(),
    redaction: callable<Redaction>(),
  },
  'signalingUrl',
  'channelId',
  'role',
);

/** A getter, a `toJSON` or a Proxy of the caller may throw anything, and no path says where. */
function read(options: ConnectOptions): ReturnType<typeof given> {
  try {
    return given(options, '');
  } catch (error) {
    throw error instanceof SoraOptionsError ? error : Object.assign(new SoraOptionsError('', 'cannot be read'), { cause: error });
  }
}

/**
 * Checks every option and fills in the defaults. Opens nothing and reads no global.
 *
 * @throws SoraOptionsError for the first wrong option, named by its path
 */
export function checkOptions(options: ConnectOptions): SessionConfig {
  const { signalingUrl, timeouts, ...checked } = read(options);
  if (checked.forwardingFilter !== undefined && checked.forwardingFilters !== undefined) {
    throw new SoraOptionsError('forwardingFilter', 'excludes forwardingFilters');
  }
  return {
    audio: true,
    video: true,
    disconnectPolicy: 'graceful',
    iceDisconnectedRule: 'when-undefined',
    platform: {},
    forceStereoOutput: false,
    skipIceCandidateEvent: false,
    ...checked,
    signalingUrls: signalingUrl,
    timeouts: {
      connectionMs: 60_000,
      signalingUrlMs: 3_000,
      disconnectMs: 3_000,
      iceDisconnectedMs: 10_000,
      dataChannelGraceMs: 500,
      rpcMs: 10_000,
      ...timeouts,
    },
  };
}

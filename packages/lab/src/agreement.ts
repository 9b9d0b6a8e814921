import type { AuthOverrides } from './auth/overrides.ts';
import type { LabSettings } from './lab-options.ts';
import type { ConnectRequest } from './wire/connect-request.ts';
import type { ForwardingFilter } from './wire/forwarding-filter.ts';
import type { JsonObject } from './wire/json.ts';
import type { AudioRequest, VideoRequest } from './wire/media-request.ts';
import type { MetadataExtension } from './wire/notify-message.ts';
import type { UserChannel } from './wire/user-channel.ts';
import { BUILT_IN_LABELS, RIDS, type BuiltInLabel, type Mode, type RequestedRid, type Role, type VideoCodec } from './wire/words.ts';

/** A DataChannel that the lab opens to a client, built-in or `#`. */
export interface AgreedChannel extends UserChannel {
  readonly builtIn: boolean;
}

export interface SpotlightAgreement {
  readonly number: number;
  readonly focusRid: RequestedRid;
  readonly unfocusRid: RequestedRid;
}

/** The final values of a connection: what the client asked for, what authentication made of it, and the lab's defaults for the rest. */
export interface Agreement {
  readonly connectionId: string;
  readonly clientId: string;
  readonly bundleId: string;
  readonly channelId: string;
  readonly role: Role;
  readonly mode: Mode;
  readonly audio: AudioRequest | false;
  readonly video: (VideoRequest & { readonly codec: VideoCodec }) | false;
  readonly simulcast: boolean;
  readonly encodings: readonly JsonObject[];
  /** Layer received at the start; undefined for the best one. */
  readonly requestRid: RequestedRid | undefined;
  /** Layers that RequestSimulcastRid may ask for. */
  readonly rpcRids: readonly RequestedRid[];
  readonly spotlight: SpotlightAgreement | false;
  readonly channels: readonly AgreedChannel[];
  readonly rpcMethods: readonly string[];
  readonly notify: boolean;
  /** Whether it is notified of changes of ICE states. */
  readonly notifyIceState: boolean;
  /** The client's notify metadata. Undefined and `null` differ. */
  readonly authnMetadata: unknown;
  /** The notify metadata given by authentication. */
  readonly authzMetadata: unknown;
  /** Undefined: the notify metadata extension is off. */
  readonly metadataExtension: MetadataExtension | undefined;
  readonly offerMetadata: unknown;
  /** `event_metadata` of the auth response. */
  readonly eventMetadata: unknown;
  readonly forwardingFilters: readonly ForwardingFilter[];
  /** 0: no limit. */
  readonly lifetimeMs: number;
  /** Undefined: its audio is not streamed. */
  readonly audioStreamingLanguageCode: string | undefined;
}

const BUILT_IN_DIRECTIONS: Readonly<Record<BuiltInLabel, Role>> = {
  signaling: 'sendrecv',
  notify: 'recvonly',
  push: 'recvonly',
  stats: 'sendrecv',
  rpc: 'sendrecv',
};

/** Default layers. @source Sora simulcast documentation: scaled by 4, 2 and 1, each L1T1 */
const DEFAULT_ENCODINGS: readonly JsonObject[] = RIDS.map((rid, index) => ({
  rid,
  active: true,
  scaleResolutionDownBy: 4 / 2 ** index,
  scalabilityMode: 'L1T1',
}));

const isCompressed = (settings: LabSettings, label: string): boolean =>
  typeof settings.compress === 'boolean' ? settings.compress : (settings.compress[label] ?? true);

/** The channels to open: none without DataChannel signaling, else the built-in ones and the `#` ones (O5, O14). */
function agreeChannels(users: readonly UserChannel[], settings: LabSettings): readonly AgreedChannel[] {
  const builtIn = BUILT_IN_LABELS.filter((label) => label !== 'rpc' || settings.rpc).map((label): AgreedChannel => ({
    label,
    direction: BUILT_IN_DIRECTIONS[label],
    ordered: true,
    compress: isCompressed(settings, label),
    protocol: '',
    senderHeader: false,
    builtIn: true,
  }));
  const user = settings.messaging ? users.map((channel): AgreedChannel => ({ ...channel, builtIn: false })) : [];
  return [...builtIn, ...user];
}

function agreeAudio(request: ConnectRequest, overrides: AuthOverrides): Agreement['audio'] {
  if (!(overrides.audio ?? request.audio !== false)) return false;
  const asked: AudioRequest = request.audio === false ? { codec: 'OPUS', opusParams: {} } : request.audio;
  const bitRate = overrides.audioBitRate ?? asked.bitRate;
  return {
    codec: 'OPUS',
    ...(bitRate === undefined ? {} : { bitRate }),
    opusParams: { ...asked.opusParams, ...overrides.audioOpusParams },
  };
}

function agreeVideo(request: ConnectRequest, overrides: AuthOverrides, settings: LabSettings): Agreement['video'] {
  if (!(overrides.video ?? request.video !== false)) return false;
  const asked: VideoRequest = request.video === false ? { params: {} } : request.video;
  const bitRate = overrides.videoBitRate ?? asked.bitRate;
  return {
    codec: overrides.videoCodec ?? asked.codec ?? settings.videoCodec,
    ...(bitRate === undefined ? {} : { bitRate }),
    params: { ...asked.params, ...overrides.videoParams },
  };
}

function agreeSpotlight(request: ConnectRequest, overrides: AuthOverrides, settings: LabSettings): Agreement['spotlight'] {
  if (!(overrides.spotlight ?? request.spotlight ?? false)) return false;
  return {
    number: overrides.spotlightNumber ?? request.spotlightNumber ?? settings.spotlightNumber,
    focusRid: overrides.spotlightFocusRid ?? request.spotlightFocusRid ?? 'r2',
    unfocusRid: overrides.spotlightUnfocusRid ?? request.spotlightUnfocusRid ?? 'r0',
  };
}

function agreeEncodings(spotlight: boolean, { simulcastEncodings, spotlightEncodings }: AuthOverrides): Agreement['encodings'] {
  return (spotlight ? spotlightEncodings : undefined) ?? simulcastEncodings ?? DEFAULT_ENCODINGS;
}

const modeOf = (dataChannels: boolean, ignoreWebSocket: boolean): Mode => {
  if (!dataChannels) return 'websocket';
  return ignoreWebSocket ? 'datachannel' : 'both';
};

/** Combines request, authentication and settings. Authentication takes precedence over the client, the client over the settings. */
export function agree(request: ConnectRequest, overrides: AuthOverrides, settings: LabSettings, connectionId: string): Agreement {
  const dataChannelSignaling = overrides.dataChannelSignaling ?? request.dataChannelSignaling ?? settings.dataChannelSignaling;
  const ignoreDisconnectWebSocket =
    overrides.ignoreDisconnectWebSocket ?? request.ignoreDisconnectWebSocket ?? settings.ignoreDisconnectWebSocket;
  const spotlight = agreeSpotlight(request, overrides, settings);
  return {
    connectionId,
    clientId: overrides.clientId ?? request.clientId ?? connectionId,
    bundleId: overrides.bundleId ?? request.bundleId ?? connectionId,
    channelId: request.channelId,
    role: request.role,
    mode: modeOf(dataChannelSignaling, ignoreDisconnectWebSocket),
    audio: agreeAudio(request, overrides),
    video: agreeVideo(request, overrides, settings),
    simulcast: overrides.simulcast ?? request.simulcast ?? false,
    encodings: agreeEncodings(spotlight !== false, overrides),
    requestRid: overrides.simulcastRequestRid ?? request.simulcastRequestRid,
    rpcRids: overrides.simulcastRpcRids ?? ['none', ...RIDS],
    spotlight,
    channels: dataChannelSignaling ? agreeChannels(overrides.dataChannels ?? request.dataChannels, settings) : [],
    rpcMethods: overrides.rpcMethods ?? settings.rpcMethods,
    notify: overrides.notify ?? settings.notify,
    notifyIceState: overrides.notifyIceState ?? false,
    authnMetadata: request.signalingNotifyMetadata,
    authzMetadata: overrides.notifyMetadata,
    metadataExtension: overrides.metadataExtension,
    offerMetadata: overrides.offerMetadata,
    eventMetadata: overrides.eventMetadata,
    forwardingFilters: overrides.forwardingFilters ?? request.forwardingFilters,
    lifetimeMs: overrides.lifetimeMs ?? settings.lifetimeMs,
    audioStreamingLanguageCode: overrides.audioStreamingLanguageCode ?? request.audioStreamingLanguageCode,
  };
}

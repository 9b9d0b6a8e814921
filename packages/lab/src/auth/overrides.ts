import { checked, Fields, type Checked } from '../wire/fields.ts';
import { readForwardingFilters, type ForwardingFilter } from '../wire/forwarding-filter.ts';
import { isJsonObject, withoutUndefined, type JsonObject } from '../wire/json.ts';
import { readOpusParams } from '../wire/media-request.ts';
import type { MetadataExtension } from '../wire/notify-message.ts';
import { readUserChannels, type UserChannel } from '../wire/user-channel.ts';
import { REQUESTED_RIDS, RIDS, VIDEO_CODECS, type RequestedRid, type VideoCodec } from '../wire/words.ts';

/** An auth response that passed the checks. An absent member leaves what the client asked for. */
export interface AuthOverrides {
  readonly clientId?: string;
  readonly bundleId?: string;
  readonly audio?: boolean;
  readonly audioBitRate?: number;
  readonly audioOpusParams?: Readonly<Record<string, number | boolean>>;
  readonly video?: boolean;
  readonly videoCodec?: VideoCodec;
  readonly videoBitRate?: number;
  readonly videoParams: JsonObject;
  readonly simulcast?: boolean;
  readonly simulcastRequestRid?: RequestedRid;
  readonly simulcastEncodings?: readonly JsonObject[];
  readonly simulcastRpcRids?: readonly RequestedRid[];
  readonly spotlight?: boolean;
  readonly spotlightNumber?: number;
  readonly spotlightFocusRid?: RequestedRid;
  readonly spotlightUnfocusRid?: RequestedRid;
  readonly spotlightEncodings?: readonly JsonObject[];
  readonly dataChannelSignaling?: boolean;
  readonly ignoreDisconnectWebSocket?: boolean;
  readonly dataChannels?: readonly UserChannel[];
  readonly notify?: boolean;
  readonly notifyMetadata?: unknown;
  readonly metadataExtension?: MetadataExtension;
  readonly notifyIceState?: boolean;
  readonly rpcMethods?: readonly string[];
  readonly offerMetadata?: unknown;
  readonly eventMetadata?: unknown;
  readonly audioStreamingLanguageCode?: string;
  readonly lifetimeMs?: number;
  readonly forwardingFilters?: readonly ForwardingFilter[];
}

/** Without authentication every client gets what it asked for. */
export const NO_OVERRIDES: AuthOverrides = { videoParams: {} };

/** The outcome of authentication: the overrides, or the reason of the close with 4490, with a detail for the log. */
export type Authorization =
  { readonly ok: true; readonly value: AuthOverrides } | { readonly ok: false; readonly reason: string; readonly detail?: string };

/** Reasons of a close, in the vendor's words. */
export const AUTHENTICATION_FAILURE = 'AUTHENTICATION-FAILURE';
const AUTHENTICATION_INTERNAL_ERROR = 'AUTHENTICATION-INTERNAL-ERROR';

const MAX_LIFETIME_SECONDS = 2_147_483;

function texts(fields: Fields, name: string): readonly string[] | undefined {
  return fields.list(name, 1000)?.map((entry) => (typeof entry === 'string' ? entry : fields.refuse(name, 'must hold strings')));
}

function rids(fields: Fields, name: string): readonly RequestedRid[] | undefined {
  return fields
    .list(name, 8)
    ?.map((entry) => REQUESTED_RIDS.find((rid) => rid === entry) ?? fields.refuse(name, `must hold ${REQUESTED_RIDS.join(', ')}`));
}

function objects(fields: Fields, name: string): readonly JsonObject[] | undefined {
  return fields.list(name, 8)?.map((entry) => (isJsonObject(entry) ? entry : fields.refuse(name, 'must hold objects')));
}

function videoParams(fields: Fields): JsonObject {
  const names = ['vp9_params', 'av1_params', 'h264_params', 'h265_params'];
  return Object.fromEntries(names.filter((name) => fields.has(`video_${name}`)).map((name) => [name, fields.any(`video_${name}`)]));
}

/** `true` turns the extension on without a value, `false` leaves it off, anything else is its first value. */
function metadataExtension(fields: Fields): MetadataExtension | undefined {
  const given = fields.any('signaling_notify_metadata_ext');
  if (given === undefined || given === false) return undefined;
  return { value: given === true ? undefined : given };
}

/** Refuses what the lab cannot do. If it ignored it, a test would believe that its client had used TURN, or two codecs. */
function refuseImpossible(fields: Fields): void {
  const noTurn = 'is impossible: the lab has no TURN server';
  for (const name of ['turn_fqdn', 'turn_tls_fqdn', 'ipv4_address', 'ipv6_address']) {
    if (fields.text(name) !== undefined) fields.refuse(name, noTurn);
  }
  for (const name of ['turn_tcp_only', 'turn_tls_only']) if (fields.flag(name) === true) fields.refuse(name, noTurn);
  if (fields.flag('simulcast_multicodec') === true) fields.refuse('simulcast_multicodec', 'is impossible: the lab takes one codec');
}

function readOverrides(fields: Fields): AuthOverrides {
  refuseImpossible(fields);
  const opus = fields.object('audio_opus_params');
  const lifetimeSeconds = fields.integer('connection_lifetime', 1, MAX_LIFETIME_SECONDS);
  const several = fields.has('forwarding_filters') || fields.has('forwarding_filter');
  fields.oneOf('audio_codec_type', ['OPUS']);
  return withoutUndefined({
    clientId: fields.text('client_id', { minLength: 1, maxBytes: 255 }),
    bundleId: fields.text('bundle_id', { minLength: 1, maxBytes: 255 }),
    audio: fields.flag('audio'),
    audioBitRate: fields.integer('audio_bit_rate', 6, 510),
    audioOpusParams: opus === undefined ? undefined : readOpusParams(opus),
    video: fields.flag('video'),
    videoCodec: fields.oneOf('video_codec_type', VIDEO_CODECS),
    videoBitRate: fields.integer('video_bit_rate', 1, 50_000),
    videoParams: videoParams(fields),
    simulcast: fields.flag('simulcast'),
    simulcastRequestRid: fields.oneOf('simulcast_request_rid', REQUESTED_RIDS) ?? fields.oneOf('simulcast_rid', RIDS),
    simulcastEncodings: objects(fields, 'simulcast_encodings'),
    simulcastRpcRids: rids(fields, 'simulcast_rpc_rids'),
    spotlight: fields.flag('spotlight'),
    spotlightNumber: fields.integer('spotlight_number', 1, 8),
    spotlightFocusRid: fields.oneOf('spotlight_focus_rid', REQUESTED_RIDS),
    spotlightUnfocusRid: fields.oneOf('spotlight_unfocus_rid', REQUESTED_RIDS),
    spotlightEncodings: objects(fields, 'spotlight_encodings'),
    dataChannelSignaling: fields.flag('data_channel_signaling'),
    ignoreDisconnectWebSocket: fields.flag('ignore_disconnect_websocket'),
    dataChannels: fields.has('data_channels') ? readUserChannels(fields, 1000) : undefined,
    notify: fields.flag('signaling_notify'),
    notifyMetadata: fields.any('signaling_notify_metadata'),
    metadataExtension: metadataExtension(fields),
    notifyIceState: fields.flag('signaling_notify_ice_connection_state'),
    rpcMethods: texts(fields, 'rpc_methods'),
    offerMetadata: fields.any('metadata'),
    eventMetadata: fields.any('event_metadata'),
    audioStreamingLanguageCode: fields.text('audio_streaming_language_code', { maxBytes: 255 }),
    lifetimeMs: lifetimeSeconds === undefined ? undefined : lifetimeSeconds * 1000,
    forwardingFilters: several ? readForwardingFilters(fields) : undefined,
  });
}

/** Reads the claims of an access token, named like the members of an auth response. */
export const readClaims = (claims: JsonObject): Checked<AuthOverrides> => checked(() => readOverrides(new Fields(claims)));

/**
 * Reads an auth response. An invalid one refuses the connection, and so does a refusal without a reason: Sora treats both as an error of the
 * webhook.
 */
export function readAuthResponse(response: unknown): Authorization {
  const outcome = checked((): Authorization => {
    const fields = Fields.of(response, 'response');
    const allowed = fields.flag('allowed') ?? fields.refuse('allowed', 'is required');
    if (!allowed) return { ok: false, reason: fields.requiredText('reason', { minLength: 1 }) };
    return { ok: true, value: readOverrides(fields) };
  });
  return outcome.ok ? outcome.value : authenticationError(`INVALID-AUTH-WEBHOOK-RESPONSE-JSON: ${outcome.reason}`);
}

/** The auth function or webhook failed. */
export const authenticationError = (detail: string): Authorization => ({ ok: false, reason: AUTHENTICATION_INTERNAL_ERROR, detail });

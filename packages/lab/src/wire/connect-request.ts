import { checked, Fields, type Checked } from './fields.ts';
import { readForwardingFilters, type ForwardingFilter } from './forwarding-filter.ts';
import { withoutUndefined, type JsonObject } from './json.ts';
import { readAudio, readVideo, type AudioRequest, type VideoRequest } from './media-request.ts';
import { readUserChannels, type UserChannel } from './user-channel.ts';
import { REQUESTED_RIDS, RIDS, ROLES, type RequestedRid, type Role } from './words.ts';

/** A `connect` message that passed the checks: what the client asks for. */
export interface ConnectRequest {
  readonly role: Role;
  readonly channelId: string;
  readonly clientId?: string;
  readonly bundleId?: string;
  /** Authentication data. Absent and `null` differ. */
  readonly metadata?: unknown;
  readonly signalingNotifyMetadata?: unknown;
  readonly redirected: boolean;
  readonly soraClient?: string;
  readonly environment?: string;
  readonly libwebrtc?: string;
  readonly audio: AudioRequest | false;
  readonly video: VideoRequest | false;
  readonly simulcast?: boolean;
  /** `simulcast_request_rid`, else the deprecated `simulcast_rid` (O19). */
  readonly simulcastRequestRid?: RequestedRid;
  readonly spotlight?: boolean;
  readonly spotlightNumber?: number;
  readonly spotlightFocusRid?: RequestedRid;
  readonly spotlightUnfocusRid?: RequestedRid;
  readonly dataChannelSignaling?: boolean;
  readonly ignoreDisconnectWebSocket?: boolean;
  readonly dataChannels: readonly UserChannel[];
  readonly forwardingFilters: readonly ForwardingFilter[];
  readonly audioStreamingLanguageCode?: string;
  /** The whole message as received. */
  readonly message: JsonObject;
}

export interface ConnectLimits {
  readonly maxUserChannels: number;
  readonly bundleIdAllowed: boolean;
}

const MAX_ID_BYTES = 255;

function readSpotlight(fields: Fields): Partial<ConnectRequest> {
  const spotlight = fields.flag('spotlight');
  const focusRid = fields.oneOf('spotlight_focus_rid', REQUESTED_RIDS);
  const unfocusRid = fields.oneOf('spotlight_unfocus_rid', REQUESTED_RIDS);
  if (spotlight !== true && focusRid !== undefined) fields.refuse('spotlight_focus_rid', 'needs spotlight');
  if (spotlight !== true && unfocusRid !== undefined) fields.refuse('spotlight_unfocus_rid', 'needs spotlight');
  return withoutUndefined({
    spotlight,
    spotlightNumber: fields.integer('spotlight_number', 1, 8),
    spotlightFocusRid: focusRid,
    spotlightUnfocusRid: unfocusRid,
  });
}

function readSimulcast(fields: Fields): Partial<ConnectRequest> {
  const simulcast = fields.flag('simulcast');
  if (fields.flag('simulcast_multicodec') === true) {
    fields.refuse('simulcast_multicodec', simulcast === true ? 'is not allowed by this server' : 'needs simulcast');
  }
  const deprecated = fields.oneOf('simulcast_rid', RIDS);
  return withoutUndefined({
    simulcast,
    simulcastRequestRid: fields.oneOf('simulcast_request_rid', REQUESTED_RIDS) ?? deprecated,
  });
}

function readIdentity(fields: Fields, limits: ConnectLimits): Partial<ConnectRequest> {
  const bundleId = fields.text('bundle_id', { minLength: 1, maxBytes: MAX_ID_BYTES });
  if (bundleId !== undefined && !limits.bundleIdAllowed) fields.refuse('bundle_id', 'is not allowed by this server');
  return withoutUndefined({ clientId: fields.text('client_id', { minLength: 1, maxBytes: MAX_ID_BYTES }), bundleId });
}

function readConnect(message: JsonObject, limits: ConnectLimits): ConnectRequest {
  const fields = new Fields(message);
  return {
    role: fields.requiredOneOf('role', ROLES),
    channelId: fields.requiredText('channel_id', { minLength: 1, maxBytes: MAX_ID_BYTES }),
    ...readIdentity(fields, limits),
    ...(fields.has('metadata') ? { metadata: fields.any('metadata') } : {}),
    ...(fields.has('signaling_notify_metadata') ? { signalingNotifyMetadata: fields.any('signaling_notify_metadata') } : {}),
    redirected: fields.flag('redirect') ?? false,
    audio: readAudio(fields),
    video: readVideo(fields),
    ...readSimulcast(fields),
    ...readSpotlight(fields),
    ...withoutUndefined({
      soraClient: fields.text('sora_client'),
      environment: fields.text('environment'),
      libwebrtc: fields.text('libwebrtc'),
      dataChannelSignaling: fields.flag('data_channel_signaling'),
      ignoreDisconnectWebSocket: fields.flag('ignore_disconnect_websocket'),
      audioStreamingLanguageCode: fields.text('audio_streaming_language_code', { maxBytes: 255 }),
    }),
    dataChannels: readUserChannels(fields, limits.maxUserChannels),
    forwardingFilters: readForwardingFilters(fields),
    message,
  };
}

/**
 * Checks a `connect` message. Unknown members and obsolete ones (`multistream`, `e2ee`, `plan_b` …) are ignored; a known member with a wrong value
 * is the reason for closing the socket with 4490.
 */
export const checkConnect = (message: JsonObject, limits: ConnectLimits): Checked<ConnectRequest> =>
  checked(() => readConnect(message, limits));

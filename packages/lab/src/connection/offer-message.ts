import type { AgreedChannel, Agreement } from '../agreement.ts';
import type { ShapingFaults } from '../faults/shaping-faults.ts';
import { IDENTIFIER_LENGTH } from '../wire/identifiers.ts';
import { withoutUndefined, type JsonObject } from '../wire/json.ts';
import type { MessageSender } from './message-sender.ts';

/** What an offer needs besides the agreement. */
export interface OfferParts {
  readonly sdp: string;
  readonly version: string;
  readonly sessionId: string;
  readonly mid: { readonly audio?: string; readonly video?: string };
}

const channelEntry = (channel: AgreedChannel): JsonObject => ({
  label: channel.label,
  direction: channel.direction,
  compress: channel.compress,
  ...(channel.senderHeader ? { header: [{ type: 'sender_connection_id', length: IDENTIFIER_LENGTH }] } : {}),
});

/**
 * The `offer` with every member that a client may read. A real server relays all media through TURN; the lab has no TURN server and is reached
 * directly, so `iceServers` is empty and the policy is `all`.
 */
export function offerMessage(agreement: Agreement, parts: OfferParts): JsonObject {
  const { audio, video, channels, mode } = agreement;
  const sends = agreement.role !== 'recvonly';
  return withoutUndefined({
    type: 'offer',
    sdp: parts.sdp,
    version: parts.version,
    channel_id: agreement.channelId,
    session_id: parts.sessionId,
    client_id: agreement.clientId,
    bundle_id: agreement.bundleId,
    connection_id: agreement.connectionId,
    metadata: agreement.offerMetadata,
    config: { iceServers: [], iceTransportPolicy: 'all' },
    simulcast: agreement.simulcast,
    simulcast_multicodec: false,
    spotlight: agreement.spotlight !== false,
    encodings: agreement.simulcast && sends && video !== false ? agreement.encodings : undefined,
    mid: parts.mid.audio === undefined && parts.mid.video === undefined ? undefined : parts.mid,
    audio: audio !== false,
    audio_codec_type: audio === false ? undefined : audio.codec,
    audio_bit_rate: audio === false ? undefined : audio.bitRate,
    video: video !== false,
    video_codec_type: video === false ? undefined : video.codec,
    video_bit_rate: video === false ? undefined : video.bitRate,
    data_channel_signaling: mode !== 'websocket',
    ignore_disconnect_websocket: mode === 'datachannel',
    data_channels: channels.length === 0 ? undefined : channels.map(channelEntry),
    rpc_methods: channels.some((channel) => channel.label === 'rpc') ? agreement.rpcMethods : undefined,
  });
}

const INVALID_SDP = 'not a session description';

/** Replaces members of an offer; `null` removes one. */
const altered = (offer: JsonObject, members: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries({ ...offer, ...members }).filter(([, value]) => value !== null));

function shapedOffer(agreement: Agreement, parts: OfferParts, shaping: ShapingFaults): JsonObject {
  const badSdp = shaping.get('offer-bad-sdp');
  const offer = offerMessage(agreement, badSdp === undefined ? parts : { ...parts, sdp: badSdp.sdp ?? INVALID_SDP });
  const members = shaping.get('offer-altered')?.members;
  return members === undefined ? offer : altered(offer, members);
}

/** Sends the first offer of a connection, with what faults change about it or send around it. */
export function sendFirstOffer(agreement: Agreement, parts: OfferParts, shaping: ShapingFaults, sender: MessageSender): void {
  const early = shaping.get('wrong-order')?.message;
  if (early !== undefined) sender.sendOnWebSocket(early);
  const offer = shapedOffer(agreement, parts, shaping);
  sender.sendOnWebSocket(offer);
  if (shaping.has('offer-duplicate')) sender.sendOnWebSocket(offer);
}

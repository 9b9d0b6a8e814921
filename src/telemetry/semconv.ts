/**
 * Every name that telemetry emits, in one place. OpenTelemetry has no convention for WebRTC: `webrtc.*` is neutral and may change with the first one that comes,
 * `shiguredo.sora.*` is about Sora. Names that OpenTelemetry knows are used as it means them.
 *
 * @source OpenTelemetry semantic conventions, naming; docs/telemetry.md has a line for each of them
 */

// Spans
export const SPAN_CONNECT = 'shiguredo.sora.connect';
export const SPAN_CONNECT_WEBSOCKET = 'shiguredo.sora.connect.websocket';
export const SPAN_CONNECT_SIGNALING = 'shiguredo.sora.connect.signaling';
export const SPAN_CONNECT_NEGOTIATION = 'shiguredo.sora.connect.negotiation';
export const SPAN_CONNECT_ICE = 'shiguredo.sora.connect.ice';
export const SPAN_RENEGOTIATE = 'shiguredo.sora.renegotiate';
export const SPAN_DISCONNECT = 'shiguredo.sora.disconnect';

// Metrics
export const METRIC_CONNECTION_DURATION = 'shiguredo.sora.client.connection.duration';
export const METRIC_CONNECT_DURATION = 'shiguredo.sora.client.connect.duration';
export const METRIC_CONNECTION_ACTIVE = 'shiguredo.sora.client.connection.active';
export const METRIC_TERMINATION_COUNT = 'shiguredo.sora.client.termination.count';
export const METRIC_RECONNECT_COUNT = 'shiguredo.sora.client.reconnect.count';
export const METRIC_SIGNALING_MESSAGE_COUNT = 'shiguredo.sora.client.signaling.message.count';
export const METRIC_RTP_IO = 'webrtc.client.rtp.io';
export const METRIC_RTP_PACKET_COUNT = 'webrtc.client.rtp.packet.count';
export const METRIC_RTP_PACKET_LOST = 'webrtc.client.rtp.packet.lost';
export const METRIC_RTT = 'webrtc.client.rtt';
export const METRIC_JITTER = 'webrtc.client.jitter';
export const METRIC_FREEZE_COUNT = 'webrtc.client.video.freeze.count';
export const METRIC_FREEZE_DURATION = 'webrtc.client.video.freeze.duration';
export const METRIC_QUALITY_LIMITATION_DURATION = 'webrtc.client.video.quality_limitation.duration';
export const METRIC_CONCEALMENT_RATIO = 'webrtc.client.audio.concealment.ratio';
export const METRIC_DATA_CHANNEL_BUFFERED = 'webrtc.client.data_channel.buffered';

// Events
export const EVENT_ESTABLISHED = 'shiguredo.sora.connection.established';
export const EVENT_TERMINATED = 'shiguredo.sora.connection.terminated';
export const EVENT_ATTEMPT_FAILED = 'shiguredo.sora.connection.attempt_failed';
export const EVENT_SWITCHED = 'shiguredo.sora.connection.switched';
export const EVENT_REDIRECTED = 'shiguredo.sora.connection.redirected';
export const EVENT_STALLED = 'shiguredo.sora.connection.stalled';
export const EVENT_RECOVERED = 'shiguredo.sora.connection.recovered';
export const EVENT_NETWORK_STATUS_CHANGED = 'shiguredo.sora.network_status.changed';
export const EVENT_QUALITY_CHANGED = 'webrtc.quality.changed';
export const EVENT_TRACK_FROZEN = 'webrtc.track.frozen';

// Attributes: the end
export const ATTR_TERMINATION_KIND = 'shiguredo.sora.termination.kind';
export const ATTR_TERMINATION_PHASE = 'shiguredo.sora.termination.phase';
export const ATTR_TERMINATION_ORIGIN = 'shiguredo.sora.termination.origin';
export const ATTR_TERMINATION_RETRY = 'shiguredo.sora.termination.retry';
export const ATTR_TERMINATION_TRIGGER = 'shiguredo.sora.termination.trigger';
export const ATTR_TERMINATION_OUTCOME = 'shiguredo.sora.termination.outcome';
export const ATTR_TERMINATION_INTERRUPTED_BY = 'shiguredo.sora.termination.interrupted_by';
export const ATTR_TERMINATION_AFTER = 'shiguredo.sora.termination.after';
export const ATTR_TERMINATION_STEP = 'shiguredo.sora.termination.step';
export const ATTR_TERMINATION_DATA_CHANNEL = 'shiguredo.sora.termination.data_channel';
export const ATTR_TERMINATION_TRAILING_EVENTS = 'shiguredo.sora.termination.trailing_events';
export const ATTR_DISCONNECT_REASON = 'shiguredo.sora.disconnect.reason';
export const ATTR_DISCONNECT_TRANSPORT = 'shiguredo.sora.disconnect.transport';
export const ATTR_DISCONNECT_SENT = 'shiguredo.sora.disconnect.sent';
export const ATTR_CLOSE_CODE = 'shiguredo.sora.close.code';
export const ATTR_CLOSE_REASON = 'shiguredo.sora.close.reason';
export const ATTR_CLOSE_TRANSPORT = 'shiguredo.sora.close.transport';
export const ATTR_CONNECT_DURATION = 'shiguredo.sora.connect.duration';
export const ATTR_CONNECTION_DURATION = 'shiguredo.sora.connection.duration';
export const ATTR_CLOSING_DURATION = 'shiguredo.sora.closing.duration';

// Attributes: the session
export const ATTR_ROLE = 'shiguredo.sora.role';
export const ATTR_CHANNEL_ID = 'shiguredo.sora.channel.id';
export const ATTR_CLIENT_ID = 'shiguredo.sora.client.id';
export const ATTR_SESSION_ID = 'shiguredo.sora.session.id';
export const ATTR_CONNECTION_ID = 'shiguredo.sora.connection.id';
export const ATTR_BUNDLE_ID = 'shiguredo.sora.bundle.id';
export const ATTR_CONNECTION_ATTEMPT = 'shiguredo.sora.connection.attempt';
export const ATTR_RECONNECT_OUTCOME = 'shiguredo.sora.reconnect.outcome';
export const ATTR_SIGNALING_TRANSPORT = 'shiguredo.sora.signaling.transport';
export const ATTR_SIGNALING_MESSAGE_TYPE = 'shiguredo.sora.signaling.message.type';
export const ATTR_SIGNALING_MESSAGE_DIRECTION = 'shiguredo.sora.signaling.message.direction';
export const ATTR_SWITCHED_IGNORE_DISCONNECT_WEBSOCKET = 'shiguredo.sora.switched.ignore_disconnect_websocket';
export const ATTR_UNSTABLE_LEVEL = 'shiguredo.sora.network_status.unstable_level';

// Attributes: WebRTC
export const ATTR_PEER_CONNECTION_STATE = 'webrtc.peer_connection.state';
export const ATTR_ICE_STATE = 'webrtc.ice.state';
export const ATTR_DTLS_STATE = 'webrtc.dtls.state';
export const ATTR_SCTP_STATE = 'webrtc.sctp.state';
export const ATTR_LOCAL_CANDIDATE_TYPE = 'webrtc.ice.candidate.local.type';
export const ATTR_REMOTE_CANDIDATE_TYPE = 'webrtc.ice.candidate.remote.type';
export const ATTR_RELAY_PROTOCOL = 'webrtc.ice.relay.protocol';
export const ATTR_RTP_DIRECTION = 'webrtc.rtp.direction';
export const ATTR_MEDIA_KIND = 'webrtc.media.kind';
export const ATTR_RID = 'webrtc.rid';
export const ATTR_QUALITY_LIMITATION_REASON = 'webrtc.quality_limitation.reason';
export const ATTR_QUALITY_LIMITATION_PREVIOUS_REASON = 'webrtc.quality_limitation.previous_reason';
export const ATTR_FREEZE_COUNT = 'webrtc.freeze.count';
export const ATTR_DATA_CHANNEL_CLASS = 'webrtc.data_channel.class';
export const ATTR_SAMPLE_AGE = 'webrtc.sample.age';
export const ATTR_SAMPLE_RTT = 'webrtc.sample.rtt';
export const ATTR_SAMPLE_AVAILABLE_BITRATE = 'webrtc.sample.available_bitrate';
export const ATTR_SAMPLE_STALLED = 'webrtc.sample.stalled';
export const ATTR_SAMPLE_INBOUND_BITRATE = 'webrtc.sample.inbound.bitrate';
export const ATTR_SAMPLE_INBOUND_LOSS_RATIO = 'webrtc.sample.inbound.loss_ratio';
export const ATTR_SAMPLE_INBOUND_JITTER = 'webrtc.sample.inbound.jitter';
export const ATTR_SAMPLE_OUTBOUND_BITRATE = 'webrtc.sample.outbound.bitrate';
export const ATTR_SAMPLE_OUTBOUND_LOSS_RATIO = 'webrtc.sample.outbound.loss_ratio';

// Attributes: as OpenTelemetry has them
export const ATTR_ERROR_TYPE = 'error.type';
export const ATTR_EXCEPTION_TYPE = 'exception.type';
export const ATTR_EXCEPTION_MESSAGE = 'exception.message';
export const ATTR_SERVER_ADDRESS = 'server.address';
export const ATTR_SERVER_PORT = 'server.port';
export const ATTR_URL_SCHEME = 'url.scheme';
export const ATTR_NETWORK_PROTOCOL_NAME = 'network.protocol.name';
export const ATTR_NETWORK_TRANSPORT = 'network.transport';
export const ATTR_RPC_SYSTEM_NAME = 'rpc.system.name';
export const ATTR_RPC_METHOD = 'rpc.method';
export const ATTR_RPC_STATUS_CODE = 'rpc.status_code';
export const ATTR_JSONRPC_PROTOCOL_VERSION = 'jsonrpc.protocol.version';
export const ATTR_JSONRPC_REQUEST_ID = 'jsonrpc.request.id';

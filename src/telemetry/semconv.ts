/**
 * Every name that telemetry emits, in one place. OpenTelemetry has no convention for WebRTC: `webrtc.*` is neutral and may change with the first one that comes,
 * `shiguredo.sora.*` is about Sora. Names that OpenTelemetry knows are used as it means them.
 *
 * @source OpenTelemetry semantic conventions, naming; docs/telemetry.md has a line for each of them
 */

// Spans
/** Span. From: `opening`. To: connected, or the end; linked to the attempt before. */
export const SPAN_CONNECT = 'shiguredo.sora.connect';
/** Span: from `opening` to the WebSocket is open; anew after a redirect. */
export const SPAN_CONNECT_WEBSOCKET = 'shiguredo.sora.connect.websocket';
/** Span. From: `connect` is sent. To: the offer. */
export const SPAN_CONNECT_SIGNALING = 'shiguredo.sora.connect.signaling';
/** Span. From: the offer. To: the answer is sent. */
export const SPAN_CONNECT_NEGOTIATION = 'shiguredo.sora.connect.negotiation';
/** Span. From: ICE is `checking`. To: ICE is `connected`. */
export const SPAN_CONNECT_ICE = 'shiguredo.sora.connect.ice';
/** Span. From: `re-offer` or `update`. To: the answer is sent. */
export const SPAN_RENEGOTIATE = 'shiguredo.sora.renegotiate';
/** Span. From: the application ends the session. To: everything is closed. */
export const SPAN_DISCONNECT = 'shiguredo.sora.disconnect';

// Metrics
/** Histogram in s: from connected to the cause of the end. */
export const METRIC_CONNECTION_DURATION = 'shiguredo.sora.client.connection.duration';
/** Histogram in s: from the start to connected, or to the end without it. */
export const METRIC_CONNECT_DURATION = 'shiguredo.sora.client.connect.duration';
/** Updowncounter in {connection}: connections that stand. */
export const METRIC_CONNECTION_ACTIVE = 'shiguredo.sora.client.connection.active';
/** Counter in {termination}: ends. */
export const METRIC_TERMINATION_COUNT = 'shiguredo.sora.client.termination.count';
/** Counter in {attempt}: attempts after an end. */
export const METRIC_RECONNECT_COUNT = 'shiguredo.sora.client.reconnect.count';
/** Counter in {message}: messages of signaling. */
export const METRIC_SIGNALING_MESSAGE_COUNT = 'shiguredo.sora.client.signaling.message.count';
/** Counter in By: payload. */
export const METRIC_RTP_IO = 'webrtc.client.rtp.io';
/** Counter in {packet}: packets. */
export const METRIC_RTP_PACKET_COUNT = 'webrtc.client.rtp.packet.count';
/** Counter in {packet}: packets that did not arrive. */
export const METRIC_RTP_PACKET_LOST = 'webrtc.client.rtp.packet.lost';
/** Histogram in s: round trip of the path in use, at each look. */
export const METRIC_RTT = 'webrtc.client.rtt';
/** Histogram in s: jitter of each received stream, at each look. */
export const METRIC_JITTER = 'webrtc.client.jitter';
/** Counter in {freeze}: freezes of received video. */
export const METRIC_FREEZE_COUNT = 'webrtc.client.video.freeze.count';
/** Counter in s: time frozen. */
export const METRIC_FREEZE_DURATION = 'webrtc.client.video.freeze.duration';
/** Counter in s: time that sent video was limited. */
export const METRIC_QUALITY_LIMITATION_DURATION = 'webrtc.client.video.quality_limitation.duration';
/** Histogram in 1: sound that had to be made up, of all. */
export const METRIC_CONCEALMENT_RATIO = 'webrtc.client.audio.concealment.ratio';
/** Gauge in By: bytes that wait in channels, at each look. */
export const METRIC_DATA_CHANNEL_BUFFERED = 'webrtc.client.data_channel.buffered';

// Events
/** Event: connected. */
export const EVENT_ESTABLISHED = 'shiguredo.sora.connection.established';
/** Event: the session has ended, exactly once. */
export const EVENT_TERMINATED = 'shiguredo.sora.connection.terminated';
/** Event: a signaling URL failed, and others are left; `error.type` is `close`, `error`, `timeout` or `refused`. */
export const EVENT_ATTEMPT_FAILED = 'shiguredo.sora.connection.attempt_failed';
/** Event: signaling has moved to the DataChannels. */
export const EVENT_SWITCHED = 'shiguredo.sora.connection.switched';
/** Event: the server sent the session to another URL. */
export const EVENT_REDIRECTED = 'shiguredo.sora.connection.redirected';
/** Event: nothing has come in for three looks. */
export const EVENT_STALLED = 'shiguredo.sora.connection.stalled';
/** Event: something comes in again. */
export const EVENT_RECOVERED = 'shiguredo.sora.connection.recovered';
/** Event: the server finds the network as stable as this; WARN from 2 on. */
export const EVENT_NETWORK_STATUS_CHANGED = 'shiguredo.sora.network_status.changed';
/** Event: what is sent is limited for another reason; INFO for none. */
export const EVENT_QUALITY_CHANGED = 'webrtc.quality.changed';
/** Event: received video froze since the look before. */
export const EVENT_TRACK_FROZEN = 'webrtc.track.frozen';

// Attributes: the end
/** Attribute, string: the kind. */
export const ATTR_TERMINATION_KIND = 'shiguredo.sora.termination.kind';
/** Attribute, string: how far the session had come. */
export const ATTR_TERMINATION_PHASE = 'shiguredo.sora.termination.phase';
/** Attribute, string: `initiator`: `client`, `server`, `network`, `sdk`. */
export const ATTR_TERMINATION_ORIGIN = 'shiguredo.sora.termination.origin';
/** Attribute, string: the hint: `never`, `maybe`, `yes`. */
export const ATTR_TERMINATION_RETRY = 'shiguredo.sora.termination.retry';
/** Attribute, string: of `client-disconnect`: `api`, `unsubscribe`, `abort-signal`, `pagehide`. */
export const ATTR_TERMINATION_TRIGGER = 'shiguredo.sora.termination.trigger';
/** Attribute, string: of `client-disconnect`: `acknowledged`, `timeout`, `immediate`, `interrupted`. */
export const ATTR_TERMINATION_OUTCOME = 'shiguredo.sora.termination.outcome';
/** Attribute, string: what interrupted the wait. */
export const ATTR_TERMINATION_INTERRUPTED_BY = 'shiguredo.sora.termination.interrupted_by';
/** Attribute, string: a lost DataChannel that this end explains. */
export const ATTR_TERMINATION_AFTER = 'shiguredo.sora.termination.after';
/** Attribute, string: where an internal error was, what was invalid, during what the time was up. */
export const ATTR_TERMINATION_STEP = 'shiguredo.sora.termination.step';
/** Attribute, string: label of the channel that was lost. */
export const ATTR_TERMINATION_DATA_CHANNEL = 'shiguredo.sora.termination.data_channel';
/** Attribute, string[]: what came between the cause and the end, source and event. */
export const ATTR_TERMINATION_TRAILING_EVENTS = 'shiguredo.sora.termination.trailing_events';
/** Attribute, string: of the `type: disconnect` that was sent. */
export const ATTR_DISCONNECT_REASON = 'shiguredo.sora.disconnect.reason';
/** Attribute, string: `websocket`, `datachannel`. */
export const ATTR_DISCONNECT_TRANSPORT = 'shiguredo.sora.disconnect.transport';
/** Attribute, boolean: whether the transport took it. */
export const ATTR_DISCONNECT_SENT = 'shiguredo.sora.disconnect.sent';
/** Attribute, int: code of the close. */
export const ATTR_CLOSE_CODE = 'shiguredo.sora.close.code';
/** Attribute, string: its reason, redacted. */
export const ATTR_CLOSE_REASON = 'shiguredo.sora.close.reason';
/** Attribute, string: `websocket`, `datachannel`. */
export const ATTR_CLOSE_TRANSPORT = 'shiguredo.sora.close.transport';
/** Attribute, double: from the start to connected. */
export const ATTR_CONNECT_DURATION = 'shiguredo.sora.connect.duration';
/** Attribute, double: from connected to the cause. */
export const ATTR_CONNECTION_DURATION = 'shiguredo.sora.connection.duration';
/** Attribute, double: from the cause to the end. */
export const ATTR_CLOSING_DURATION = 'shiguredo.sora.closing.duration';

// Attributes: the session
/** Attribute, string: `sendrecv`, `sendonly`, `recvonly`. */
export const ATTR_ROLE = 'shiguredo.sora.role';
/** Attribute, string: only with `identifiers`. */
export const ATTR_CHANNEL_ID = 'shiguredo.sora.channel.id';
/** Attribute, string: only with `identifiers`. */
export const ATTR_CLIENT_ID = 'shiguredo.sora.client.id';
/** Attribute, string: Sora's session, not the user's. */
export const ATTR_SESSION_ID = 'shiguredo.sora.session.id';
/** Attribute, string: from the offer on. */
export const ATTR_CONNECTION_ID = 'shiguredo.sora.connection.id';
/** Attribute, string. */
export const ATTR_BUNDLE_ID = 'shiguredo.sora.bundle.id';
/** Attribute, int: 1 for the first since the call was last connected. */
export const ATTR_CONNECTION_ATTEMPT = 'shiguredo.sora.connection.attempt';
/** Attribute, string: `connected`, `failed`. */
export const ATTR_RECONNECT_OUTCOME = 'shiguredo.sora.reconnect.outcome';
/** Attribute, string: `websocket`, `datachannel`. */
export const ATTR_SIGNALING_TRANSPORT = 'shiguredo.sora.signaling.transport';
/** Attribute, string: of the wire, or `_OTHER`. */
export const ATTR_SIGNALING_MESSAGE_TYPE = 'shiguredo.sora.signaling.message.type';
/** Attribute, string: `sent`, `received`. */
export const ATTR_SIGNALING_MESSAGE_DIRECTION = 'shiguredo.sora.signaling.message.direction';
/** Attribute, boolean: the flag of `switched`. */
export const ATTR_SWITCHED_IGNORE_DISCONNECT_WEBSOCKET = 'shiguredo.sora.switched.ignore_disconnect_websocket';
/** Attribute, int: 0 is stable, 3 is worst. */
export const ATTR_UNSTABLE_LEVEL = 'shiguredo.sora.network_status.unstable_level';

// Attributes: WebRTC
/** Attribute, string: the last `connectionState`. */
export const ATTR_PEER_CONNECTION_STATE = 'webrtc.peer_connection.state';
/** Attribute, string: the last `iceConnectionState`. */
export const ATTR_ICE_STATE = 'webrtc.ice.state';
/** Attribute, string: at the last look. */
export const ATTR_DTLS_STATE = 'webrtc.dtls.state';
/** Attribute, string: at the last look. */
export const ATTR_SCTP_STATE = 'webrtc.sctp.state';
/** Attribute, string: `host`, `srflx`, `prflx`, `relay`. */
export const ATTR_LOCAL_CANDIDATE_TYPE = 'webrtc.ice.candidate.local.type';
/** Attribute, string. */
export const ATTR_REMOTE_CANDIDATE_TYPE = 'webrtc.ice.candidate.remote.type';
/** Attribute, string: how the TURN server is reached. */
export const ATTR_RELAY_PROTOCOL = 'webrtc.ice.relay.protocol';
/** Attribute, string: `inbound`, `outbound`. */
export const ATTR_RTP_DIRECTION = 'webrtc.rtp.direction';
/** Attribute, string: `audio`, `video`. */
export const ATTR_MEDIA_KIND = 'webrtc.media.kind';
/** Attribute, string: the layer of simulcast. */
export const ATTR_RID = 'webrtc.rid';
/** Attribute, string: `none`, `cpu`, `bandwidth`, `other`. */
export const ATTR_QUALITY_LIMITATION_REASON = 'webrtc.quality_limitation.reason';
/** Attribute, string. */
export const ATTR_QUALITY_LIMITATION_PREVIOUS_REASON = 'webrtc.quality_limitation.previous_reason';
/** Attribute, int: freezes since the look before. */
export const ATTR_FREEZE_COUNT = 'webrtc.freeze.count';
/** Attribute, string: `signaling`, `messaging`. */
export const ATTR_DATA_CHANNEL_CLASS = 'webrtc.data_channel.class';
/** Attribute, double: from the last look to the cause of the end. */
export const ATTR_SAMPLE_AGE = 'webrtc.sample.age';
/** Attribute, double. */
export const ATTR_SAMPLE_RTT = 'webrtc.sample.rtt';
/** Attribute, double: bits per second that the browser believes it can send. */
export const ATTR_SAMPLE_AVAILABLE_BITRATE = 'webrtc.sample.available_bitrate';
/** Attribute, boolean. */
export const ATTR_SAMPLE_STALLED = 'webrtc.sample.stalled';
/** Attribute, double: of all received streams. */
export const ATTR_SAMPLE_INBOUND_BITRATE = 'webrtc.sample.inbound.bitrate';
/** Attribute, double: of the worst stream. */
export const ATTR_SAMPLE_INBOUND_LOSS_RATIO = 'webrtc.sample.inbound.loss_ratio';
/** Attribute, double: of the worst stream. */
export const ATTR_SAMPLE_INBOUND_JITTER = 'webrtc.sample.inbound.jitter';
/** Attribute, double: of all sent streams. */
export const ATTR_SAMPLE_OUTBOUND_BITRATE = 'webrtc.sample.outbound.bitrate';
/** Attribute, double: of the worst stream. */
export const ATTR_SAMPLE_OUTBOUND_LOSS_RATIO = 'webrtc.sample.outbound.loss_ratio';

// Attributes: as OpenTelemetry has them
/** Attribute, string: the kind of an abnormal end; the code of a refused RPC, `timeout`, `ended`. */
export const ATTR_ERROR_TYPE = 'error.type';
/** Attribute, string: of `internal-error`. */
export const ATTR_EXCEPTION_TYPE = 'exception.type';
/** Attribute, string: of `internal-error`, without secrets. */
export const ATTR_EXCEPTION_MESSAGE = 'exception.message';
/** Attribute, string: host of the signaling server. */
export const ATTR_SERVER_ADDRESS = 'server.address';
/** Attribute, int. */
export const ATTR_SERVER_PORT = 'server.port';
/** Attribute, string: `wss`, `ws`. */
export const ATTR_URL_SCHEME = 'url.scheme';
/** Attribute, string: `websocket`. */
export const ATTR_NETWORK_PROTOCOL_NAME = 'network.protocol.name';
/** Attribute, string: of the path in use: `udp`, `tcp`. */
export const ATTR_NETWORK_TRANSPORT = 'network.transport';
/** Attribute, string: `jsonrpc`. */
export const ATTR_RPC_SYSTEM_NAME = 'rpc.system.name';
/** Attribute, string. */
export const ATTR_RPC_METHOD = 'rpc.method';
/** Attribute, string: the code of the JSON-RPC error. */
export const ATTR_RPC_STATUS_CODE = 'rpc.status_code';
/** Attribute, string: `2.0`. */
export const ATTR_JSONRPC_PROTOCOL_VERSION = 'jsonrpc.protocol.version';
/** Attribute, string. */
export const ATTR_JSONRPC_REQUEST_ID = 'jsonrpc.request.id';

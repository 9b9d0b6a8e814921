/**
 * Sessions with the WebRTC SFU Sora as streams, and one `termination$` that says, exactly once, why a session ended.
 *
 * @packageDocumentation
 */
export { connect } from './session/connect.ts';
export { createSession } from './session/create-session.ts';
export { probeSignalingUrl, type ProbeOptions, type SignalingProbe } from './session/probe-signaling-url.ts';
export { SoraOptionsError } from './session/options-error.ts';
export { SoraTerminatedError } from './session/terminated-error.ts';
export type {
  BeforeAnswerOption,
  ConnectOptions,
  ContentHintOptions,
  DegradationPreference,
  MetadataOption,
  RtcConfigurationOption,
  TimeoutOptions,
} from './session/options.ts';
export type { ConnectedInfo, Session, SessionState, SignalingTraffic } from './session/session.ts';
export type { TimelineEntry } from './session/timeline.ts';
export type * from './signaling/connect-request.ts';
export type { JsonObject, JsonValue } from './signaling/json.ts';
export type * from './signaling/messages.ts';
export type * from './signaling/notify.ts';
export type { SignalingUrlPolicy } from './signaling/reach-order.ts';
export type { RpcMethod, RpcMethods, RpcParams, RpcResult } from './signaling/rpc-methods.ts';
export type { RpcErrorObject, RpcRequest, RpcResponse } from './signaling/rpc-message.ts';
export type { AudioCodecType, Direction, RequestRid, Rid, Role, VideoCodecType } from './signaling/words.ts';
export type { DataChannelInfo, DataMessage } from './signaling/messaging.ts';
export { SoraSendError, type SendErrorCode } from './signaling/send-error.ts';
export { SoraRpcError, type RpcOptions } from './signaling/rpc.ts';
export { SoraTrackError } from './media/track-error.ts';
export { avOffsetMs } from './media/av-offset.ts';
export { applyMediaStreamConstraints } from './media/apply-constraints.ts';
export { setMuted } from './media/mute.ts';
export type { RemoteStream, RemoteTrack } from './media/remote-streams.ts';
export type { InboundStats } from './media/inbound-stats.ts';
export type { LimitationShares, OutboundStats } from './media/outbound-stats.ts';
export type { DataChannelStats, PathStats } from './media/path-stats.ts';
export type { StatsSample } from './media/stats.ts';
export type { Measure } from './media/stats-change.ts';
export { networkStatus, type NetworkStatus } from './channel/network-status.ts';
export { notifyOf, type NotifyEventType } from './channel/notify-of.ts';
export { receivedLayers, type ReceivedLayer } from './channel/received-layers.ts';
export { requestLayers, type LayerOutcome, type LayerRequest } from './channel/request-layers.ts';
export { roster, type Roster, type RosterCounts, type RosterMember } from './channel/roster.ts';
export { spotlight, type FocusedSender } from './channel/spotlight.ts';
export { failOnAbnormalEnd } from './outcomes/fail-on-abnormal-end.ts';
export { ofKind } from './outcomes/of-kind.ts';
export { terminations } from './outcomes/terminations.ts';
export type { CompressionStreamLike, Platform } from './platform/platform.ts';
export type * from './platform/w3c.ts';
export { describe } from './termination/describe.ts';
export { isNormal } from './termination/derived.ts';
export { termination } from './termination/termination.ts';
export type * from './termination/reason.ts';
export type {
  DisconnectMessage as GoodbyeMessage,
  Failure,
  Progress,
  ServerCloseMessage,
  SessionClock,
  TerminationConfig,
  TerminationPort,
  TerminationSources,
  WebSocketState,
} from './termination/sources.ts';
export { fromDataChannel } from './transports/data-channel.ts';
export { fromPeerConnection } from './transports/peer-connection.ts';
export { fromWebSocket } from './transports/web-socket.ts';
export type { DataChannelEvent } from './transports/data-channel-event.ts';
export type { IceCandidate, PeerConnectionEvent } from './transports/peer-connection-event.ts';
export type { WebSocketEvent } from './transports/web-socket-event.ts';
export { version } from './version.ts';

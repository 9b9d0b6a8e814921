/**
 * Sessions with the WebRTC SFU Sora as streams, and one `termination$` that emits, exactly once, why a session ended.
 *
 * @packageDocumentation
 */
export { connect } from './session/connect.ts';
export { createSession } from './session/create-session.ts';
export { probeSignalingUrl, type ProbeOptions, type SignalingProbe } from './session/probe-signaling-url.ts';
export { SoraOptionsError } from './session/options-error.ts';
export { SoraTerminatedError } from './session/terminated-error.ts';
export type { BeforeAnswerOption, ConnectOptions, MetadataOption, RtcConfigurationOption, TimeoutOptions } from './session/options.ts';
export type { AsyncDisposal, ConnectedInfo, DataMessage, Session, SessionState, SignalingTraffic } from './session/session.ts';
export { SoraSendError, type SendErrorCode } from './signaling/send-error.ts';
export type { DataChannelInfo } from './signaling/open-channels.ts';
export { sequential, staggered, sticky } from './signaling/url-policies.ts';
export { parallel, type SignalingUrlPolicy, type UrlOrder } from './signaling/url-policy.ts';

export { timeline, type TimelineEntry, type TimelineMessage } from './timeline/timeline.ts';
export { redact } from './redaction/redact.ts';
export type { Redaction } from './redaction/redaction.ts';
export { marbleDiagram, type MarbleDiagramOptions } from './marble-diagram/marble-diagram.ts';
export { terminationRules } from './marble-diagram/termination-rules.ts';
export { stats, type StatsSample } from './stats/stats.ts';
export type { InboundStats } from './stats/inbound-stats.ts';
export type { LimitationShares, OutboundStats } from './stats/outbound-stats.ts';
export type { DataChannelStats, PathStats } from './stats/path-stats.ts';
export type { Measure } from './stats/stats-change.ts';
export { avOffsetMs } from './stats/av-offset.ts';
export { rpc, type RpcOptions } from './rpc/rpc.ts';
export { SoraRpcError } from './rpc/rpc-error.ts';
export type { RpcMethod, RpcMethods, RpcParams, RpcResult } from './wire/rpc-methods.ts';
export { replaceTrack } from './tracks/replace-track.ts';
export { preferDegradation, type DegradationPreference } from './tracks/degradation-preference.ts';
export { SoraTrackError } from './tracks/track-error.ts';
export { applyMediaStreamConstraints } from './tracks/apply-constraints.ts';
export { setMuted } from './tracks/mute.ts';
export type { RemoteStream, RemoteTrack } from './tracks/remote-tracks.ts';
export { roster, type Roster, type RosterCounts, type RosterMember } from './roster/roster.ts';
export { notifyOf, type NotifyEventType } from './roster/notify-of.ts';
export { networkStatus, type NetworkStatus } from './layers/network-status.ts';
export { receivedLayers, type ReceivedLayer } from './layers/received-layers.ts';
export { requestLayers, type LayerOutcome, type LayerRequest } from './layers/request-layers.ts';
export { spotlight, type FocusedSender } from './layers/spotlight.ts';
export type { CallStep } from './reconnect/call-step.ts';
export type { ReconnectPolicy, RetryDecision, RetryDecisions, RetryRow } from './reconnect/policy.ts';
export { reconnect } from './reconnect/reconnect.ts';
export { health } from './health/health.ts';
export type { Health, HealthEvidence, HealthState } from './health/evidence.ts';
export type { HealthLimits } from './health/limits.ts';
export { activeSpeakers, type ActiveSpeaker, type ActiveSpeakerOptions } from './speakers/active-speakers.ts';
export { remoteAudioLevels, type AudioLevelSample, type RemoteAudioLevel } from './speakers/remote-audio-levels.ts';
export { currentSession, fromCurrent, sessions } from './reconnect/views.ts';
export { failOnAbnormalEnd } from './outcomes/fail-on-abnormal-end.ts';
export { ofKind } from './outcomes/of-kind.ts';
export { terminations } from './outcomes/terminations.ts';

export { isNormal } from './termination/derived.ts';
export { describeTermination } from './termination/describe-termination.ts';
export { terminationTexts, type TerminationTexts } from './termination/texts.ts';
export { termination } from './termination/termination.ts';
export type * from './termination/reason.ts';
export type { DisconnectMessage, SessionClock, TerminationConfig, TerminationPort, WebSocketState } from './termination/port.ts';
export type * from './model/session-event.ts';
export type * from './model/words.ts';
export { fromDataChannel } from './transports/data-channel.ts';
export { fromPeerConnection } from './transports/peer-connection.ts';
export { fromWebSocket } from './transports/web-socket.ts';

export type { CompressionStreamLike, Platform } from './platform/platform.ts';
export type * from './platform/w3c.ts';
export type * from './wire/connect-request.ts';
export type { JsonObject, JsonValue, Serializable } from './wire/json.ts';
export type { AudioCodecType, Direction, RequestRid, Rid, Role, VideoCodecType } from './wire/words.ts';
export type * as Wire from './wire/wire.ts';
export { version } from './version.ts';

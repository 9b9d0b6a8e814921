export type { RtcCodec, RtcCodecName, RtcCodecOptions } from './media/codec.ts';
export { codecFor } from './media/codec.ts';
export type {
  AudioLevel,
  ReceivedRtp,
  RtcForwarding,
  RtcReceiver,
  RtcReceiverOptions,
  RtcSender,
  RtcSenderOptions,
  RtpPacketToSend,
  SimulcastLayer,
} from './media/section.ts';
export type { RtcDataChannel, RtcDataChannelOptions, RtcDataChannelState } from './data-channel.ts';
export type {
  CloseDtlsOptions,
  IceState,
  IceStateChange,
  IceSupervision,
  Impairment,
  RtcPeer,
  RtcPeerOptions,
  RtcPeerState,
} from './peer.ts';
export { SdpError } from './sdp/sdp-error.ts';
export type { SdpErrorCode } from './sdp/sdp-error.ts';
export type { RtcEndpoint, RtcEndpointOptions } from './rtc-endpoint.ts';
export { startRtcEndpoint } from './start-rtc-endpoint.ts';

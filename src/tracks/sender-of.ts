import type { PeerConnectionLike, RtpSenderLike } from '../platform/w3c.ts';

/** The sender of a kind of media: of the line that the offer meant for it, or the one that sends such a track already. */
export function senderOf(peerConnection: PeerConnectionLike, kind: string, mid: string | undefined): RtpSenderLike | undefined {
  const transceivers = peerConnection.getTransceivers?.() ?? [];
  const meant = mid === undefined ? undefined : transceivers.find((transceiver) => transceiver.mid === mid);
  return (meant ?? transceivers.find(({ sender }) => sender.track?.kind === kind))?.sender;
}

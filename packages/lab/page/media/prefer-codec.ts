/** Puts one video codec in front of the others in everything that is answered. @source W3C WebRTC 5.4, setCodecPreferences */
export function preferVideoCodec(peerConnection: RTCPeerConnection, name: string): void {
  const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
  const isPreferred = ({ mimeType }: { readonly mimeType: string }): boolean => mimeType.toLowerCase() === `video/${name}`.toLowerCase();
  const ordered = [...codecs.filter(isPreferred), ...codecs.filter((codec) => !isPreferred(codec))];
  for (const transceiver of peerConnection.getTransceivers()) {
    if (transceiver.receiver.track.kind === 'video') transceiver.setCodecPreferences(ordered);
  }
}

import type { Platform } from '../../src/platform/platform.ts';
import type { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
import type { FakeTransceiver } from '../../src/testing/fake-transceiver.ts';

type PeerConnectionClass = new (configuration?: object) => FakePeerConnection;

/** Layers as Sora sends them with an offer. */
export const layers: readonly Record<string, unknown>[] = [
  { rid: 'r0', active: true, maxBitrate: 150_000, scaleResolutionDownBy: 4 },
  { rid: 'r1', active: true, maxBitrate: 400_000, scaleResolutionDownBy: 2 },
  { rid: 'r2', active: false, maxBitrate: 1_500_000, scaleResolutionDownBy: 1 },
];

/** The members of an offer that asks for simulcast. */
export const simulcastOffer = { simulcast: true, encodings: layers };

/**
 * A browser in which the video sender of an offer has one encoding per layer, in an order of its own, and which forgets `active` whenever a
 * description is set, as browsers do.
 */
export function simulcastBrowser(platform: Partial<Platform>): Partial<Platform> {
  class SimulcastPeerConnection extends (platform.RTCPeerConnection as unknown as PeerConnectionClass) {
    override setRemoteDescription(...parameters: Parameters<FakePeerConnection['setRemoteDescription']>) {
      const result = super.setRemoteDescription(...parameters);
      for (const { sender, receiver } of this.getTransceivers().filter(isVideo)) {
        const { encodings } = sender.getParameters();
        const rids = encodings.length === 3 ? encodings : ['r2', 'r1', 'r0'].map((rid) => ({ rid }));
        // The script is for the session's calls, not for the browser's own doing.
        if (receiver.track.kind === 'video') void sender.setParameters({ encodings: rids.map((each) => ({ ...each, active: true })) });
      }
      return result;
    }
  }
  return { ...platform, RTCPeerConnection: SimulcastPeerConnection };
}

const isVideo = ({ receiver }: FakeTransceiver): boolean => receiver.track.kind === 'video';

/** What the video sender of a peer connection encodes now, by layer. */
export function encodingsOf(peerConnection: FakePeerConnection): Record<string, unknown>[] {
  const transceiver = peerConnection.getTransceivers().find(isVideo);
  return transceiver?.sender.getParameters().encodings ?? [];
}

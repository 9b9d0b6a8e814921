import type { Observable } from 'rxjs';
import type { RtcCodec } from './codec.ts';

/** One layer of simulcast as the offer names it. */
export interface SimulcastLayer {
  readonly rid: string;
  /** False writes `~rid`: the client is asked not to send it. Default true. */
  readonly active?: boolean;
}

export interface RtcReceiverOptions {
  readonly kind: 'audio' | 'video';
  /** The section's mid, e.g. `video_k3`. Must be unique in the peer. */
  readonly mid: string;
  /** Codecs the client may choose from, preferred first. At least one. */
  readonly codecs: readonly RtcCodec[];
  /** Layers, lowest first. Absent or empty: no simulcast. */
  readonly simulcast?: readonly SimulcastLayer[];
  /** Written as `b=TIAS`: the client sends no more than this. */
  readonly maxBitrateBps?: number;
}

/** One RTP packet of a client, header parsed, retransmissions already put back in place. */
export interface ReceivedRtp {
  /** Simulcast layer; undefined without simulcast. */
  readonly rid: string | undefined;
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
  /** First packet of a frame that decodes on its own. Always true for audio. */
  readonly keyFrame: boolean;
  /** `performance.now()` at arrival. */
  readonly receivedAtMs: number;
  readonly audioLevel: AudioLevel | undefined;
  /** Rotation from the header extension `video-orientation`, as sent. */
  readonly videoOrientation: number | undefined;
}

/** RFC 6464. */
export interface AudioLevel {
  /** Loudness in dBov, 0 (loudest) to -127 (silence). */
  readonly dBov: number;
  /** The sender's voice activity detection. */
  readonly voice: boolean;
}

/** Media from the client. */
export interface RtcReceiver {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  /** The codec the client uses: the first in its answer; before the answer the first offered. */
  readonly codec: RtcCodec;
  /** Whether the client's answer says that it sends. */
  readonly sending: boolean;
  /** Rids negotiated with the client, lowest first; empty without simulcast. */
  readonly rids: readonly string[];
  /** Rids on which a packet arrived in the last second, lowest first; empty without simulcast. */
  readonly activeRids: readonly string[];
  /** Bytes of payload received, all layers. */
  readonly bytesReceived: number;
  /** Hot, no replay; completes when the peer closes. */
  readonly packets$: Observable<ReceivedRtp>;
  /** Loudness per packet, audio only. Hot, no replay; completes when the peer closes. */
  readonly audioLevel$: Observable<AudioLevel>;
  /** Asks the client for a key frame (PLI); repeated requests within 200 ms are sent once. Without `rid`, on every layer. */
  requestKeyFrame(rid?: string): void;
}

export interface RtcSenderOptions {
  readonly kind: 'audio' | 'video';
  /** First part of `a=msid`: the connection id of the client whose track this is. */
  readonly streamId: string;
  /** Second part of `a=msid`. */
  readonly trackId: string;
  /** The one codec offered: that of the source. */
  readonly codec: RtcCodec;
  /** Mid of a section that is not reused. Default `<kind>_<random>`. */
  readonly mid?: string;
}

/** A packet for {@link RtcSender.send}. Numbers are those of the source; the sender maps them to its own. */
export type RtpPacketToSend = Pick<ReceivedRtp, 'ssrc' | 'sequenceNumber' | 'timestamp' | 'marker' | 'payload' | 'receivedAtMs'> &
  Partial<Pick<ReceivedRtp, 'audioLevel' | 'videoOrientation'>>;

/** One remote track on its way to the client. */
export interface RtcSender {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  readonly streamId: string;
  readonly trackId: string;
  readonly codec: RtcCodec;
  /** SSRC of what the client receives, also in the offer. */
  readonly ssrc: number;
  /** The client has accepted the section and packets go out. */
  readonly ready: boolean;
  /** Bytes of payload sent. */
  readonly bytesSent: number;
  /** The client asks for a key frame (PLI or FIR). Hot, no replay; completes on removal. */
  readonly keyFrameRequest$: Observable<void>;
  /**
   * Sends one packet with own SSRC, payload type, mid and extensions. When `ssrc` differs from that of the packet before, sequence numbers and
   * timestamps go on without a jump. Dropped while not {@link ready}.
   */
  send(packet: RtpPacketToSend): void;
  /** Sends what the receiver gets, one simulcast layer at a time. Replaces a forwarding that runs. */
  forward(source: RtcReceiver, rid?: string): RtcForwarding;
  /** Takes the section out: inactive with port 0 in the next offer, then free for another track of the same kind. Idempotent. */
  remove(): void;
}

/** A source wired to a sender: key-frame requests go back to the source, layers switch at key frames. */
export interface RtcForwarding {
  /** The layer asked for; undefined without simulcast or when the best available one is taken. */
  readonly requestedRid: string | undefined;
  /** The layer that is being sent; undefined before the first key frame and without simulcast. */
  readonly currentRid: string | undefined;
  /** Layers as the switch takes effect, i.e. at a key frame. Hot, no replay; completes on {@link stop}. */
  readonly switched$: Observable<string>;
  /** Asks for another layer; the nearest lower one that is being sent stands in for it. */
  selectRid(rid: string): void;
  /** True stops packets, false starts them again with a key frame. */
  pause(paused: boolean): void;
  stop(): void;
}

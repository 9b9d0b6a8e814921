import { Subject, filter, map } from 'rxjs';
import type { Observable } from 'rxjs';
import { headerExtension } from '../rtp/header-extension.ts';
import { startsKeyFrame } from '../rtp/key-frame.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { AnswerSection } from '../sdp/answer.ts';
import type { SectionOccupant } from '../sdp/negotiation.ts';
import type { MediaSection, NumberedCodec } from '../sdp/offer.ts';
import type { PayloadTypes } from '../sdp/payload-types.ts';
import type { RtcCodec } from './codec.ts';
import { RtpLayer } from './rtp-layer.ts';
import type { AudioLevel, ReceivedRtp, RtcReceiver, RtcReceiverOptions } from './section.ts';

/** What a payload type means in a receiver's section. */
export interface ReceiverPayload {
  readonly codec: RtcCodec;
  readonly isRetransmission: boolean;
}

export class LabReceiver implements RtcReceiver, SectionOccupant {
  readonly mid: string;
  readonly kind: 'audio' | 'video';
  readonly #options: RtcReceiverOptions;
  readonly #sendKeyFrameRequest: (ssrc: number) => void;
  readonly #packetSubject = new Subject<ReceivedRtp>();
  readonly packets$: Observable<ReceivedRtp> = this.#packetSubject.asObservable();
  readonly audioLevel$: Observable<AudioLevel> = this.packets$.pipe(
    map(({ audioLevel }) => audioLevel),
    filter((level) => level !== undefined),
  );
  readonly #layers = new Map<string, RtpLayer>();
  #numbered: readonly NumberedCodec[] = [];
  #codec: RtcCodec;
  #sending = false;
  #rids: readonly string[] = [];
  #bytesReceived = 0;

  constructor(options: RtcReceiverOptions, sendKeyFrameRequest: (ssrc: number) => void) {
    const [preferred] = options.codecs;
    if (preferred === undefined) throw new RangeError('a receiver needs at least one codec');
    this.mid = options.mid;
    this.kind = options.kind;
    this.#options = options;
    this.#codec = preferred;
    this.#sendKeyFrameRequest = sendKeyFrameRequest;
  }

  get codec(): RtcCodec {
    return this.#codec;
  }

  get sending(): boolean {
    return this.#sending;
  }

  get rids(): readonly string[] {
    return this.#rids;
  }

  get activeRids(): readonly string[] {
    const nowMs = performance.now();
    return this.#rids.filter((rid) => this.#layers.get(rid)?.active(nowMs) === true);
  }

  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  get layers(): readonly RtpLayer[] {
    return [...this.#layers.values()];
  }

  requestKeyFrame(rid?: string): void {
    const nowMs = performance.now();
    for (const layer of this.#layers.values()) if (rid === undefined || layer.rid === rid) layer.requestKeyFrame(nowMs);
  }

  describe(payloadTypes: PayloadTypes): MediaSection {
    this.#numbered = this.#options.codecs.map((codec) => payloadTypes.number(codec));
    return {
      kind: this.kind,
      mid: this.mid,
      direction: 'recvonly',
      released: false,
      codecs: this.#numbered,
      simulcast: this.#options.simulcast ?? [],
      maxBitrateBps: this.#options.maxBitrateBps,
    };
  }

  answered(section: AnswerSection): void {
    this.#sending = !section.rejected && (section.direction === 'sendonly' || section.direction === 'sendrecv');
    const offered = (this.#options.simulcast ?? []).map(({ rid }) => rid);
    this.#rids = offered.filter((rid) => section.rids.includes(rid));
    for (const { payloadType } of section.codecs) {
      const chosen = this.payload(payloadType);
      if (chosen === undefined || chosen.isRetransmission) continue;
      this.#codec = chosen.codec;
      return;
    }
  }

  payload(payloadType: number): ReceiverPayload | undefined {
    for (const numbered of this.#numbered) {
      if (numbered.payloadType === payloadType) return { codec: numbered.codec, isRetransmission: false };
      if (numbered.rtxPayloadType === payloadType) return { codec: numbered.codec, isRetransmission: true };
    }
    return undefined;
  }

  /** The layer of this rid; undefined for a rid that was not negotiated. */
  layer(rid: string | undefined): RtpLayer | undefined {
    if (rid !== undefined && !this.#rids.includes(rid)) return undefined;
    const key = rid ?? '';
    let layer = this.#layers.get(key);
    if (layer === undefined) {
      layer = new RtpLayer(rid, this.#sendKeyFrameRequest);
      this.#layers.set(key, layer);
    }
    return layer;
  }

  /** A packet of a layer. */
  receive(layer: RtpLayer, codec: RtcCodec, packet: RtpPacket, nowMs: number): void {
    if (!layer.streamOf(packet.ssrc, codec.clockRate).received(packet.sequenceNumber, packet.timestamp, nowMs)) return;
    layer.packetArrived(nowMs);
    this.#emit(layer, codec, packet, nowMs);
  }

  /** A retransmission in the form of RFC 4588: the original number comes first in the payload. */
  receiveRetransmission(layer: RtpLayer, codec: RtcCodec, packet: RtpPacket, nowMs: number): void {
    const { stream } = layer;
    if (stream === undefined || packet.payload.length < 2) return;
    const sequenceNumber = packet.payload.readUInt16BE(0);
    if (!stream.repaired(sequenceNumber)) return;
    this.#emit(layer, codec, { ...packet, ssrc: stream.ssrc, sequenceNumber, payload: packet.payload.subarray(2) }, nowMs);
  }

  close(): void {
    for (const layer of this.#layers.values()) layer.close();
    this.#packetSubject.complete();
  }

  #emit(layer: RtpLayer, codec: RtcCodec, packet: RtpPacket, nowMs: number): void {
    this.#bytesReceived += packet.payload.length;
    // Padding keeps the counters going and carries nothing.
    if (packet.payload.length === 0 || !this.#packetSubject.observed) return;
    const level = packet.extensions.get(headerExtension.audioLevel)?.[0];
    this.#packetSubject.next({
      rid: layer.rid,
      ssrc: packet.ssrc,
      sequenceNumber: packet.sequenceNumber,
      timestamp: packet.timestamp,
      marker: packet.marker,
      payload: packet.payload,
      keyFrame: startsKeyFrame(codec.name, packet.payload),
      receivedAtMs: nowMs,
      audioLevel: this.kind === 'audio' && level !== undefined ? { dBov: -(level & 0x7f), voice: (level & 0x80) !== 0 } : undefined,
      videoOrientation: packet.extensions.get(headerExtension.videoOrientation)?.[0],
    });
  }
}

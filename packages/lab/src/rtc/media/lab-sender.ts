import { randomBytes } from 'node:crypto';
import { Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import { headerExtension } from '../rtp/header-extension.ts';
import { senderReport } from '../rtp/rtcp.ts';
import { serializeRtpHeader } from '../rtp/rtp-packet.ts';
import { sequencePlus } from '../rtp/sequence.ts';
import type { AnswerSection } from '../sdp/answer.ts';
import type { SectionOccupant } from '../sdp/negotiation.ts';
import type { MediaSection, NumberedCodec } from '../sdp/offer.ts';
import type { PayloadTypes } from '../sdp/payload-types.ts';
import type { RtcCodec } from './codec.ts';
import { Forwarding } from './forwarding.ts';
import { PictureIds } from './picture-ids.ts';
import type { RtcForwarding, RtcReceiver, RtcSender, RtcSenderOptions, RtpPacketToSend } from './section.ts';
import { SendHistory } from './send-history.ts';
import type { SentPacket } from './send-history.ts';
import { Timeline } from './timeline.ts';

export interface LabSenderPorts {
  /** Whether SRTP has its keys. */
  readonly secured: () => boolean;
  /** Encrypts and sends. */
  readonly send: (header: Buffer, payload: Buffer) => void;
  readonly onRemoved: (sender: LabSender) => void;
}

/** Zero means "none" in places. */
const randomSsrc = (): number => randomBytes(4).readUInt32BE() || 1;

export class LabSender implements RtcSender, SectionOccupant {
  readonly kind: 'audio' | 'video';
  readonly streamId: string;
  readonly trackId: string;
  readonly codec: RtcCodec;
  readonly ssrc: number = randomSsrc();
  readonly rtxSsrc: number | undefined;
  readonly #ports: LabSenderPorts;
  readonly #keyFrameRequestSubject = new Subject<void>();
  readonly keyFrameRequest$: Observable<void> = this.#keyFrameRequestSubject.asObservable();
  readonly #timeline: Timeline;
  readonly #pictureIds: PictureIds;
  readonly #history = new SendHistory();
  #mid = '';
  #midBytes: Buffer = Buffer.alloc(0);
  #numbered: NumberedCodec | undefined;
  #accepted = false;
  #removed = false;
  #forwarding: Forwarding | undefined;
  #rtxSequence = randomBytes(2).readUInt16BE();
  #packetsSent = 0;
  #bytesSent = 0;

  constructor(options: RtcSenderOptions, ports: LabSenderPorts) {
    this.kind = options.kind;
    this.streamId = options.streamId;
    this.trackId = options.trackId;
    this.codec = options.codec;
    this.#ports = ports;
    this.rtxSsrc = options.kind === 'video' ? randomSsrc() : undefined;
    // In the lower half: the first packets may be lost or overtaken without a wrap that nobody could see (RFC 3711 section 3.3.1).
    this.#timeline = new Timeline(options.codec.clockRate, randomBytes(2).readUInt16BE() >> 1);
    this.#pictureIds = new PictureIds(options.codec.name);
  }

  get mid(): string {
    return this.#mid;
  }

  get ready(): boolean {
    return this.#accepted && !this.#removed && this.#ports.secured();
  }

  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** The section this sender got. */
  placed(mid: string): void {
    this.#mid = mid;
    this.#midBytes = Buffer.from(mid, 'utf8');
  }

  send(packet: RtpPacketToSend): void {
    if (!this.ready || this.#numbered === undefined) return;
    if (this.#timeline.changes(packet.ssrc)) this.#pictureIds.sourceChanged();
    const payload = this.#pictureIds.rewrite(Buffer.from(packet.payload.buffer, packet.payload.byteOffset, packet.payload.byteLength));
    const sent = { ...this.#timeline.place(packet), marker: packet.marker, payload };
    const extensions = new Map<number, Buffer>([[headerExtension.mid, this.#midBytes]]);
    if (packet.audioLevel !== undefined) extensions.set(headerExtension.audioLevel, audioLevelBytes(packet.audioLevel));
    if (packet.videoOrientation !== undefined) extensions.set(headerExtension.videoOrientation, Buffer.from([packet.videoOrientation]));
    const header = serializeRtpHeader({ ...sent, payloadType: this.#numbered.payloadType, ssrc: this.ssrc, extensions });
    this.#ports.send(header, payload);
    this.#packetsSent++;
    this.#bytesSent += payload.length;
    if (this.rtxSsrc !== undefined) this.#history.add(sent);
  }

  /** The next packet goes on without a gap, whatever was left out before it. */
  interrupt(): void {
    this.#timeline.interrupt();
  }

  forward(source: RtcReceiver, rid?: string): RtcForwarding {
    this.#forwarding?.stop();
    this.interrupt();
    this.#forwarding = new Forwarding(source, this, rid);
    return this.#forwarding;
  }

  remove(): void {
    if (this.#removed) return;
    this.close();
    this.#ports.onRemoved(this);
  }

  close(): void {
    this.#removed = true;
    this.#forwarding?.stop();
    this.#keyFrameRequestSubject.complete();
  }

  describe(payloadTypes: PayloadTypes): MediaSection {
    this.#numbered = payloadTypes.number(this.codec);
    const { streamId, trackId, ssrc, rtxSsrc } = this;
    return {
      kind: this.kind,
      mid: this.#mid,
      direction: 'sendonly',
      released: false,
      codecs: [this.#numbered],
      simulcast: [],
      maxBitrateBps: undefined,
      track: { streamId, trackId, ssrc, rtxSsrc },
    };
  }

  answered(section: AnswerSection): void {
    const receives = section.direction === 'recvonly' || section.direction === 'sendrecv';
    const wasAccepted = this.#accepted;
    this.#accepted = !section.rejected && receives && section.codecs.some(({ payloadType }) => payloadType === this.#numbered?.payloadType);
    if (this.ready && !wasAccepted) this.keyFrameRequested();
  }

  keyFrameRequested(): void {
    this.#keyFrameRequestSubject.next();
  }

  /** Sends again what the client misses, in the form of RFC 4588. */
  repeat(sequenceNumbers: readonly number[], nowMs: number): void {
    for (const number of sequenceNumbers) {
      const packet = this.#history.take(number, nowMs);
      if (packet !== undefined) this.#retransmit(packet);
    }
  }

  /** Undefined before the first packet. */
  report(nowMs: number): Buffer | undefined {
    if (this.#packetsSent === 0) return undefined;
    return senderReport({
      ssrc: this.ssrc,
      atMs: performance.timeOrigin + nowMs,
      timestamp: this.#timeline.timestampAt(nowMs),
      packets: this.#packetsSent,
      bytes: this.#bytesSent,
    });
  }

  #retransmit({ sequenceNumber, timestamp, marker, payload }: SentPacket): void {
    const payloadType = this.#numbered?.rtxPayloadType;
    if (!this.ready || payloadType === undefined || this.rtxSsrc === undefined) return;
    this.#rtxSequence = sequencePlus(this.#rtxSequence, 1);
    const extensions = new Map<number, Buffer>([[headerExtension.mid, this.#midBytes]]);
    const header = serializeRtpHeader({
      payloadType,
      marker,
      sequenceNumber: this.#rtxSequence,
      timestamp,
      ssrc: this.rtxSsrc,
      extensions,
    });
    this.#ports.send(header, Buffer.concat([Buffer.from([sequenceNumber >> 8, sequenceNumber & 0xff]), payload]));
  }
}

const audioLevelBytes = ({ dBov, voice }: { readonly dBov: number; readonly voice: boolean }): Buffer =>
  Buffer.from([(voice ? 0x80 : 0) | Math.min(127, Math.max(0, Math.round(-dBov)))]);

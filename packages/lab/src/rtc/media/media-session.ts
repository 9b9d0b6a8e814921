import { randomBytes } from 'node:crypto';
import { genericNack, parseRtcp, pictureLossIndication, receiverReport, transportWideFeedback } from '../rtp/rtcp.ts';
import type { RtcpEvent } from '../rtp/rtcp.ts';
import { headerExtension } from '../rtp/header-extension.ts';
import { ArrivalClock } from '../rtp/arrival-clock.ts';
import { parseRtp } from '../rtp/rtp-packet.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { TransportWideFeedback } from '../rtp/transport-wide-feedback.ts';
import type { Negotiation } from '../sdp/negotiation.ts';
import type { SrtpKeyMaterial } from '../srtp/key-material.ts';
import { SrtpSession } from '../srtp/srtp-session.ts';
import { LabReceiver } from './lab-receiver.ts';
import { LabSender } from './lab-sender.ts';
import { PacketRouter } from './packet-router.ts';
import type { RtpLayer } from './rtp-layer.ts';
import type { RtcReceiverOptions, RtcSenderOptions } from './section.ts';

export interface MediaSessionOptions {
  readonly negotiation: Negotiation;
  readonly send: (datagram: Buffer) => void;
  /** Whether the network is bad on purpose: then the client shall notice. */
  readonly impaired: () => boolean;
}

const reportIntervalMs = 1000;
/** Half of what browsers use: their estimate grows faster. */
const feedbackIntervalMs = 50;
const nackIntervalMs = 20;
const maxReportBlocks = 31;
/** One-byte header extensions carry no more (RFC 8285). */
const maxMidBytes = 16;

/** The media of one peer: its sections, SRTP, and the RTCP that keeps both directions going. */
export class MediaSession {
  readonly #options: MediaSessionOptions;
  readonly #router = new PacketRouter();
  readonly #feedback = new TransportWideFeedback();
  readonly #arrivalClock = new ArrivalClock();
  readonly #ownSsrc = randomBytes(4).readUInt32BE() || 1;
  readonly #receivers: LabReceiver[] = [];
  #senders: LabSender[] = [];
  #srtp: SrtpSession | undefined;
  #feedbackSsrc = 0;
  #reportTimer: ReturnType<typeof setInterval> | undefined;
  #feedbackTimer: ReturnType<typeof setTimeout> | undefined;
  #nackTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MediaSessionOptions) {
    this.#options = options;
  }

  get receivers(): readonly LabReceiver[] {
    return this.#receivers;
  }

  get senders(): readonly LabSender[] {
    return this.#senders;
  }

  addReceiver(options: RtcReceiverOptions): LabReceiver {
    checkMid(options.mid);
    const receiver = new LabReceiver(options, (ssrc) => this.#sendRtcp(pictureLossIndication(this.#ownSsrc, ssrc)));
    this.#options.negotiation.add(receiver, options.mid, true);
    this.#receivers.push(receiver);
    return receiver;
  }

  addSender(options: RtcSenderOptions): LabSender {
    const sender = new LabSender(options, {
      secured: () => this.#srtp !== undefined,
      send: (header, payload) => {
        if (this.#srtp !== undefined) this.#options.send(this.#srtp.sealRtp(header, payload));
      },
      onRemoved: (removed) => this.#removed(removed),
    });
    const reused = this.#options.negotiation.reuse(sender);
    const mid = reused ?? options.mid ?? `${options.kind}_${randomBytes(4).toString('hex')}`;
    checkMid(mid);
    if (reused === undefined) this.#options.negotiation.add(sender, mid, false);
    sender.placed(mid);
    this.#senders.push(sender);
    return sender;
  }

  /** DTLS is up: packets flow from now on. */
  secure(keys: SrtpKeyMaterial): void {
    this.#srtp = new SrtpSession(keys);
    this.#reportTimer = setInterval(() => this.#report(), reportIntervalMs);
    for (const sender of this.#senders) if (sender.ready) sender.keyFrameRequested();
  }

  /** False when the packet is not authentic, malformed, or belongs to no section. */
  receiveRtp(datagram: Buffer): boolean {
    const plain = this.#srtp?.openRtp(datagram);
    const packet = plain === undefined ? undefined : parseRtp(plain);
    if (packet === undefined) return false;
    const nowMs = performance.now();
    const sequence = packet.extensions.get(headerExtension.transportSequence);
    if (sequence?.length === 2) this.#feedBack(packet, sequence.readUInt16BE(0), nowMs);
    const route = this.#router.route(packet, this.#receivers);
    if (route === undefined) return false;
    const { receiver, layer, payload } = route;
    if (payload.isRetransmission) receiver.receiveRetransmission(layer, payload.codec, packet, nowMs);
    else receiver.receive(layer, payload.codec, packet, nowMs);
    if (this.#nackTimer === undefined && receiver.kind === 'video' && layer.stream?.hasMissing === true) this.#scheduleNacks();
    return true;
  }

  receiveRtcp(datagram: Buffer): boolean {
    const plain = this.#srtp?.openRtcp(datagram);
    const events = plain === undefined ? undefined : parseRtcp(plain);
    for (const event of events ?? []) this.#handle(event);
    return events !== undefined;
  }

  /** Stops everything; sections stay readable. */
  close(): void {
    this.#srtp = undefined;
    clearInterval(this.#reportTimer);
    clearTimeout(this.#feedbackTimer);
    clearTimeout(this.#nackTimer);
    for (const receiver of this.#receivers) receiver.close();
    for (const sender of this.#senders) sender.close();
  }

  #removed(sender: LabSender): void {
    this.#senders = this.#senders.filter((other) => other !== sender);
    this.#options.negotiation.remove(sender);
    this.#srtp?.forgetSent(sender.ssrc);
    if (sender.rtxSsrc !== undefined) this.#srtp?.forgetSent(sender.rtxSsrc);
  }

  get #layers(): readonly RtpLayer[] {
    return this.#receivers.flatMap(({ layers }) => layers);
  }

  #handle(event: RtcpEvent): void {
    const nowMs = performance.now();
    if (event.kind === 'sender-report') {
      this.#layers.find(({ stream }) => stream?.ssrc === event.ssrc)?.stream?.senderReport(event.compactNtp, nowMs);
      return;
    }
    const sender = this.#senders.find(({ ssrc }) => ssrc === event.ssrc);
    if (event.kind === 'nack') sender?.repeat(event.sequenceNumbers, nowMs);
    else sender?.keyFrameRequested();
  }

  #feedBack({ ssrc, extensions }: RtpPacket, sequence: number, nowMs: number): void {
    const sendTime = extensions.get(headerExtension.absoluteSendTime);
    const isKnown = sendTime?.length === 3 && !this.#options.impaired();
    this.#feedback.received(sequence, isKnown ? this.#arrivalClock.arrival(sendTime.readUIntBE(0, 3), nowMs) : nowMs);
    this.#feedbackSsrc = ssrc;
    this.#feedbackTimer ??= setTimeout(() => {
      this.#feedbackTimer = undefined;
      const feedback = this.#feedback.take();
      if (feedback !== undefined) this.#sendRtcp(transportWideFeedback(this.#ownSsrc, this.#feedbackSsrc, feedback));
    }, feedbackIntervalMs);
  }

  #scheduleNacks(): void {
    this.#nackTimer = setTimeout(() => {
      this.#nackTimer = undefined;
      const nowMs = performance.now();
      const streams = this.#receivers.filter(({ kind }) => kind === 'video').flatMap(({ layers }) => layers.map(({ stream }) => stream));
      for (const stream of streams) {
        const missing = stream?.takeMissing(nowMs) ?? [];
        if (stream !== undefined && missing.length > 0) this.#sendRtcp(genericNack(this.#ownSsrc, stream.ssrc, missing));
      }
      if (streams.some((stream) => stream?.hasMissing === true)) this.#scheduleNacks();
    }, nackIntervalMs);
  }

  #report(): void {
    const nowMs = performance.now();
    const blocks = this.#layers.flatMap(({ stream }) => (stream === undefined ? [] : [stream.reportBlock(nowMs)]));
    const reports = this.#senders.flatMap((sender) => sender.report(nowMs) ?? []);
    if (blocks.length > 0) reports.push(receiverReport(this.#ownSsrc, blocks.slice(0, maxReportBlocks)));
    for (const report of reports) this.#sendRtcp(report);
  }

  #sendRtcp(packet: Buffer): void {
    if (this.#srtp !== undefined) this.#options.send(this.#srtp.sealRtcp(packet));
  }
}

const checkMid = (mid: string): void => {
  if (!/^[!#-'*+\-.0-9A-Z^-~]+$/.test(mid) || mid.length > maxMidBytes)
    throw new RangeError(`mid ${mid} is not a token of at most ${maxMidBytes} characters`);
};

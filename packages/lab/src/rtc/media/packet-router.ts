import { headerExtension } from '../rtp/header-extension.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { LabReceiver, ReceiverPayload } from './lab-receiver.ts';
import type { RtpLayer } from './rtp-layer.ts';

/** Whom a packet is for. */
export interface Route {
  readonly receiver: LabReceiver;
  readonly layer: RtpLayer;
  readonly payload: ReceiverPayload;
}

/** SSRCs remembered; a client that uses more is not believed. */
const maxSsrcs = 256;

const text = (packet: RtpPacket, extension: number): string | undefined => packet.extensions.get(extension)?.toString('utf8');

/**
 * Finds section and layer of a packet (RFC 9143 section 9.2): by the extensions mid and rid, which browsers send with the first packets only; later by
 * the SSRC that came with them; without extensions by a payload type that occurs in one section only.
 */
export class PacketRouter {
  readonly #bySsrc = new Map<number, { readonly receiver: LabReceiver; readonly layer: RtpLayer }>();

  route(packet: RtpPacket, receivers: readonly LabReceiver[]): Route | undefined {
    const named = this.#named(packet, receivers);
    const target = named ?? this.#bySsrc.get(packet.ssrc);
    if (target === undefined) return undefined;
    const payload = target.receiver.payload(packet.payloadType);
    if (payload === undefined) return undefined;
    if (named !== undefined && (this.#bySsrc.has(packet.ssrc) || this.#bySsrc.size < maxSsrcs)) this.#bySsrc.set(packet.ssrc, named);
    return { ...target, payload };
  }

  #named(packet: RtpPacket, receivers: readonly LabReceiver[]): { readonly receiver: LabReceiver; readonly layer: RtpLayer } | undefined {
    const mid = text(packet, headerExtension.mid);
    if (mid === undefined && this.#bySsrc.has(packet.ssrc)) return undefined;
    const candidates = receivers.filter(
      (receiver) => (mid === undefined || receiver.mid === mid) && receiver.payload(packet.payloadType) !== undefined,
    );
    const [receiver] = candidates;
    if (receiver === undefined || candidates.length > 1) return undefined;
    const rid = text(packet, headerExtension.repairedRid) ?? text(packet, headerExtension.rid);
    // With simulcast a packet without rid could be of any layer.
    if (rid === undefined && receiver.rids.length > 0) return undefined;
    const layer = receiver.layer(receiver.rids.length > 0 ? rid : undefined);
    return layer === undefined ? undefined : { receiver, layer };
  }
}

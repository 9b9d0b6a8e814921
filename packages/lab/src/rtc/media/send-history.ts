/** Packets a client may ask for again; one second of several megabits. */
const capacity = 512;
/** Not twice within one round trip of any network the lab imitates. */
const pauseMs = 20;

export interface SentPacket {
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Buffer;
}

/** The last packets sent, for retransmission. */
export class SendHistory {
  readonly #packets: ({ readonly packet: SentPacket; repeatedMs: number } | undefined)[] = [];

  add(packet: SentPacket): void {
    this.#packets[packet.sequenceNumber % capacity] = { packet, repeatedMs: -Infinity };
  }

  /** Undefined when it is gone, or was given out a moment ago. */
  take(sequenceNumber: number, nowMs: number): SentPacket | undefined {
    const entry = this.#packets[sequenceNumber % capacity];
    if (entry?.packet.sequenceNumber !== sequenceNumber || nowMs - entry.repeatedMs < pauseMs) return undefined;
    entry.repeatedMs = nowMs;
    return entry.packet;
  }
}

import { Event, RTCSctpTransport } from 'werift';
import type { RTCDtlsTransport } from 'werift';
import { vi } from 'vitest';
import { Association } from '../../../src/rtc/sctp/association.ts';
import type { InboundMessage } from '../../../src/rtc/sctp/inbound.ts';
import type { PseudoRandom } from './pseudo-random.ts';

/** What a bad network does to packets, in both directions. */
export interface Roughness {
  /** Share of packets that are lost. */
  readonly loss: number;
  /** Share of packets that arrive twice. */
  readonly duplication: number;
  /** Every copy of a packet is delayed by up to this many milliseconds, so that packets overtake each other. */
  readonly jitterMs: number;
}

export const smooth: Roughness = { loss: 0, duplication: 0, jitterMs: 0 };

/** A message of werift's end, or for it. */
export interface WeriftMessage {
  readonly streamId: number;
  readonly protocolId: number;
  readonly data: Buffer;
}

export interface WeriftPair {
  readonly lab: Association;
  /** What the lab's end received. */
  readonly labMessages: InboundMessage[];
  /** What werift's end received. */
  readonly weriftMessages: WeriftMessage[];
  /** `established`, resets and the loss of the lab's end. */
  readonly events: string[];
  /** Streams that werift's end saw reset. */
  readonly weriftResets: number[];
  network: Roughness;
  sendFromWerift(message: WeriftMessage, options?: { readonly ordered?: boolean; readonly maxRetransmits?: number }): void;
  close(): void;
}

/**
 * The lab's association and that of werift with a rough network between them, in virtual time: `vi.useFakeTimers()` first, and advance it with
 * `vi.advanceTimersByTimeAsync`, because werift uses promises. As in a session, both ends start.
 */
export const weriftPair = (random: PseudoRandom): WeriftPair => {
  const transport = new RTCSctpTransport(5000);
  const carry = (packet: Buffer, receive: (packet: Buffer) => void): void => {
    const { loss, duplication, jitterMs } = pair.network;
    if (random.next() < loss) return;
    const copies = random.next() < duplication ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) setTimeout(() => receive(Buffer.from(packet)), 1 + random.below(jitterMs + 1));
  };
  // As much of a DTLS transport as werift's SCTP touches.
  const dtls = {
    id: 'rough network',
    iceTransport: { role: 'controlling' },
    onStateChange: new Event<[string]>(),
    dataReceiver: ((): void => undefined) as (packet: Buffer) => void,
    sendData: (packet: Buffer): Promise<void> => {
      carry(packet, (copy) => pair.lab.receive(copy));
      return Promise.resolve();
    },
  };
  const events: string[] = [];
  const labMessages: InboundMessage[] = [];
  const lab = new Association({
    port: 5000,
    maxMessageBytes: 1_000_000,
    send: (packet) => carry(packet, (copy) => dtls.dataReceiver(copy)),
    onEstablished: () => events.push('established'),
    onMessage: (message) => labMessages.push({ ...message, data: Buffer.from(message.data) }),
    onIncomingReset: (ids) => events.push(`incoming reset ${ids.join()}`),
    onOutgoingReset: (ids) => events.push(`outgoing reset ${ids.join()}`),
    onLost: (error) => events.push(error.message),
  });
  transport.setDtlsTransport(dtls as unknown as RTCDtlsTransport);
  const { sctp } = transport;
  const pair: WeriftPair = {
    lab,
    labMessages,
    weriftMessages: [],
    events,
    weriftResets: [],
    network: smooth,
    sendFromWerift: ({ streamId, protocolId, data }, options) => void sctp.send(streamId, protocolId, data, { ordered: true, ...options }),
    close: () => {
      lab.close();
      void sctp.stop();
      vi.clearAllTimers();
    },
  };
  sctp.onReceive.subscribe((streamId, protocolId, data) => pair.weriftMessages.push({ streamId, protocolId, data: Buffer.from(data) }));
  sctp.onReconfigStreams.subscribe((ids) => pair.weriftResets.push(...ids));
  lab.start();
  void transport.start(5000);
  return pair;
};

import { vi } from 'vitest';
import { Association } from '../../../src/rtc/sctp/association.ts';
import type { InboundMessage } from '../../../src/rtc/sctp/inbound.ts';
import type { PseudoRandom } from './pseudo-random.ts';

/** One end of an association, with what happened to it. */
export interface SctpEnd {
  readonly association: Association;
  readonly messages: InboundMessage[];
  readonly events: string[];
  /** Packets sent. */
  packets: number;
}

export interface SctpPair {
  readonly a: SctpEnd;
  readonly b: SctpEnd;
  /** Which packets get lost; none by default. */
  lose: (from: 'a' | 'b', packet: Buffer) => boolean;
  /** One way, in milliseconds, drawn for each copy of a packet. */
  delayMs: () => number;
  /** How many copies of a packet arrive; 1 by default. */
  copies: () => number;
}

/** Two associations with a network between them, in virtual time: `vi.useFakeTimers()` first. */
export const sctpPair = (maxMessageBytes = 1_000_000): SctpPair => {
  const end = (name: 'a' | 'b', other: () => SctpEnd): SctpEnd => {
    const messages: InboundMessage[] = [];
    const events: string[] = [];
    const self: SctpEnd = {
      messages,
      events,
      packets: 0,
      association: new Association({
        port: 5000,
        maxMessageBytes,
        send: (packet) => {
          self.packets++;
          if (pair.lose(name, packet)) return;
          for (let copy = pair.copies(); copy > 0; copy--)
            setTimeout(() => other().association.receive(Buffer.from(packet)), pair.delayMs());
        },
        onEstablished: () => events.push('established'),
        onMessage: (message) => messages.push({ ...message, data: Buffer.from(message.data) }),
        onIncomingReset: (ids) => events.push(`incoming reset ${ids.join()}`),
        onOutgoingReset: (ids) => events.push(`outgoing reset ${ids.join()}`),
        onLost: (error) => events.push(error.message),
      }),
    };
    return self;
  };
  const pair: SctpPair = { a: end('a', () => pair.b), b: end('b', () => pair.a), lose: () => false, delayMs: () => 1, copies: () => 1 };
  return pair;
};

/** Loses this share of packets in both directions. */
export const losing =
  (random: PseudoRandom, ratio: number): SctpPair['lose'] =>
  () =>
    random.next() < ratio;

/** Both ends, started and established. */
export const connectedPair = (maxMessageBytes?: number): SctpPair => {
  const pair = sctpPair(maxMessageBytes);
  pair.a.association.start();
  pair.b.association.start();
  vi.advanceTimersByTime(20);
  return pair;
};

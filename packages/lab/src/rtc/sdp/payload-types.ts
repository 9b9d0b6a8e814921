import type { RtcCodec } from '../media/codec.ts';
import type { NumberedCodec } from './offer.ts';

/** Dynamic numbers, and those that RFC 5761 leaves to them beside RTCP. */
const numbers: readonly number[] = [
  ...Array.from({ length: 32 }, (_, index) => 96 + index),
  ...Array.from({ length: 29 }, (_, index) => 35 + index),
];

/** Gives each codec one number in all sections of a peer, as a bundle demands (RFC 9143 section 9.1). */
export class PayloadTypes {
  readonly #known = new Map<string, NumberedCodec>();
  #next = 0;

  /** @throws Error when all numbers are taken. */
  number(codec: RtcCodec): NumberedCodec {
    const key = `${codec.name} ${JSON.stringify(codec.parameters)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const numbered = { codec, payloadType: this.#take(), rtxPayloadType: codec.kind === 'video' ? this.#take() : undefined };
    this.#known.set(key, numbered);
    return numbered;
  }

  #take(): number {
    const number = numbers[this.#next++];
    if (number === undefined) throw new Error('no RTP payload type is left');
    return number;
  }
}

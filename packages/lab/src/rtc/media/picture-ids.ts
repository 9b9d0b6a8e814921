import type { RtcCodecName } from './codec.ts';

/** Where the running numbers of a payload descriptor lie; undefined when there are none. */
interface Place {
  readonly pictureAt: number | undefined;
  /** Picture ids have 7 or 15 bits. */
  readonly isLong: boolean;
  /** Number of the picture of the lowest temporal layer (TL0PICIDX), 8 bits. */
  readonly baseAt: number | undefined;
}

/** RFC 7741 section 4.2. */
const vp8Place = (payload: Buffer): Place | undefined => {
  if (!(payload.readUInt8(0) & 0x80)) return undefined;
  const flags = payload.readUInt8(1);
  const pictureAt = flags & 0x80 ? 2 : undefined;
  const isLong = pictureAt !== undefined && (payload.readUInt8(pictureAt) & 0x80) !== 0;
  const after = 2 + (pictureAt === undefined ? 0 : isLong ? 2 : 1);
  return { pictureAt, isLong, baseAt: flags & 0x40 ? after : undefined };
};

/** RFC 9628 section 4.2; TL0PICIDX exists in non-flexible mode only. */
const vp9Place = (payload: Buffer): Place | undefined => {
  const first = payload.readUInt8(0);
  if (!(first & 0x80)) return undefined;
  const isLong = (payload.readUInt8(1) & 0x80) !== 0;
  const after = isLong ? 3 : 2;
  return { pictureAt: 1, isLong, baseAt: first & 0x20 && !(first & 0x10) ? after + 1 : undefined };
};

const places: Partial<Readonly<Record<RtcCodecName, (payload: Buffer) => Place | undefined>>> = { VP8: vp8Place, VP9: vp9Place };

interface Numbers {
  readonly picture: number;
  readonly base: number;
}

/** Keeps picture ids and TL0PICIDX of VP8 and VP9 without a jump when the source of a stream changes: decoders take a jump for a loss. */
export class PictureIds {
  readonly #placeOf: ((payload: Buffer) => Place | undefined) | undefined;
  #offset: Numbers = { picture: 0, base: 0 };
  #last: Numbers | undefined;
  #fresh = true;

  constructor(codec: RtcCodecName) {
    this.#placeOf = places[codec];
  }

  /** The next packet is of another source, and begins a picture. */
  sourceChanged(): void {
    this.#fresh = true;
  }

  /** The payload with numbers that go on from those before. */
  rewrite(payload: Buffer): Buffer {
    let place: Place | undefined;
    try {
      place = this.#placeOf?.(payload);
      return place === undefined ? payload : this.#rewritten(payload, place);
    } catch (error) {
      // A descriptor that is cut off; the decoder will drop the packet.
      if (error instanceof RangeError) return payload;
      throw error;
    }
  }

  #rewritten(payload: Buffer, { pictureAt, isLong, baseAt }: Place): Buffer {
    const mask = isLong ? 0x7fff : 0x7f;
    const picture = pictureAt === undefined ? 0 : (isLong ? payload.readUInt16BE(pictureAt) : payload.readUInt8(pictureAt)) & mask;
    const base = baseAt === undefined ? 0 : payload.readUInt8(baseAt);
    if (this.#fresh) {
      this.#fresh = false;
      this.#offset =
        this.#last === undefined
          ? { picture: 0, base: 0 }
          : { picture: this.#last.picture + 1 - picture, base: this.#last.base + 1 - base };
    }
    const next = { picture: (picture + this.#offset.picture) & mask, base: (base + this.#offset.base) & 0xff };
    this.#last = next;
    const copy = Buffer.from(payload);
    if (pictureAt !== undefined) {
      if (isLong) copy.writeUInt16BE(0x8000 | next.picture, pictureAt);
      else copy.writeUInt8(next.picture, pictureAt);
    }
    if (baseAt !== undefined) copy.writeUInt8(next.base, baseAt);
    return copy;
  }
}

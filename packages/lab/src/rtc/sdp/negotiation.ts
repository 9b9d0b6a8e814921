import { randomBytes } from 'node:crypto';
import { codecFor } from '../media/codec.ts';
import { parseAnswer } from './answer.ts';
import type { AnswerSection } from './answer.ts';
import { writeOffer } from './offer.ts';
import type { ApplicationSection, MediaSection, Offer, OfferSection } from './offer.ts';
import { PayloadTypes } from './payload-types.ts';
import { SdpError } from './sdp-error.ts';

/** What fills a media section: a receiver or a sender. */
export interface SectionOccupant {
  readonly kind: 'audio' | 'video';
  /** The section as it should be in the next offer. */
  describe(payloadTypes: PayloadTypes): MediaSection;
  /** What the client made of it. */
  answered(section: AnswerSection): void;
}

export interface NegotiationOptions extends Omit<Offer, 'sessionId' | 'version' | 'sections'> {
  readonly application: ApplicationSection | undefined;
}

/** Parameters of the client's transport, from its answer. */
export interface RemoteTransport {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprints: AnswerSection['fingerprints'];
  readonly maxMessageBytes: number | undefined;
}

interface Slot {
  readonly kind: 'audio' | 'video' | 'application';
  readonly mid: string;
  readonly first: boolean;
  occupant: SectionOccupant | undefined;
  /** As last offered. */
  offered: OfferSection | undefined;
  /** Its occupant in the last offer: an answer is for that one only. */
  offeredTo: SectionOccupant | undefined;
  /** The client has confirmed port 0: the section may be used again. */
  free: boolean;
}

/** Stream id of sections that are no track; Sora's clients leave it out. */
const placeholderStream = 'default';

/** Keeps the sections of a session in order over any number of offers and answers (RFC 8829 section 5.2.2). */
export class Negotiation {
  readonly #options: NegotiationOptions;
  readonly #sessionId = BigInt(`0x${randomBytes(7).toString('hex')}`).toString();
  readonly #payloadTypes = new PayloadTypes();
  #slots: Slot[] = [];
  #version = 0;
  #changed = true;
  #answerDue = false;

  constructor(options: NegotiationOptions) {
    this.#options = options;
  }

  get needed(): boolean {
    return this.#changed;
  }

  /** A section of its own for `occupant`. `first`: before the application section, where nothing is ever released. */
  add(occupant: SectionOccupant, mid: string, first: boolean): void {
    if (this.#slots.some((slot) => slot.mid === mid)) throw new Error(`mid ${mid} is taken`);
    this.#slots.push({ kind: occupant.kind, mid, first, occupant, offered: undefined, offeredTo: undefined, free: false });
    this.#changed = true;
  }

  /** Puts `occupant` where a track of the same kind was before, and returns the mid; undefined when no section is free. */
  reuse(occupant: SectionOccupant): string | undefined {
    const slot = this.#slots.find(({ kind, free }) => free && kind === occupant.kind);
    if (slot === undefined) return undefined;
    slot.occupant = occupant;
    slot.free = false;
    this.#changed = true;
    return slot.mid;
  }

  remove(occupant: SectionOccupant): void {
    const slot = this.#slots.find((candidate) => candidate.occupant === occupant);
    if (slot === undefined) return;
    slot.occupant = undefined;
    this.#changed = true;
    if (slot.offered === undefined) this.#slots = this.#slots.filter((other) => other !== slot);
    // Taken up and given back between two offers: the client knows it as released.
    else if (slot.offered.released === true) slot.free = true;
  }

  offer(): string {
    if (this.#version === 0) this.#arrange();
    this.#version++;
    const sections = this.#slots.map((slot) => {
      slot.offeredTo = slot.occupant;
      return (slot.offered = this.#describe(slot));
    });
    this.#changed = false;
    this.#answerDue = true;
    return writeOffer({ ...this.#options, sessionId: this.#sessionId, version: this.#version, sections });
  }

  /** @throws SdpError; nothing has changed then. */
  answer(sdp: string): RemoteTransport {
    const sections = parseAnswer(sdp);
    if (!this.#answerDue) throw new SdpError('mismatch', 'there is no offer that waits for an answer');
    const offered = this.#slots.filter((slot) => slot.offered !== undefined);
    if (sections.length !== offered.length) {
      throw new SdpError('mismatch', `the answer has ${sections.length} sections, the offer has ${offered.length}`);
    }
    for (const [index, slot] of offered.entries()) {
      const section = sections[index];
      if (section?.kind !== slot.kind || (section.mid !== slot.mid && section.mid !== '')) {
        throw new SdpError('mismatch', `section ${index} of the answer is not ${slot.kind} with mid ${slot.mid}`);
      }
    }
    const transport = transportOf(sections);
    this.#answerDue = false;
    for (const [index, slot] of offered.entries()) {
      const section = sections[index];
      if (slot.offered?.released === true && slot.occupant === undefined) slot.free = true;
      if (section !== undefined) slot.offeredTo?.answered(section);
    }
    return transport;
  }

  /** Order of the first offer: what the client sends, channels, what it receives. The first section carries the bundle, so it must stay for good. */
  #arrange(): void {
    const { application } = this.#options;
    const [first, rest] = [this.#slots.filter((slot) => slot.first), this.#slots.filter((slot) => !slot.first)];
    const blank = { occupant: undefined, offered: undefined, offeredTo: undefined, free: false };
    const channels: Slot[] = application === undefined ? [] : [{ ...blank, kind: 'application', mid: application.mid, first: true }];
    const placeholder: Slot[] =
      first.length + channels.length > 0 ? [] : [{ ...blank, kind: 'audio', mid: placeholderStream, first: true }];
    this.#slots = [...placeholder, ...first, ...channels, ...rest];
  }

  #describe(slot: Slot): OfferSection {
    const { application } = this.#options;
    if (slot.kind === 'application' && application !== undefined) return application;
    if (slot.occupant !== undefined) return slot.occupant.describe(this.#payloadTypes);
    const before = slot.offered;
    if (before !== undefined && before.kind !== 'application' && !slot.first) {
      return { ...before, direction: 'inactive', released: true, simulcast: [], track: undefined };
    }
    return {
      kind: 'audio',
      mid: slot.mid,
      direction: 'sendonly',
      released: false,
      codecs: [this.#payloadTypes.number(codecFor('OPUS'))],
      simulcast: [],
      maxBitrateBps: undefined,
      track: { streamId: placeholderStream, trackId: placeholderStream, ssrc: 1, rtxSsrc: undefined },
    };
  }
}

const transportOf = (sections: readonly AnswerSection[]): RemoteTransport => {
  const section = sections.find(({ rejected }) => !rejected);
  if (section === undefined) throw new SdpError('transport', 'the answer rejects every section');
  const { ufrag, password, fingerprints, setup } = section;
  if (ufrag === undefined || password === undefined) throw new SdpError('transport', 'the answer has no ICE credentials');
  if (fingerprints.length === 0) throw new SdpError('transport', 'the answer has no fingerprint');
  if (setup !== 'active') throw new SdpError('transport', `the answer must have a=setup:active, not ${setup ?? 'none'}`);
  const channels = sections.find(({ kind, rejected }) => kind === 'application' && !rejected);
  return { ufrag, password, fingerprints, maxMessageBytes: channels?.maxMessageBytes };
};

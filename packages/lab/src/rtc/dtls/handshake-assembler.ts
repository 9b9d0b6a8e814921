import type { HandshakeFragment, HandshakeMessage } from './handshake-message.ts';

/** A client certificate is the largest message expected; a flood of claimed lengths must not take memory. */
const maxMessageBytes = 32 * 1024;
/** Messages of one flight that may come before the one that is due. */
const maxAhead = 8;

interface Partial {
  readonly type: number;
  readonly body: Buffer;
  /** One byte per byte of the body: 1 where a fragment has covered it. */
  readonly covered: Uint8Array;
  missing: number;
}

/** Puts fragments together and hands out whole messages in order of their sequence numbers. */
export interface HandshakeAssembler {
  /** Messages that became due. */
  push(fragment: HandshakeFragment): HandshakeMessage[];
  /** Whether this fragment belongs to a message already handed out: the other side repeats itself. */
  isRepeated(fragment: HandshakeFragment): boolean;
}

export const createHandshakeAssembler = (): HandshakeAssembler => {
  let due = 0;
  const partials = new Map<number, Partial>();

  const store = ({ type, sequence, length, offset, body }: HandshakeFragment): void => {
    if (length > maxMessageBytes || offset + body.length > length) return;
    let partial = partials.get(sequence);
    if (partial === undefined) {
      partial = { type, body: Buffer.alloc(length), covered: new Uint8Array(length), missing: length };
      partials.set(sequence, partial);
    }
    if (partial.type !== type || partial.body.length !== length) return;
    body.copy(partial.body, offset);
    for (let at = offset; at < offset + body.length; at++) {
      if (partial.covered[at] === 0) {
        partial.covered[at] = 1;
        partial.missing--;
      }
    }
  };

  return {
    isRepeated: ({ sequence }) => sequence < due,
    push: (fragment) => {
      if (fragment.sequence < due || fragment.sequence > due + maxAhead) return [];
      store(fragment);
      const complete: HandshakeMessage[] = [];
      for (let next = partials.get(due); next?.missing === 0; next = partials.get(due)) {
        partials.delete(due);
        complete.push({ type: next.type, sequence: due, body: next.body });
        due++;
      }
      return complete;
    },
  };
};

import { describe, expect, test } from 'vitest';
import { createHandshakeAssembler } from '../../../src/rtc/dtls/handshake-assembler.ts';
import { fragmentHandshake, parseFragments } from '../../../src/rtc/dtls/handshake-message.ts';

const message = (sequence: number, length: number) => ({
  type: 11,
  sequence,
  body: Buffer.from(Array.from({ length }, (_, index) => index & 0xff)),
});
const fragmentsOf = (sequence: number, length: number, maxBytes: number) =>
  fragmentHandshake(message(sequence, length), maxBytes).flatMap((piece) => parseFragments(piece));

describe('handshake assembler', () => {
  test('puts fragments together in any order, overlapping or twice', () => {
    const assembler = createHandshakeAssembler();
    const pieces = fragmentsOf(0, 250, 100);
    const overlapping = fragmentsOf(0, 250, 70);
    for (const piece of [pieces[2], pieces[2], overlapping[1]]) expect(assembler.push(piece!)).toEqual([]);
    expect(assembler.push(overlapping[2]!)).toEqual([]);
    expect(assembler.push(pieces[0]!).map(({ body }) => body.equals(message(0, 250).body))).toEqual([true]);
  });

  test('hands out messages in order of their numbers', () => {
    const assembler = createHandshakeAssembler();
    expect(assembler.push(fragmentsOf(1, 10, 100)[0]!)).toEqual([]);
    expect(assembler.push(fragmentsOf(0, 10, 100)[0]!).map(({ sequence }) => sequence)).toEqual([0, 1]);
    expect(assembler.isRepeated(fragmentsOf(1, 10, 100)[0]!)).toBe(true);
    expect(assembler.isRepeated(fragmentsOf(2, 10, 100)[0]!)).toBe(false);
  });

  test('an empty message needs one fragment', () => {
    expect(createHandshakeAssembler().push(fragmentsOf(0, 0, 100)[0]!)).toHaveLength(1);
  });

  test('ignores fragments that contradict each other, are too long, or lie too far ahead', () => {
    const assembler = createHandshakeAssembler();
    const [piece] = fragmentsOf(0, 100, 50);
    expect(assembler.push(piece!)).toEqual([]);
    expect(assembler.push({ ...piece!, length: 50 })).toEqual([]);
    expect(assembler.push({ ...piece!, offset: 90 })).toEqual([]);
    expect(assembler.push({ ...piece!, sequence: 5, length: 1_000_000 })).toEqual([]);
    expect(assembler.push({ ...piece!, sequence: 500 })).toEqual([]);
    expect(assembler.push({ ...piece!, offset: 50 })).toHaveLength(1);
  });
});

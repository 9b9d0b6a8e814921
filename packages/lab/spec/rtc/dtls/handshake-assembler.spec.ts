import { describe, expect, test } from 'vitest';
import { createHandshakeAssembler } from '../../../src/rtc/dtls/handshake-assembler.ts';
import { fragmentHandshake, parseFragments } from '../../../src/rtc/dtls/handshake-message.ts';
import type { HandshakeFragment } from '../../../src/rtc/dtls/handshake-message.ts';

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
    expect(assembler.push({ ...piece!, offset: 50, length: 101 })).toEqual([]);
    // Whoever says too much has not said the end of the message either.
    expect(assembler.push({ ...piece!, offset: 51 })).toEqual([]);
    expect(assembler.push({ ...piece!, offset: 50, body: piece!.body.subarray(0, 1) })).toEqual([]);
    expect(assembler.push({ ...piece!, sequence: 5, length: 1_000_000 })).toEqual([]);
    expect(assembler.push({ ...piece!, sequence: 500 })).toEqual([]);
    expect(assembler.push({ ...piece!, offset: 50 })).toHaveLength(1);
  });

  test('a message may have 32 KiB, and come eight places ahead', () => {
    const assembler = createHandshakeAssembler();
    const piece = { type: 11, sequence: 0, length: 32_768, offset: 0, body: Buffer.alloc(32_768, 1) };
    expect(assembler.push({ ...piece, length: 32_769, body: Buffer.alloc(32_769) })).toEqual([]);
    expect(assembler.push({ ...piece, sequence: 9 })).toEqual([]);
    for (let sequence = 8; sequence > 0; sequence--) expect(assembler.push({ ...piece, sequence })).toEqual([]);
    expect(assembler.push(piece).map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(assembler.push({ ...piece, sequence: 9 })).toHaveLength(1);
    expect(assembler.push(piece)).toEqual([]);
  });

  test('a fragment of another type does not fill the gap', () => {
    const assembler = createHandshakeAssembler();
    const [first, second] = fragmentsOf(0, 20, 10) as [HandshakeFragment, HandshakeFragment];
    assembler.push(first);
    expect(assembler.push({ ...second, type: 12 })).toEqual([]);
    expect(assembler.push({ ...second, offset: 11 })).toEqual([]);
    const [whole] = assembler.push(second);
    expect(whole).toEqual({ type: 11, sequence: 0, body: message(0, 20).body });
  });
});

import { describe, expect, test } from 'vitest';
import { TransportWideFeedback } from '../../../src/rtc/rtp/transport-wide-feedback.ts';

/** Reads a report as the draft describes it: [sequence number, milliseconds] of what arrived. */
const read = (feedback: Buffer): { readonly arrived: [number, number][]; readonly lost: number[] } => {
  expect(feedback.length % 4).toBe(0);
  const [base, count] = [feedback.readUInt16BE(0), feedback.readUInt16BE(2)];
  const symbols: number[] = [];
  let at = 8;
  for (; symbols.length < count; at += 2) {
    const chunk = feedback.readUInt16BE(at);
    expect(chunk >> 14, 'status vector with two-bit symbols').toBe(3);
    for (let shift = 12; shift >= 0; shift -= 2) symbols.push((chunk >> shift) & 3);
  }
  let ticks = feedback.readUIntBE(4, 3) * 256;
  const [arrived, lost]: [[number, number][], number[]] = [[], []];
  for (const [index, symbol] of symbols.slice(0, count).entries()) {
    const sequence = (base + index) & 0xffff;
    if (symbol === 0) {
      lost.push(sequence);
      continue;
    }
    ticks += symbol === 1 ? feedback.readUInt8(at) : feedback.readInt16BE(at);
    at += symbol;
    arrived.push([sequence, ticks / 4]);
  }
  return { arrived, lost };
};

describe('TransportWideFeedback', () => {
  test('says when packets arrived, in quarters of a millisecond, and which did not', () => {
    const feedback = new TransportWideFeedback();
    for (const [sequence, atMs] of [
      [10, 6400],
      [11, 6410.25],
      [13, 6412.5],
      [14, 6600],
    ] as const) {
      feedback.received(sequence, atMs);
    }
    const { arrived, lost } = read(feedback.take()!);
    expect(arrived).toEqual([
      [10, 6400],
      [11, 6410.25],
      [13, 6412.5],
      [14, 6600],
    ]);
    expect(lost).toEqual([12]);
  });

  test('the next report goes on where the last one ended, across the wrap', () => {
    const feedback = new TransportWideFeedback();
    feedback.received(65534, 100);
    feedback.take();
    feedback.received(1, 200);
    const { arrived, lost } = read(feedback.take()!);
    expect(arrived.map(([sequence]) => sequence)).toEqual([1]);
    expect(lost).toEqual([65535, 0]);
  });

  test('packets that overtook each other have negative differences', () => {
    const feedback = new TransportWideFeedback();
    feedback.received(2, 100);
    feedback.received(1, 101);
    const { arrived } = read(feedback.take()!);
    expect(arrived[1]![1] - arrived[0]![1]).toBe(-1);
  });

  test('says nothing when nothing arrived', () => {
    const feedback = new TransportWideFeedback();
    expect(feedback.take()).toBeUndefined();
    feedback.received(5, 1);
    expect(feedback.take()).toBeDefined();
    feedback.received(4, 2);
    expect(feedback.take()).toBeUndefined();
  });
});

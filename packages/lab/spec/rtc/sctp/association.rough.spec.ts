import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pseudoRandom } from '../support/pseudo-random.ts';
import { connectedPair, losing, sctpPair } from '../support/sctp-pair.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const text = (data: string, streamId = 1) => ({ streamId, protocolId: 51, data: Buffer.from(data), ordered: true });
const blob = (length: number, streamId = 1) => ({ streamId, protocolId: 53, data: pseudoRandom(length).bytes(length), ordered: true });
/** Short enough to be read when a test fails. */
const fingerprint = (data: Buffer): string => `${data.length} ${createHash('sha1').update(data).digest('hex').slice(0, 8)}`;
const texts = (messages: readonly { readonly data: Buffer }[]): string[] => messages.map(({ data }) => data.toString());

describe('over a rough network', () => {
  test('60 handshakes survive a network with a third of all packets lost', () => {
    const random = pseudoRandom(11);
    for (let attempt = 0; attempt < 60; attempt++) {
      const pair = sctpPair();
      pair.lose = losing(random, 0.33);
      pair.a.association.start();
      pair.b.association.start();
      pair.a.association.send(text('hello'));
      vi.advanceTimersByTime(180_000);
      expect(texts(pair.b.messages), `attempt ${attempt}`).toEqual(['hello']);
      pair.a.association.close();
      pair.b.association.close();
    }
  });

  test.each([
    [0.05, 0],
    [0.15, 0.3],
    [0.3, 0.1],
  ])('messages arrive once and in order when %d of all packets get lost, %d come twice and others overtake', (ratio, twice) => {
    const random = pseudoRandom(3);
    const pair = connectedPair();
    pair.lose = losing(random, ratio);
    pair.delayMs = () => 1 + random.below(20);
    pair.copies = () => (random.next() < twice ? 2 : 1);
    const sent = Array.from({ length: 200 }, (_, index) => (index % 10 === 0 ? blob(5000 + index) : text(String(index))));
    for (const message of sent) pair.a.association.send(message);
    for (const message of sent.slice(0, 50)) pair.b.association.send(message);
    vi.advanceTimersByTime(600_000);
    expect(pair.b.events).toEqual(['established']);
    expect(pair.b.messages.map(({ data }) => fingerprint(data))).toEqual(sent.map(({ data }) => fingerprint(data)));
    expect(pair.a.messages).toHaveLength(50);
    pair.lose = () => false;
    vi.advanceTimersByTime(120_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a large message given up in the middle leaves no piece behind', () => {
    const random = pseudoRandom(5);
    const pair = connectedPair();
    pair.lose = losing(random, 0.3);
    for (let index = 0; index < 50; index++) pair.a.association.send({ ...blob(20_000), maxRetransmits: 0 });
    vi.advanceTimersByTime(120_000);
    pair.lose = () => false;
    pair.a.association.send(text('after'));
    vi.advanceTimersByTime(10_000);
    expect(texts(pair.b.messages).at(-1)).toBe('after');
    const whole = blob(20_000).data;
    expect(pair.b.messages.slice(0, -1).every(({ data }) => data.equals(whole))).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a stream reset survives losses, and the stream can be used again', () => {
    const random = pseudoRandom(21);
    const pair = connectedPair();
    pair.lose = losing(random, 0.4);
    pair.a.association.send(text('before'));
    pair.a.association.resetStream(1);
    vi.advanceTimersByTime(60_000);
    pair.a.association.send(text('after'));
    vi.advanceTimersByTime(60_000);
    expect(texts(pair.b.messages)).toEqual(['before', 'after']);
    expect(pair.b.events.filter((event) => event === 'incoming reset 1')).toHaveLength(1);
  });
});

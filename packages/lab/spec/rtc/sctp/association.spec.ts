import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chunkType, serializeChunk, serializePacket } from '../../../src/rtc/sctp/packet.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';
import { connectedPair, losing, sctpPair } from '../support/sctp-pair.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const binary = 53;
const text = (data: string, streamId = 1) => ({ streamId, protocolId: 51, data: Buffer.from(data), ordered: true });
const blob = (length: number, streamId = 1) => ({ streamId, protocolId: binary, data: pseudoRandom(length).bytes(length), ordered: true });
/** Short enough to be read when a test fails. */
const fingerprint = (data: Buffer): string => `${data.length} ${createHash('sha1').update(data).digest('hex').slice(0, 8)}`;
const texts = (messages: readonly { readonly data: Buffer }[]): string[] => messages.map(({ data }) => data.toString());

describe('setting up', () => {
  test('both ends may start at the same time (RFC 9260 section 5.2.1)', () => {
    const { a, b } = connectedPair();
    expect([a.events, b.events]).toEqual([['established'], ['established']]);
  });

  test('one end may start alone, the other having been told to wait', () => {
    const pair = sctpPair();
    pair.lose = (from, packet) => from === 'b' && packet.readUInt8(12) === chunkType.init;
    pair.a.association.start();
    pair.b.association.start();
    vi.advanceTimersByTime(20);
    expect(pair.a.events).toEqual(['established']);
    expect(pair.b.events).toEqual(['established']);
  });

  test.each([chunkType.init, chunkType.initAck, chunkType.cookieEcho, chunkType.cookieAck])(
    'the first loss of chunk type %i is made good',
    (type) => {
      const pair = sctpPair();
      const seen = new Set<string>();
      pair.lose = (from, packet) => {
        const key = `${from} ${packet.readUInt8(12)}`;
        const first = packet.readUInt8(12) === type && !seen.has(key);
        seen.add(key);
        return first;
      };
      pair.a.association.start();
      pair.b.association.start();
      pair.a.association.send(text('early'));
      vi.advanceTimersByTime(3000);
      expect(texts(pair.b.messages)).toEqual(['early']);
    },
  );

  test('is given up when nobody answers, and leaves no timer', () => {
    const pair = sctpPair();
    pair.lose = () => true;
    pair.a.association.start();
    vi.advanceTimersByTime(60_000);
    expect(pair.a.events).toEqual(['SCTP: the client does not answer']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('waits twice as long after each attempt, from half a second to 8 s', () => {
    const pair = sctpPair();
    const startMs = performance.now();
    const times: number[] = [];
    pair.lose = () => {
      times.push(performance.now() - startMs);
      return true;
    };
    pair.a.association.start();
    vi.advanceTimersByTime(120_000);
    expect(times).toEqual([0, 500, 1500, 3500, 7500, 15_500, 23_500, 31_500, 39_500]);
    expect(pair.a.events).toEqual(['SCTP: the client does not answer']);
  });

  test('survives 60 attempts with a third of all packets lost', () => {
    const random = pseudoRandom(11);
    for (let attempt = 0; attempt < 60; attempt++) {
      const pair = sctpPair();
      pair.lose = losing(random, 0.33);
      pair.a.association.start();
      pair.b.association.start();
      pair.a.association.send(text('hello'));
      vi.advanceTimersByTime(60_000);
      expect(texts(pair.b.messages), `attempt ${attempt}`).toEqual(['hello']);
      pair.a.association.close();
      pair.b.association.close();
    }
  });
});

describe('messages', () => {
  test('arrive once, in order, with stream and protocol, and are acknowledged', () => {
    const { a, b } = connectedPair();
    let left = 0;
    for (let index = 0; index < 1000; index++) a.association.send({ ...text(String(index), 1 + 2 * (index % 3)), onLeft: () => left++ });
    vi.advanceTimersByTime(1000);
    expect(texts(b.messages)).toEqual(Array.from({ length: 1000 }, (_, index) => String(index)));
    expect(b.messages[4]).toMatchObject({ streamId: 3, protocolId: 51 });
    expect(left).toBe(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([1, 1159, 1160, 1161, 65_536, 262_144])('of %i bytes arrive whole', (length) => {
    const { a, b } = connectedPair();
    a.association.send(blob(length));
    vi.advanceTimersByTime(2000);
    expect(b.messages[0]!.data.equals(blob(length).data)).toBe(true);
  });

  test('larger than the limit are dropped, and the next one arrives', () => {
    const { a, b } = connectedPair(10_000);
    a.association.send(blob(10_001));
    a.association.send(text('after'));
    vi.advanceTimersByTime(1000);
    expect(texts(b.messages)).toEqual(['after']);
  });

  test.each([
    [0.05, 0],
    [0.15, 0.3],
    [0.3, 0.1],
  ])('arrive once and in order when %d of all packets get lost, %d come twice and others overtake', (ratio, twice) => {
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

  test('sent from inside the receiver keep their order', () => {
    const { a, b } = connectedPair();
    for (let index = 0; index < 100; index++) {
      a.association.send({ ...text(String(2 * index)), onLeft: () => a.association.send(text(String(2 * index + 1), 3)) });
    }
    vi.advanceTimersByTime(1000);
    expect(texts(b.messages.filter(({ streamId }) => streamId === 1))).toEqual(
      Array.from({ length: 100 }, (_, index) => String(2 * index)),
    );
    expect(b.messages).toHaveLength(200);
  });

  test('an end that is gone is found out, and leaves no timer', () => {
    const pair = connectedPair();
    pair.lose = () => true;
    let left = 0;
    pair.a.association.send({ ...text('nobody hears'), onLeft: () => left++ });
    vi.advanceTimersByTime(1_000_000);
    expect(pair.a.events).toEqual(['established', 'SCTP: the client acknowledges nothing any more']);
    expect(left).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('partial reliability (RFC 3758)', () => {
  test('maxRetransmits 0: what is lost stays lost, what follows arrives', () => {
    const pair = connectedPair();
    pair.lose = (from, packet) => from === 'a' && packet.includes('lost');
    pair.a.association.send({ ...text('lost'), maxRetransmits: 0 });
    pair.a.association.send({ ...text('kept'), maxRetransmits: 0 });
    vi.advanceTimersByTime(5000);
    expect(texts(pair.b.messages)).toContain('kept');
    expect(texts(pair.b.messages)).not.toContain('lost');
    pair.a.association.send(text('after'));
    vi.advanceTimersByTime(100);
    expect(texts(pair.b.messages).at(-1)).toBe('after');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('maxRetransmits 2: the third loss is the last', () => {
    const pair = connectedPair();
    let tries = 0;
    pair.lose = (from, packet) => {
      const isIt = from === 'a' && packet.includes('three times');
      if (isIt) tries++;
      return isIt;
    };
    pair.a.association.send({ ...text('three times'), maxRetransmits: 2 });
    vi.advanceTimersByTime(60_000);
    expect(tries).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a life time that is over ends the attempts, milliseconds being milliseconds', () => {
    const pair = connectedPair();
    let tries = 0;
    pair.lose = (from, packet) => {
      const isIt = from === 'a' && packet.includes('perishable');
      if (isIt) tries++;
      return isIt;
    };
    pair.a.association.send({ ...text('perishable'), expiresAtMs: performance.now() + 1000 });
    vi.advanceTimersByTime(60_000);
    expect(tries).toBe(2);
    pair.a.association.send(text('after'));
    vi.advanceTimersByTime(100);
    expect(texts(pair.b.messages)).toEqual(['after']);
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

  test('an unordered message does not wait for one that was lost', () => {
    const pair = connectedPair();
    let first = true;
    pair.lose = (from, packet) => {
      const lost = first && from === 'a' && packet.includes('slow');
      if (lost) first = false;
      return lost;
    };
    pair.a.association.send({ ...text('slow'), ordered: false });
    pair.a.association.send({ ...text('fast'), ordered: false });
    vi.advanceTimersByTime(5000);
    expect(texts(pair.b.messages)).toEqual(['fast', 'slow']);
  });
});

describe('stream reset (RFC 6525)', () => {
  test('comes after everything that was sent before it', () => {
    const pair = connectedPair();
    pair.delayMs = () => 5;
    for (let index = 0; index < 100; index++) pair.a.association.send(blob(5000));
    pair.a.association.resetStream(1);
    const seen: number[] = [];
    const watch = setInterval(() => {
      if (pair.b.events.includes('incoming reset 1')) seen.push(pair.b.messages.length);
    }, 1);
    vi.advanceTimersByTime(5000);
    clearInterval(watch);
    expect(seen[0]).toBe(100);
    expect(pair.a.events).toContain('outgoing reset 1');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of many streams in both directions at once', () => {
    const { a, b } = connectedPair();
    for (const id of [1, 3, 5]) {
      a.association.resetStream(id);
      b.association.resetStream(id);
    }
    vi.advanceTimersByTime(2000);
    for (const { events } of [a, b]) {
      expect(events.filter((event) => event.startsWith('incoming')).join()).toBe('incoming reset 1,incoming reset 3,5');
      expect(events.filter((event) => event.startsWith('outgoing')).join()).toBe('outgoing reset 1,outgoing reset 3,5');
    }
  });

  test('survives losses, and the stream can be used again', () => {
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

  test('asked for before the association is up is not forgotten', () => {
    const pair = sctpPair();
    pair.a.association.start();
    pair.b.association.start();
    pair.a.association.send(text('x'));
    pair.a.association.resetStream(1);
    vi.advanceTimersByTime(1000);
    expect(pair.b.events).toContain('incoming reset 1');
  });
});

describe('ending', () => {
  test('ABORT tells the other end, and leaves no timer on either', () => {
    const { a, b } = connectedPair();
    a.association.send(blob(100_000));
    a.association.abort('enough');
    vi.advanceTimersByTime(100);
    expect(b.events.at(-1)).toBe('SCTP: the client aborted the association');
    expect(a.events).toEqual(['established']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('close says nothing', () => {
    const { a, b } = connectedPair();
    const before = a.packets;
    a.association.close();
    a.association.send(text('late'));
    vi.advanceTimersByTime(100);
    expect(a.packets).toBe(before);
    expect(b.events).toEqual(['established']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('hostile packets', () => {
  test('with a wrong tag, checksum or length change nothing', () => {
    const { a } = connectedPair();
    const abort = serializeChunk({ type: chunkType.abort, flags: 0, value: Buffer.alloc(0) });
    expect(a.association.receive(serializePacket(5000, 12345, [abort]))).toBe(false);
    expect(a.association.receive(Buffer.alloc(12))).toBe(false);
    expect(a.association.receive(Buffer.alloc(0))).toBe(false);
    expect(a.events).toEqual(['established']);
  });
});

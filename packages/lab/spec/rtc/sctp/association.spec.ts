import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Association } from '../../../src/rtc/sctp/association.ts';
import { dataFlag, serializeDataChunk } from '../../../src/rtc/sctp/data-chunk.ts';
import { parseInit, serializeInit } from '../../../src/rtc/sctp/init.ts';
import type { SctpIdentity } from '../../../src/rtc/sctp/init.ts';
import { chunkType, parsePacket, serializeChunk, serializePacket } from '../../../src/rtc/sctp/packet.ts';
import type { SctpChunk } from '../../../src/rtc/sctp/packet.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';
import { connectedPair, sctpPair } from '../support/sctp-pair.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const binary = 53;
const text = (data: string, streamId = 1) => ({ streamId, protocolId: 51, data: Buffer.from(data), ordered: true });
const blob = (length: number, streamId = 1) => ({ streamId, protocolId: binary, data: pseudoRandom(length).bytes(length), ordered: true });
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

/** The chunks of a packet, by type. */
const chunksOf = (packet: Buffer) => parsePacket(packet)?.chunks ?? [];
const typesOf = (packet: Buffer): number[] => chunksOf(packet).map(({ type }) => type);

/** The lab's end alone; the spec is the client, whose identity it makes up. */
const alone = (partialReliability = true, onMessage: (text: string) => void = () => undefined) => {
  const sent: Buffer[] = [];
  const events: string[] = [];
  const messages: string[] = [];
  const lab = new Association({
    port: 5000,
    maxMessageBytes: 1000,
    send: (packet) => sent.push(packet),
    onEstablished: () => events.push('established'),
    onMessage: ({ data }) => {
      messages.push(data.toString());
      onMessage(data.toString());
    },
    onIncomingReset: (ids) => events.push(`incoming reset ${ids.join()}`),
    onOutgoingReset: (ids) => events.push(`outgoing reset ${ids.join()}`),
    onLost: (error) => events.push(error.message),
  });
  const client = { tag: 0x11223344, windowBytes: 100_000, initialTsn: 1000, partialReliability };
  const receive = (tag: number, ...chunks: readonly SctpChunk[]): boolean =>
    lab.receive(serializePacket(5000, tag, chunks.map(serializeChunk)));
  const init = (identity: SctpIdentity = client): boolean => receive(0, { type: chunkType.init, flags: 0, value: serializeInit(identity) });
  /** The tag that the lab has given itself. */
  const labTag = (): number => chunksOf(sent[0]!)[0]!.value.readUInt32BE(0);
  const labTsn = (): number => chunksOf(sent[0]!)[0]!.value.readUInt32BE(12);
  /** As the side that answers: INIT, COOKIE ECHO. */
  const establish = (): void => {
    lab.start();
    init();
    const cookie = parseInit(chunksOf(sent.at(-1)!)[0]!.value).cookie!;
    receive(labTag(), { type: chunkType.cookieEcho, flags: 0, value: cookie });
  };
  const data = (step: number, text: string, flags: number = dataFlag.begin | dataFlag.end): SctpChunk => {
    const chunk = serializeDataChunk({
      flags,
      tsn: client.initialTsn + step,
      streamId: 1,
      streamSequence: step,
      protocolId: 51,
      data: Buffer.from(text),
    });
    return { type: chunkType.data, flags, value: Buffer.from(chunk.subarray(4, chunk.readUInt16BE(2))) };
  };
  /** As the side that asks: the lab has sent its COOKIE ECHO, and waits for the answer. */
  const echoed = (): void => {
    lab.start();
    receive(labTag(), { type: chunkType.initAck, flags: 0, value: serializeInit(client, Buffer.from('cookie')) });
  };
  const cookieAck: SctpChunk = { type: chunkType.cookieAck, flags: 0, value: Buffer.alloc(0) };
  const sack = (step: number): SctpChunk => {
    const value = Buffer.alloc(12);
    value.writeUInt32BE((labTsn() + step) >>> 0, 0);
    value.writeUInt32BE(100_000, 4);
    return { type: chunkType.sack, flags: 0, value };
  };
  return { lab, client, sent, events, messages, receive, init, establish, echoed, cookieAck, labTag, labTsn, data, sack };
};

const empty = Buffer.alloc(0);

describe('the handshake, chunk by chunk', () => {
  test('INIT has no tag in its packet, and is the only chunk of it', () => {
    const { lab, sent } = alone();
    lab.start();
    lab.start();
    expect(sent).toHaveLength(1);
    expect(sent[0]!.readUInt32BE(4)).toBe(0);
    expect(typesOf(sent[0]!)).toEqual([chunkType.init]);
    expect(chunksOf(sent[0]!)[0]!.value.readUInt32BE(4)).toBe(1024 * 1024);
    lab.close();
  });

  test('an INIT is answered with a cookie, under the tag of its sender, always the same', () => {
    const { lab, sent, init, labTag, labTsn } = alone();
    lab.start();
    expect([init(), init()]).toEqual([true, true]);
    for (const packet of sent.slice(1)) {
      expect(packet.readUInt32BE(4)).toBe(0x11223344);
      const [ack] = chunksOf(packet);
      expect(ack!.type).toBe(chunkType.initAck);
      expect(parseInit(ack!.value).identity).toMatchObject({ tag: labTag(), initialTsn: labTsn() });
      expect(parseInit(ack!.value).cookie).toHaveLength(45);
    }
    lab.close();
  });

  test('is not answered before it is started, nor with tag zero, in company, under a tag, or when it is up', () => {
    const idle = alone();
    expect([idle.init(), idle.sent]).toEqual([false, []]);
    const { lab, client, sent, init, receive, establish, labTag } = alone();
    lab.start();
    expect(init({ ...client, tag: 0 })).toBe(false);
    const chunk = { type: chunkType.init, flags: 0, value: serializeInit(client) };
    expect(receive(0, chunk, { type: chunkType.cookieAck, flags: 0, value: empty })).toBe(false);
    expect(receive(labTag(), chunk)).toBe(false);
    expect(sent).toHaveLength(1);
    establish();
    expect(init()).toBe(false);
    lab.close();
  });

  test('a COOKIE ECHO is answered and makes the association; a repeated one is answered only', () => {
    const { lab, sent, events, receive, establish, labTag } = alone();
    establish();
    expect(events).toEqual(['established']);
    expect(typesOf(sent.at(-1)!)).toEqual([chunkType.cookieAck]);
    expect(sent.at(-1)!.readUInt32BE(4)).toBe(0x11223344);
    const cookie = parseInit(chunksOf(sent[1]!)[0]!.value).cookie!;
    const before = sent.length;
    expect(receive(labTag(), { type: chunkType.cookieEcho, flags: 0, value: cookie })).toBe(true);
    expect([sent.length, events]).toEqual([before + 1, ['established']]);
    expect(receive(labTag(), { type: chunkType.cookieEcho, flags: 0, value: Buffer.alloc(45) })).toBe(false);
    lab.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the cookie of another INIT than the one the association is with is not taken', () => {
    const { lab, client, sent, events, receive, init, labTag } = alone();
    lab.start();
    init({ ...client, tag: 7 });
    const other = parseInit(chunksOf(sent.at(-1)!)[0]!.value).cookie!;
    receive(labTag(), { type: chunkType.initAck, flags: 0, value: serializeInit(client, Buffer.from('cookie')) });
    expect(receive(labTag(), { type: chunkType.cookieEcho, flags: 0, value: other })).toBe(false);
    expect(events).toEqual([]);
    lab.close();
  });

  test('an INIT ACK is answered with its cookie, until a COOKIE ACK comes', () => {
    const { lab, client, sent, events, receive, labTag } = alone();
    lab.start();
    const ack = { type: chunkType.initAck, flags: 0, value: serializeInit(client, Buffer.from('cookie')) };
    expect(receive(labTag(), { type: chunkType.cookieAck, flags: 0, value: empty })).toBe(true);
    expect(events).toEqual([]);
    expect(receive(labTag(), { ...ack, value: serializeInit(client) })).toBe(false);
    expect(receive(labTag(), { ...ack, value: serializeInit({ ...client, tag: 0 }, Buffer.from('cookie')) })).toBe(false);
    expect(sent).toHaveLength(1);
    expect(receive(labTag(), ack)).toBe(true);
    // Repeated, or with the tag that the answer to a late INIT has: used, and without effect.
    expect(receive(labTag(), ack)).toBe(true);
    expect(receive(labTag(), { ...ack, value: serializeInit({ ...client, tag: 7 }, Buffer.from('other')) })).toBe(true);
    expect(receive(labTag(), { ...ack, value: serializeInit(client) })).toBe(false);
    vi.advanceTimersByTime(1499);
    for (const packet of sent.slice(1)) {
      expect(packet.readUInt32BE(4)).toBe(client.tag);
      expect(chunksOf(packet)).toEqual([{ type: chunkType.cookieEcho, flags: 0, value: Buffer.from('cookie') }]);
    }
    // At once and after half a second.
    expect(sent).toHaveLength(3);
    receive(labTag(), { type: chunkType.cookieAck, flags: 0, value: empty });
    expect(events).toEqual(['established']);
    expect([lab.established, vi.getTimerCount()]).toEqual([true, 0]);
    expect(receive(labTag(), ack)).toBe(true);
    expect([sent.length, events]).toEqual([3, ['established']]);
    lab.close();
    expect(lab.established).toBe(false);
  });

  test('data is not taken before the association is up', () => {
    const { lab, receive, messages, init, labTag, data, establish } = alone();
    lab.start();
    init();
    expect(receive(labTag(), data(0, 'early'))).toBe(false);
    establish();
    expect(receive(labTag(), data(0, 'now'))).toBe(true);
    expect(messages).toEqual(['now']);
    lab.close();
  });
});

describe('acknowledgements (RFC 9260 section 6.2)', () => {
  const sacks = (sent: readonly Buffer[]): Buffer[] => sent.filter((packet) => typesOf(packet).includes(chunkType.sack));

  test('a lone packet is acknowledged after 20 ms, a second one at once', () => {
    const { lab, sent, receive, establish, labTag, data } = alone();
    establish();
    sent.splice(1);
    receive(labTag(), data(0, 'a'));
    vi.advanceTimersByTime(19);
    expect(sacks(sent)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sacks(sent)).toHaveLength(1);
    expect(chunksOf(sacks(sent)[0]!)[0]!.value.readUInt32BE(0)).toBe(1000);
    receive(labTag(), data(1, 'b'));
    receive(labTag(), data(2, 'c'));
    expect(sacks(sent)).toHaveLength(2);
    vi.advanceTimersByTime(1000);
    expect(sacks(sent)).toHaveLength(2);
    lab.close();
  });

  test.each([
    ['a gap', (data: ReturnType<typeof alone>['data']) => data(1, 'b')],
    ['the flag for an immediate one', (data: ReturnType<typeof alone>['data']) => data(0, 'a', 3 | dataFlag.immediate)],
    ['FORWARD TSN', () => ({ type: chunkType.forwardTsn, flags: 0, value: Buffer.from('000003e8', 'hex') })],
  ])('%s is acknowledged at once', (_, chunk) => {
    const { lab, sent, receive, establish, labTag, data } = alone();
    establish();
    sent.splice(1);
    receive(labTag(), chunk(data));
    expect(sacks(sent)).toHaveLength(1);
    lab.close();
  });

  test('one that is due goes in front of data', () => {
    const { lab, sent, receive, establish, labTag, data } = alone();
    establish();
    sent.splice(1);
    receive(labTag(), data(0, 'a'));
    lab.send(text('answer'));
    expect(sent.slice(1).map(typesOf)).toEqual([[chunkType.sack, chunkType.data]]);
    receive(labTag(), data(1, 'b'));
    lab.send(text('x'.repeat(1160)));
    // A full packet has no room for it.
    expect(sent.slice(2).map(typesOf)).toEqual([[chunkType.sack], [chunkType.data]]);
    vi.advanceTimersByTime(100);
    expect(sacks(sent)).toHaveLength(2);
    lab.close();
  });

  test('closing ends the one that is due', () => {
    const { lab, receive, establish, labTag, data } = alone();
    establish();
    receive(labTag(), data(0, 'a'));
    lab.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('other chunks', () => {
  test('a HEARTBEAT is answered with what it held', () => {
    const { lab, sent, receive, establish, labTag } = alone();
    establish();
    expect(receive(labTag(), { type: chunkType.heartbeat, flags: 0, value: Buffer.from('0001000861626364', 'hex') })).toBe(true);
    expect(chunksOf(sent.at(-1)!)).toEqual([{ type: chunkType.heartbeatAck, flags: 0, value: Buffer.from('0001000861626364', 'hex') }]);
    lab.close();
  });

  test('a SHUTDOWN is answered and ends the association', () => {
    const { lab, sent, events, receive, establish, labTag } = alone();
    establish();
    expect(receive(labTag(), { type: chunkType.shutdown, flags: 0, value: Buffer.alloc(4) })).toBe(true);
    expect(typesOf(sent.at(-1)!)).toEqual([chunkType.shutdownAck]);
    expect(events).toEqual(['established', 'SCTP: the client shut the association down']);
    expect(vi.getTimerCount()).toBe(0);
    expect(receive(labTag(), { type: chunkType.heartbeat, flags: 0, value: empty })).toBe(false);
    lab.close();
  });

  test('an ABORT counts under our tag, and with the T flag under the tag of its sender (RFC 9260 section 8.5.1)', () => {
    for (const [flags, own, expected] of [
      [0, true, true],
      [0, false, false],
      [1, true, false],
      [1, false, true],
    ] as const) {
      const { lab, client, events, receive, establish, labTag } = alone();
      establish();
      expect(receive(own ? labTag() : client.tag, { type: chunkType.abort, flags, value: empty }), `${flags} ${String(own)}`).toBe(
        expected,
      );
      expect(events.at(-1)).toBe(expected ? 'SCTP: the client aborted the association' : 'established');
      lab.close();
    }
  });

  test('the T flag of other chunks means nothing', () => {
    const { lab, client, receive, establish } = alone();
    establish();
    expect(receive(client.tag, { type: chunkType.heartbeat, flags: 1, value: empty })).toBe(false);
    expect(receive(client.tag, { type: chunkType.shutdownComplete, flags: 1, value: empty })).toBe(false);
    lab.close();
  });

  test('our ABORT says why', () => {
    const { lab, sent, establish } = alone();
    establish();
    lab.abort('enough');
    expect(chunksOf(sent.at(-1)!)).toEqual([
      { type: chunkType.abort, flags: 0, value: Buffer.concat([Buffer.from('000c000a', 'hex'), Buffer.from('enough'), Buffer.alloc(2)]) },
    ]);
    const count = sent.length;
    lab.abort('again');
    expect(sent).toHaveLength(count);
  });

  test('unknown chunks and packets without any are not used', () => {
    const { lab, receive, establish, labTag } = alone();
    establish();
    expect(receive(labTag(), { type: 63, flags: 0, value: empty })).toBe(false);
    expect(receive(labTag())).toBe(false);
    expect(receive(labTag(), { type: chunkType.sack, flags: 0, value: Buffer.alloc(9) })).toBe(false);
    expect(receive(labTag(), { type: chunkType.forwardTsn, flags: 0, value: Buffer.alloc(3) })).toBe(false);
    lab.close();
  });

  test('one unusable chunk does not stop those behind it', () => {
    const { lab, receive, establish, labTag, data, messages } = alone();
    establish();
    expect(receive(labTag(), { type: chunkType.sack, flags: 0, value: Buffer.alloc(3) }, data(0, 'a'))).toBe(false);
    expect(messages).toEqual(['a']);
    lab.close();
  });
});

describe('timers', () => {
  test('data that is not acknowledged is repeated after half a second, then ever later, and eleven times in all', () => {
    const { lab, sent, events, establish } = alone();
    establish();
    const startMs = performance.now();
    const times: number[] = [];
    const before = sent.length;
    lab.send(text('hello'));
    for (let seen = before; vi.getTimerCount() > 0;) {
      for (; seen < sent.length; seen++) times.push(performance.now() - startMs);
      vi.advanceTimersToNextTimer();
    }
    expect(times.slice(0, 5)).toEqual([0, 500, 1500, 3500, 7500]);
    expect(times).toHaveLength(11);
    expect(events.at(-1)).toBe('SCTP: the client acknowledges nothing any more');
  });

  test('an acknowledgement that moves on starts them anew, one that does not lets them run', () => {
    const { lab, sent, receive, establish, labTag, sack } = alone();
    establish();
    lab.send(text('one'));
    lab.send(text('two'));
    const before = sent.length;
    vi.advanceTimersByTime(400);
    receive(labTag(), sack(-1));
    vi.advanceTimersByTime(99);
    expect(sent).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(sent).toHaveLength(before + 1);
    receive(labTag(), sack(0));
    const moved = sent.length;
    vi.advanceTimersByTime(999);
    expect(sent).toHaveLength(moved);
    vi.advanceTimersByTime(1);
    expect(sent).toHaveLength(moved + 1);
    receive(labTag(), sack(1));
    expect(vi.getTimerCount()).toBe(0);
    lab.close();
  });

  test('the earliest chunk that is acknowledged starts them anew, with the time-out of its round trip (RFC 9260 section 6.3.2, R3)', () => {
    const { lab, sent, receive, establish, labTag, sack } = alone();
    establish();
    lab.send(text('one'));
    lab.send(text('two'));
    vi.advanceTimersByTime(300);
    expect(receive(labTag(), sack(0))).toBe(true);
    const before = sent.length;
    // 300 + 4 * 150 ms from now on.
    vi.advanceTimersByTime(899);
    expect(sent).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(sent).toHaveLength(before + 1);
    receive(labTag(), sack(1));
    expect(vi.getTimerCount()).toBe(0);
    lab.close();
  });

  test('a stream reset that is not answered is repeated and then given up', () => {
    const { lab, sent, events, establish } = alone();
    establish();
    const before = sent.length;
    lab.resetStream(1);
    expect(typesOf(sent.at(-1)!)).toEqual([chunkType.reConfig]);
    vi.advanceTimersByTime(500);
    expect(sent).toHaveLength(before + 2);
    expect(sent.at(-1)!.equals(sent.at(-2)!)).toBe(true);
    vi.advanceTimersByTime(100_000);
    expect(events.at(-1)).toBe('SCTP: the client does not answer a stream reset');
    expect(sent).toHaveLength(before + 11);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('closed before it is up, messages leave and nothing is sent any more', () => {
    const { lab, sent, init } = alone();
    let left = 0;
    lab.start();
    lab.send({ ...text('early'), onLeft: () => left++ });
    lab.close();
    lab.resetStream(1);
    lab.abort('late');
    expect([left, init(), sent.length, vi.getTimerCount()]).toEqual([1, false, 1, 0]);
  });
});

describe('between the phases', () => {
  test('an association has a tag and a first TSN of its own', () => {
    const ends = Array.from({ length: 4 }, () => alone());
    for (const { lab } of ends) lab.start();
    expect(new Set(ends.map(({ labTag }) => labTag())).size).toBeGreaterThan(1);
    expect(new Set(ends.map(({ labTsn }) => labTsn())).size).toBeGreaterThan(1);
    for (const { lab } of ends) lab.close();
  });

  test('what is sent and reset before the association is up leaves in its order, once it is', () => {
    const { lab, sent, receive, echoed, cookieAck, labTag } = alone();
    lab.send(text('one'));
    lab.resetStream(5);
    echoed();
    lab.send(text('two'));
    lab.resetStream(3);
    expect(sent.map(typesOf)).toEqual([[chunkType.init], [chunkType.cookieEcho]]);
    receive(labTag(), cookieAck);
    const [first, second] = chunksOf(sent[2]!);
    expect([first, second].map((chunk) => chunk?.value.subarray(12).toString())).toEqual(['one', 'two']);
    const request = chunksOf(sent[3]!)[0]!;
    expect([request.type, request.value.subarray(16, 20).toString('hex')]).toEqual([chunkType.reConfig, '00050003']);
    expect(sent).toHaveLength(4);
    lab.close();
  });

  test('data that overtakes the COOKIE ACK is not taken: it will be repeated', () => {
    const { lab, receive, echoed, cookieAck, messages, labTag, data } = alone();
    echoed();
    expect(receive(labTag(), data(0, 'a'))).toBe(false);
    receive(labTag(), cookieAck);
    expect(receive(labTag(), data(0, 'a'))).toBe(true);
    expect(messages).toEqual(['a']);
    lab.close();
  });

  test('a repeated COOKIE ECHO forgets nothing of what has arrived', () => {
    const { lab, sent, receive, establish, messages, labTag, data } = alone();
    establish();
    receive(labTag(), data(0, 'a'));
    const cookie = parseInit(chunksOf(sent[1]!)[0]!.value).cookie!;
    receive(labTag(), { type: chunkType.cookieEcho, flags: 0, value: cookie });
    expect(receive(labTag(), data(0, 'a'))).toBe(true);
    expect(receive(labTag(), data(1, 'b'))).toBe(true);
    expect(messages).toEqual(['a', 'b']);
    lab.close();
  });

  test('before the client is known nothing is answered but its INIT, and nobody is told of the end', () => {
    const { lab, sent, events, receive, labTag } = alone();
    lab.start();
    receive(labTag(), { type: chunkType.heartbeat, flags: 0, value: empty });
    expect(receive(0x11223344, { type: chunkType.abort, flags: 1, value: empty })).toBe(false);
    lab.send(text('never'));
    lab.abort('enough');
    expect([sent.length, events, vi.getTimerCount()]).toEqual([1, [], 0]);
  });

  test('the end comes once, and nothing after it', () => {
    const { lab, sent, events, receive, establish, labTag, data } = alone();
    establish();
    const before = sent.length;
    const abort = { type: chunkType.abort, flags: 0, value: empty };
    // The gap would be acknowledged at once.
    receive(labTag(), data(1, 'b'), abort, abort);
    expect(events).toEqual(['established', 'SCTP: the client aborted the association']);
    expect(sent).toHaveLength(before);
    lab.close();
  });

  test('chunks may stand before an ABORT whose tag is reflected (RFC 9260 section 3.3.7)', () => {
    const { lab, client, events, receive, establish, sack } = alone();
    establish();
    receive(client.tag, sack(-1), { type: chunkType.abort, flags: 1, value: empty });
    expect(events.at(-1)).toBe('SCTP: the client aborted the association');
    lab.close();
  });

  test('an error of the receiver is not taken for a broken packet', () => {
    const { lab, receive, establish, labTag, data } = alone(true, () => {
      throw new TypeError('a bug');
    });
    establish();
    expect(() => receive(labTag(), data(0, 'a'))).toThrow('a bug');
    lab.close();
  });
});

describe('sending', () => {
  test('what a message that leaves brings about comes behind it', () => {
    const { lab, sent, establish } = alone();
    establish();
    const before = sent.length;
    lab.send({ ...text('first'), onLeft: () => lab.send(text('second')) });
    expect(sent.slice(before).map(typesOf)).toEqual([[chunkType.data, chunkType.data]]);
    expect(chunksOf(sent.at(-1)!).map(({ value }) => value.subarray(12).toString())).toEqual(['first', 'second']);
    lab.close();
  });

  test('data in company is acknowledged like data alone', () => {
    const { lab, sent, receive, establish, labTag, data } = alone();
    establish();
    receive(labTag(), { type: chunkType.heartbeat, flags: 0, value: empty }, data(0, 'a'));
    const before = sent.length;
    vi.advanceTimersByTime(20);
    expect(sent.slice(before).map(typesOf)).toEqual([[chunkType.sack]]);
    lab.close();
  });
});

describe('streams that are reset', () => {
  /** An Outgoing SSN Reset Request for stream 1 (RFC 6525 section 4.1): everything up to this TSN belongs before it. */
  const request = (lastTsn: number): SctpChunk => {
    const value = Buffer.from('000d0012000003e800000000000000000001', 'hex');
    value.writeUInt32BE(lastTsn, 12);
    return { type: chunkType.reConfig, flags: 0, value };
  };

  test.each([
    ['the data before it', (end: ReturnType<typeof alone>) => end.data(0, 'a')],
    ['a FORWARD TSN over it', () => ({ type: chunkType.forwardTsn, flags: 0, value: Buffer.from('000003e8', 'hex') })],
  ])('by the client wait for %s', (_, chunk) => {
    const end = alone();
    end.establish();
    expect(end.receive(end.labTag(), request(1000))).toBe(true);
    expect(end.events).toEqual(['established']);
    expect(end.receive(end.labTag(), chunk(end))).toBe(true);
    expect(end.events).toEqual(['established', 'incoming reset 1']);
    end.lab.close();
  });

  test('by us begin at zero again when the client has confirmed it, and nobody asks again', () => {
    const { lab, sent, events, receive, establish, labTag, labTsn, sack } = alone();
    establish();
    const sequence = (): number => {
      lab.send(text('x'));
      return chunksOf(sent.at(-1)!)[0]!.value.readUInt16BE(6);
    };
    expect([sequence(), sequence()]).toEqual([0, 1]);
    receive(labTag(), sack(1));
    lab.resetStream(1);
    const answer = Buffer.from('0010000c0000000000000001', 'hex');
    answer.writeUInt32BE(labTsn(), 4);
    expect(receive(labTag(), { type: chunkType.reConfig, flags: 0, value: answer })).toBe(true);
    expect([events, vi.getTimerCount()]).toEqual([['established', 'outgoing reset 1'], 0]);
    expect(sequence()).toBe(0);
    lab.close();
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

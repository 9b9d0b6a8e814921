import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataChannels } from '../../../src/rtc/channels/data-channels.ts';
import { dcepMessage, payload, serializeOpen } from '../../../src/rtc/channels/dcep.ts';
import type { RtcDataChannel } from '../../../src/rtc/data-channel.ts';
import { Association } from '../../../src/rtc/sctp/association.ts';
import type { InboundMessage } from '../../../src/rtc/sctp/inbound.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** The lab's channels, and a client at the other end that acknowledges what is opened. */
const connected = () => {
  let dropped = 0;
  const received: InboundMessage[] = [];
  const channels = new DataChannels({
    sctpPort: 5000,
    maxIncomingBytes: 100_000,
    sendPacket: (packet) => void setTimeout(() => client.receive(packet), 1),
    onDropped: () => dropped++,
  });
  const client: Association = new Association({
    port: 5000,
    maxMessageBytes: 100_000,
    send: (packet) => void setTimeout(() => channels.receive(packet), 1),
    onEstablished: () => undefined,
    onMessage: (message) => {
      received.push({ ...message, data: Buffer.from(message.data) });
      if (message.protocolId !== payload.dcep) return;
      client.send({ streamId: message.streamId, protocolId: payload.dcep, data: Buffer.from([dcepMessage.acknowledge]), ordered: true });
    },
    onIncomingReset: (ids) => {
      for (const id of ids) client.resetStream(id);
    },
    onOutgoingReset: () => undefined,
    onLost: () => undefined,
  });
  channels.start();
  client.start();
  return { channels, client, received, dropped: () => dropped };
};

const record = (channel: RtcDataChannel): string[] => {
  const log: string[] = [];
  channel.open$.subscribe({ next: () => log.push('open') });
  channel.message$.subscribe({
    next: (data) => log.push(typeof data === 'string' ? `text ${data}` : `bytes ${data.join()}`),
    complete: () => log.push('no more'),
  });
  channel.error$.subscribe((error) => log.push(error.message));
  channel.close$.subscribe(() => log.push('close'));
  return log;
};

describe('opening', () => {
  test('uses odd stream ids in order of creation (RFC 8832 section 6)', () => {
    const { channels } = connected();
    expect(['a', 'b', 'c'].map((label) => channels.create(label, {}).id)).toEqual([1, 3, 5]);
    expect(channels.list.map(({ label }) => label)).toEqual(['a', 'b', 'c']);
    channels.close();
  });

  test('a channel made before SCTP is up opens with it; open$ replays', () => {
    const { channels } = connected();
    const channel = channels.create('a', {});
    const log = record(channel);
    expect(channel.readyState).toBe('connecting');
    vi.advanceTimersByTime(50);
    expect(channel.readyState).toBe('open');
    expect(log).toEqual(['open']);
    expect(record(channel)).toEqual(['open']);
    channels.close();
  });

  test.each([
    ['reliable', {}, 0x00, 0],
    ['unordered', { ordered: false }, 0x80, 0],
    ['maxRetransmits', { maxRetransmits: 0 }, 0x01, 0],
    ['unordered maxRetransmits', { ordered: false, maxRetransmits: 3 }, 0x81, 3],
    ['unordered maxPacketLifeTime', { ordered: false, maxPacketLifeTime: 500 }, 0x82, 500],
  ])('%s is written as RFC 8832 section 5.1 has it', (_, options, type, reliability) => {
    const open = serializeOpen('ラベル', { ...options, protocol: 'é' });
    expect(open.readUInt8(1)).toBe(type);
    expect(open.readUInt32BE(4)).toBe(reliability);
    expect(open.readUInt16BE(8)).toBe(9);
    expect(open.subarray(12, 21).toString()).toBe('ラベル');
    expect(open.subarray(21).toString()).toBe('é');
  });

  test('refuses contradictory options', () => {
    const { channels } = connected();
    expect(() => channels.create('a', { maxRetransmits: 1, maxPacketLifeTime: 1 })).toThrow(RangeError);
    channels.close();
  });

  test('a channel that the client opens is closed again', () => {
    const { channels, client, dropped } = connected();
    vi.advanceTimersByTime(50);
    client.send({ streamId: 0, protocolId: payload.dcep, data: serializeOpen('mine', {}), ordered: true });
    vi.advanceTimersByTime(50);
    expect(dropped()).toBe(1);
    expect(channels.list).toEqual([]);
    channels.close();
  });
});

describe('messages', () => {
  test('text and binary keep their kind, empty ones too', () => {
    const { channels, client, received } = connected();
    const channel = channels.create('a', {});
    const log = record(channel);
    for (const data of ['text', '', new Uint8Array([1, 2]), new Uint8Array(0)]) channel.send(data);
    client.send({ streamId: 1, protocolId: payload.string, data: Buffer.from('こんにちは'), ordered: true });
    client.send({ streamId: 1, protocolId: payload.emptyString, data: Buffer.alloc(1), ordered: true });
    client.send({ streamId: 1, protocolId: payload.binary, data: Buffer.from([7]), ordered: true });
    client.send({ streamId: 1, protocolId: payload.emptyBinary, data: Buffer.alloc(1), ordered: true });
    vi.advanceTimersByTime(100);
    expect(received.map(({ protocolId }) => protocolId)).toEqual([50, 51, 56, 53, 57]);
    expect(log).toEqual(['open', 'text こんにちは', 'text ', 'bytes 7', 'bytes ']);
    channels.close();
  });

  test('unknown kinds and unknown streams are dropped and counted', () => {
    const { channels, client, dropped } = connected();
    const log = record(channels.create('a', {}));
    client.send({ streamId: 1, protocolId: 99, data: Buffer.from('x'), ordered: true });
    client.send({ streamId: 77, protocolId: payload.string, data: Buffer.from('x'), ordered: true });
    client.send({ streamId: 1, protocolId: payload.dcep, data: Buffer.from([99]), ordered: true });
    vi.advanceTimersByTime(100);
    expect(log).toEqual(['open']);
    expect(dropped()).toBe(3);
    channels.close();
  });

  test('bufferedAmount falls as messages leave, and drain$ tells when it is zero', () => {
    const { channels } = connected();
    channels.maxOutgoingBytes = 100_000;
    const channel = channels.create('a', {});
    let drained = 0;
    channel.drain$.subscribe(() => drained++);
    channel.send('four');
    channel.send(new Uint8Array(100_000));
    expect(channel.bufferedAmount).toBe(100_004);
    vi.advanceTimersByTime(500);
    expect(channel.bufferedAmount).toBe(0);
    expect(drained).toBe(1);
    channels.close();
  });

  test('one larger than the client takes is refused; the caller may change its array after send', () => {
    const { channels, received } = connected();
    const channel = channels.create('a', {});
    channels.maxOutgoingBytes = 10;
    expect(() => channel.send('12345678901')).toThrow('exceeds');
    channels.maxOutgoingBytes = 0;
    const bytes = new Uint8Array(20).fill(1);
    channel.send(bytes);
    bytes.fill(2);
    vi.advanceTimersByTime(100);
    expect(received.at(-1)?.data.every((byte) => byte === 1)).toBe(true);
    channels.close();
  });
});

describe('closing', () => {
  test('by the lab: after what was sent, when the client has closed its side', () => {
    const { channels, received } = connected();
    const channel = channels.create('a', {});
    const log = record(channel);
    vi.advanceTimersByTime(50);
    channel.send('last words');
    channel.close();
    expect(channel.readyState).toBe('closing');
    expect(() => channel.send('more')).toThrow('closing');
    vi.advanceTimersByTime(2000);
    expect(received.at(-1)?.data.toString()).toBe('last words');
    expect(log).toEqual(['open', 'no more', 'close']);
    expect(channel.readyState).toBe('closed');
    expect(channels.list).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('by the client', () => {
    const { channels, client } = connected();
    const log = record(channels.create('a', {}));
    vi.advanceTimersByTime(50);
    client.resetStream(1);
    vi.advanceTimersByTime(2000);
    expect(log).toEqual(['open', 'no more', 'close']);
    channels.close();
  });

  test('by ABORT: error$ first, on every channel', () => {
    const { channels, client } = connected();
    const logs = [record(channels.create('a', {})), record(channels.create('b', {}))];
    vi.advanceTimersByTime(50);
    client.abort('enough');
    vi.advanceTimersByTime(50);
    for (const log of logs) expect(log).toEqual(['open', 'no more', 'SCTP: the client aborted the association', 'close']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('by the end of the peer: no error, and close$ without open$ when it never opened', () => {
    const { channels } = connected();
    const log = record(channels.create('a', {}));
    channels.close();
    expect(log).toEqual(['no more', 'close']);
  });
});

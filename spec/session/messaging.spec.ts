import { runInNewContext } from 'node:vm';
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import type { DataMessage, Session } from '../../src/session/session.ts';
import { SoraSendError } from '../../src/signaling/send-error.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import { type RigSetup, type SessionRig, elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const builtIn = ['signaling', 'notify', 'push', 'stats'].map((label) => ({ label, direction: 'sendrecv', compress: false }));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const KIB = 1024;

/** A switched session with one channel of the application. */
const chat = (channel: object = {}, setup: RigSetup = {}): SessionRig =>
  rig({
    mode: 'D',
    start: 'switched',
    ...setup,
    sora: {
      labels: ['#chat'],
      offer: { data_channels: [...builtIn, { label: '#chat', direction: 'sendrecv', compress: false, ...channel }] },
      ...setup.sora,
    },
  });
const sentOn = (r: SessionRig, label = '#chat'): Uint8Array[] =>
  r.fake.sent.filter((frame) => frame.label === label).map(({ data }) => data as Uint8Array);
const code = async (promise: Promise<unknown>): Promise<unknown> => {
  const error = await outcome(promise);
  return error instanceof SoraSendError ? error.code : error;
};

describe('send()', () => {
  test.each([
    ['a text', 'chat', 'chat'],
    ['bytes', bytes('chat'), 'chat'],
    ['a buffer', bytes('chat').buffer, 'chat'],
    ['a view that is no Uint8Array', new Uint16Array(bytes('chat').buffer), 'chat'],
    ['a part of a buffer', bytes('a chat').subarray(2), 'chat'],
    ['nothing', '', ''],
    ['no bytes', new Uint8Array(0), ''],
  ])('%s goes out as bytes', async (_, data, text) => {
    const r = chat();
    await r.session.send('#chat', data as Uint8Array);
    expect(sentOn(r)).toEqual([bytes(text)]);
  });

  test.each([
    ['0 B', 0],
    ['1 B', 1],
    ['64 KiB', 64 * KIB],
    ['256 KiB', 256 * KIB],
  ])('%s, as it is and compressed', async (_, length) => {
    const data = new Uint8Array(length).fill(7);
    const plain = chat();
    await plain.session.send('#chat', data);
    expect(sentOn(plain)[0]!.byteLength).toBe(length);
    const compressed = chat({ compress: true }, { wrap: (platform) => ({ ...platform, CompressionStream: globalThis.CompressionStream }) });
    vi.useRealTimers();
    await compressed.session.send('#chat', data);
    expect(new Uint8Array(inflateSync(sentOn(compressed)[0]!))).toEqual(data);
  });

  test('what exceeds 256 KiB on the wire is too large, whatever makes it so', async () => {
    const whole = new Uint8Array(256 * KIB);
    expect(await code(chat().session.send('#chat', new Uint8Array(256 * KIB + 1)))).toBe('too-large');
    // The fake compression stores, so that a whole message grows.
    expect(await code(chat({ compress: true }).session.send('#chat', whole))).toBe('too-large');
    const header = [{ type: 'sender_connection_id', length: 26 }];
    expect(await code(chat({ header }).session.send('#chat', whole))).toBe('too-large');
    expect(await code(chat({ header }).session.send('#chat', whole.subarray(26)))).toBeUndefined();
    // Bytes count, not characters.
    expect(await code(chat().session.send('#chat', 'あ'.repeat(100 * KIB)))).toBe('too-large');
  });

  test('what the association does not take is too large as well', async () => {
    const r = chat();
    r.sora.channel('#chat')!.script.next('send', { throws: new TypeError('too large') });
    expect(await code(r.session.send('#chat', 'x'))).toBe('too-large');
  });

  test('a refusal ends nothing, and what comes after it is sent', async () => {
    const r = chat();
    const refused = code(r.session.send('#chat', new Uint8Array(300 * KIB)));
    await r.session.send('#chat', 'after');
    expect([await refused, sentOn(r), r.terminations]).toEqual(['too-large', [bytes('after')], []]);
  });

  test.each([
    ['a label that the offer did not announce', '#other', 'unknown-label'],
    ['a label of the server', 'signaling', 'unknown-label'],
    ['rpc, which has a function of its own', 'rpc', 'unknown-label'],
  ])('%s', async (_, label, expected) => {
    expect(await code(chat().session.send(label, 'x'))).toBe(expected);
  });

  test('a channel that only receives refuses, one that only sends does not', async () => {
    expect(await code(chat({ direction: 'recvonly' }).session.send('#chat', 'x'))).toBe('wrong-direction');
    expect(await code(chat({ direction: 'sendonly' }).session.send('#chat', 'x'))).toBeUndefined();
  });

  test.each([7, null, undefined, {}, [1, 2], { byteLength: 3 }])(
    '%j is neither text nor bytes, and is refused instead of sent as nothing (Q86)',
    async (data) => {
      const r = chat();
      expect(await code(r.session.send('#chat', data as never))).toBe('not-sendable');
      expect([sentOn(r), r.terminations]).toEqual([[], []]);
    },
  );

  test('a channel that is closing', async () => {
    const r = chat();
    r.sora.channel('#chat')!.remote.closing();
    expect(await code(r.session.send('#chat', 'x'))).toBe('closed');
  });

  test('a channel that says it is open and throws', async () => {
    const r = chat();
    r.sora.channel('#chat')!.script.next('send', { throws: new Error('InvalidStateError') });
    expect(await code(r.session.send('#chat', 'x'))).toBe('closed');
  });

  test('waits for a channel that is announced and still connecting', async () => {
    const r = chat({}, { sora: { connecting: ['#chat'] } });
    const sending = r.session.send('#chat', 'x');
    await pass(5000);
    expect(sentOn(r)).toEqual([]);
    r.play('dc.open #chat');
    await sending;
    expect(sentOn(r)).toEqual([bytes('x')]);
  });

  test('waits for the offer, which says whether there is such a channel', async () => {
    const r = rig({ mode: 'D', start: 'signaling', sora: { labels: ['#chat'] } });
    const [known, unknown] = [r.session.send('#chat', 'x'), code(r.session.send('#other', 'x'))];
    r.sora.apply({ kind: 'rx.offer' });
    expect(await unknown).toBe('unknown-label');
    r.sora.peerConnection.remote.connect();
    r.play('dc.open #chat');
    await known;
  });

  test('after the end, and for what still waits at the end, it is refused with the reason', async () => {
    const r = chat({}, { sora: { connecting: ['#chat'] } });
    const waiting = outcome(r.session.send('#chat', 'x'));
    r.play('pc failed');
    await pass(1);
    const [error, late] = [await waiting, await outcome(r.session.send('#chat', 'x'))] as SoraSendError[];
    expect([error!.code, late!.code]).toEqual(['ended', 'ended']);
    expect(error!.termination).toBe(r.termination);
    expect(late!.termination).toBe(r.termination);
  });
});

describe('order', () => {
  test('a large compressed message is not overtaken by a small one', async () => {
    const r = chat({ compress: true });
    const held = r.fake.scripts.compression.hold('transform');
    const [first, second] = [r.session.send('#chat', 'large'), r.session.send('#chat', 'small')];
    await pass(10);
    expect(sentOn(r)).toEqual([]);
    held.release();
    await Promise.all([first, second]);
    expect(sentOn(r)).toEqual([fakeDeflate('large'), fakeDeflate('small')]);
  });

  test('labels do not wait for each other', async () => {
    const other = { label: '#other', direction: 'sendrecv', compress: false };
    const data_channels = [...builtIn, { label: '#chat', direction: 'sendrecv', compress: true }, other];
    const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['#chat', '#other'], offer: { data_channels } } });
    r.fake.scripts.compression.hold('transform');
    void outcome(r.session.send('#chat', 'held'));
    await r.session.send('#other', 'through');
    expect(sentOn(r, '#other')).toEqual([bytes('through')]);
  });

  test('a large compressed message that is received is not overtaken either', () => {
    const r = chat({ compress: true });
    const messages = r.collect(r.session.messages());
    const held = r.fake.scripts.decompression.hold('transform');
    r.sora.channel('#chat')!.remote.message(fakeDeflate('first'));
    r.sora.channel('#chat')!.remote.message(fakeDeflate('second'));
    expect(messages).toEqual([]);
    held.release();
    expect(messages.map(({ data }) => data)).toEqual([bytes('first'), bytes('second')]);
  });

  test('with the streams of the platform, whatever the sizes', async () => {
    const { CompressionStream, DecompressionStream } = globalThis;
    const wrap: RigSetup['wrap'] = (platform) => ({ ...platform, CompressionStream, DecompressionStream });
    const r = chat({ compress: true }, { wrap });
    vi.useRealTimers();
    const sizes = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 200 * KIB : index));
    const messages = sizes.map((size, index) => new Uint8Array(size).fill(index));
    await Promise.all(messages.map((message) => r.session.send('#chat', message)));
    const differ = (all: readonly Uint8Array[]): number[] =>
      messages.flatMap((message, index) => (Buffer.from(message).equals(all[index]!) ? [] : [index]));
    expect(differ(sentOn(r).map((data) => inflateSync(data)))).toEqual([]);
    const received: DataMessage[] = [];
    const all = new Promise<void>((resolve) => {
      r.session.messages().subscribe((message) => {
        received.push(message);
        if (received.length === messages.length) resolve();
      });
    });
    for (const message of messages) r.sora.channel('#chat')!.remote.message(new Uint8Array(deflateSync(message)));
    await all;
    expect(differ(received.map(({ data }) => data))).toEqual([]);
  });
});

describe('backpressure', () => {
  test('100 MB never queue more than 1 MiB and never close the channel', async () => {
    const r = chat();
    const peer = r.sora.peerConnection.newChannel('#chat', { holdsBuffer: true });
    peer.remote.open(true);
    r.sora.peerConnection.fire('datachannel', { channel: peer });
    const message = new Uint8Array(200 * KIB);
    const count = Math.ceil(100_000_000 / message.byteLength);
    let [most, sent] = [0, 0];
    const sends = Array.from({ length: count }, async () => {
      await r.session.send('#chat', message);
      sent += 1;
    });
    while (sent < count) {
      await pass(0);
      most = Math.max(most, peer.bufferedAmount);
      peer.remote.drain(300 * KIB);
    }
    await Promise.all(sends);
    expect(most).toBeLessThanOrEqual(1024 * KIB);
    expect(most).toBeGreaterThan(512 * KIB);
    expect([peer.state, r.terminations]).toEqual(['open', []]);
  });

  test('a message waits for room, and goes when the buffer has emptied', async () => {
    const r = chat();
    const channel = r.sora.peerConnection.newChannel('#chat', { holdsBuffer: true });
    channel.remote.open(true);
    r.sora.peerConnection.fire('datachannel', { channel });
    await Promise.all([256, 256, 256, 256].map((size) => r.session.send('#chat', new Uint8Array(size * KIB))));
    const waiting = r.session.send('#chat', new Uint8Array(1));
    await pass(1000);
    expect(channel.bufferedAmount).toBe(1024 * KIB);
    channel.remote.drain(900 * KIB);
    await pass(0);
    expect(channel.bufferedAmount).toBe(124 * KIB);
    channel.remote.drain();
    await waiting;
    expect(channel.bufferedAmount).toBe(1);
    expect(channel.bufferedAmountLowThreshold).toBe(64 * KIB);
  });

  test('a channel that closes while a message waits', async () => {
    const r = chat();
    const channel = r.sora.peerConnection.newChannel('#chat', { holdsBuffer: true });
    channel.remote.open(true);
    r.sora.peerConnection.fire('datachannel', { channel });
    await Promise.all([256, 256, 256, 256].map((size) => r.session.send('#chat', new Uint8Array(size * KIB))));
    const waiting = code(r.session.send('#chat', 'x'));
    channel.remote.close();
    expect(await waiting).toBe('closed');
  });

  test('a channel whose buffer cannot be read', async () => {
    const r = chat();
    r.sora.channel('#chat')!.script.always('bufferedAmount', { throws: new Error('no') });
    expect(await code(r.session.send('#chat', 'x'))).toBe('closed');
  });
});

describe('messages()', () => {
  const received = (r: SessionRig, label?: string): DataMessage[] => r.collect(r.session.messages(label));

  test('binary and text arrive as bytes', () => {
    const r = chat();
    const messages = received(r);
    r.sora.channel('#chat')!.remote.message('text');
    r.sora.channel('#chat')!.remote.message(bytes('binary'));
    r.sora.channel('#chat')!.remote.message(new Uint8Array(0));
    expect(messages).toEqual([
      { label: '#chat', data: bytes('text') },
      { label: '#chat', data: bytes('binary') },
      { label: '#chat', data: new Uint8Array(0) },
    ]);
  });

  test('of one label only', () => {
    const r = chat();
    const [all, one, other] = [received(r), received(r, '#chat'), received(r, '#other')];
    r.sora.channel('#chat')!.remote.message('x');
    expect([all.length, one.length, other.length]).toEqual([1, 1, 0]);
  });

  test.each([false, true])('the sender is taken off the front, compressed: %s', (compress) => {
    const sender = '14B6YTRH7N3RVB0FTE81ZWHSM4';
    const r = chat({ compress, header: [{ type: 'sender_connection_id', length: 26 }] });
    const messages = received(r);
    r.sora.channel('#chat')!.remote.message(compress ? fakeDeflate(`${sender}hello`) : bytes(`${sender}hello`));
    expect(messages).toEqual([{ label: '#chat', senderConnectionId: sender, data: bytes('hello') }]);
  });

  test.each([
    ['a message that is shorter than its header', { header: [{ type: 'sender_connection_id' }] }, bytes('short')],
    ['text on a compressed channel', { compress: true }, 'text'],
    ['a broken stream', { compress: true }, bytes('no zlib')],
  ])('%s is dropped with a note and ends nothing (Q65)', (_, channel, data) => {
    const r = chat(channel);
    const [messages, entries] = [received(r), r.collect(timeline(r.session))];
    r.sora.channel('#chat')!.remote.message(data);
    expect(messages).toEqual([]);
    expect(entries.at(-1)).toMatchObject({ source: 'datachannel', what: 'dropped', detail: { label: '#chat', why: 'undecodable' } });
    expect(r.terminations).toEqual([]);
  });

  test('a channel that the offer did not announce is not listened to', () => {
    const r = chat();
    const [messages, entries] = [received(r), r.collect(timeline(r.session))];
    r.sora.peerConnection.remote.dataChannel('#stranger').remote.message('x');
    expect(messages).toEqual([]);
    expect(entries.at(-1)).toMatchObject({ what: 'dropped', detail: { label: '#stranger', why: 'unannounced' } });
  });
});

describe('dataChannels$', () => {
  const labels = (session: Session, r: SessionRig): string[][] =>
    r.collect(session.dataChannels$).map((channels) => channels.map(({ label }) => label));

  test('a channel is listed while it is open, with what it is like', () => {
    const r = rig({
      mode: 'D',
      start: 'negotiating',
      sora: {
        labels: ['#chat'],
        offer: {
          data_channels: [
            ...builtIn,
            { label: '#chat', direction: 'recvonly', compress: true, header: [{ type: 'sender_connection_id', length: 26 }] },
          ],
        },
      },
    });
    const seen = r.collect(r.session.dataChannels$);
    const channel = r.sora.peerConnection.remote.dataChannel('#chat', { ordered: false, protocol: 'p', maxRetransmits: 3 });
    r.sora.peerConnection.remote.dataChannel('signaling');
    expect(seen).toEqual([
      [],
      [
        {
          label: '#chat',
          direction: 'recvonly',
          compress: true,
          ordered: false,
          protocol: 'p',
          maxRetransmits: 3,
          header: [{ type: 'sender_connection_id', length: 26 }],
        },
      ],
    ]);
    channel.remote.close();
    expect(seen.at(-1)).toEqual([]);
  });

  test('now, for whoever comes late', () => {
    const r = chat();
    expect(labels(r.session, r)).toEqual([['#chat']]);
  });

  test('a channel that closes after somebody subscribed late is taken off the list', () => {
    const r = chat();
    const seen = r.collect(r.session.dataChannels$);
    r.sora.channel('#chat')!.remote.close();
    expect(seen.map((channels) => channels.map(({ label }) => label))).toEqual([['#chat'], []]);
  });

  test('after the end nobody is told of an open channel, whenever they subscribed', async () => {
    const r = chat();
    const early = r.collect(r.session.dataChannels$);
    r.play('pc failed');
    await pass(1);
    expect(early.at(-1)).toEqual([]);
    expect(r.collect(r.session.dataChannels$)).toEqual([[]]);
  });

  test('a channel that is replaced is listed once', () => {
    const r = chat();
    r.sora.peerConnection.remote.dataChannel('#chat', { protocol: 'new' });
    expect(r.collect(r.session.dataChannels$).at(-1)).toMatchObject([{ label: '#chat', protocol: 'new' }]);
  });
});

describe('data that cannot be compressed (Q86)', () => {
  test('is refused with the cause, and the session goes on', async () => {
    const r = chat({ compress: true });
    const cause = new Error('no memory');
    r.fake.scripts.compression.next('transform', { rejects: cause });
    const refused = (await outcome(r.session.send('#chat', 'x'))) as SoraSendError;
    expect(refused.code).toBe('not-sendable');
    expect((refused.cause as Error).cause).toBe(cause);
    await r.session.send('#chat', 'y');
    expect([sentOn(r), r.terminations]).toEqual([[fakeDeflate('y')], []]);
  });

  test('is refused on a runtime without CompressionStream', async () => {
    const r = chat({ compress: true }, { fake: { compression: false } });
    const refused = (await outcome(r.session.send('#chat', 'x'))) as SoraSendError;
    expect(refused).toMatchObject({ code: 'not-sendable', cause: { message: 'this runtime has no CompressionStream' } });
    expect(r.terminations).toEqual([]);
  });
});

describe('before the session stands (Q87)', () => {
  test('before connect() a message is refused as not connected', async () => {
    expect(await code(chat({}, { start: 'idle' }).session.send('#chat', 'x'))).toBe('not-connected');
  });

  test.each(['opening', 'signaling', 'negotiating'] as const)('while %s a message waits for its channel', async (start) => {
    const r = chat({}, { start });
    const sending = r.session.send('#chat', 'x');
    expect(sentOn(r)).toEqual([]);
    r.sora.reach('switched', elapse);
    await sending;
    expect(sentOn(r)).toEqual([bytes('x')]);
  });

  test('a message that waits while connecting is refused when the session ends', async () => {
    const r = chat({}, { start: 'signaling' });
    const sending = outcome(r.session.send('#chat', 'x'));
    r.play('ws.close 4490');
    expect(await sending).toMatchObject({ code: 'ended', termination: r.termination });
  });
});

describe('while the session is ending (P10)', () => {
  test('a message is not sent any more, and is refused with the reason at the end', async () => {
    const r = chat();
    void r.session.disconnect();
    const sending = outcome(r.session.send('#chat', 'x'));
    expect(sentOn(r)).toEqual([]);
    await pass(3000);
    expect(await sending).toMatchObject({ code: 'ended', termination: r.termination });
    expect(sentOn(r)).toEqual([]);
  });
});

describe('memory that a transport does not take (Q86)', () => {
  const shared = (text: string): Uint8Array => {
    const view = new Uint8Array(new SharedArrayBuffer(text.length));
    view.set(bytes(text));
    return view;
  };
  /** The compiler's library has no resizable memory yet. */
  const resizableBuffer = (length: number): ArrayBuffer & { resize(length: number): void } =>
    Reflect.construct(ArrayBuffer, [length, { maxByteLength: 64 }]) as ArrayBuffer & { resize(length: number): void };
  const resizable = (text: string): Uint8Array => {
    const view = new Uint8Array(resizableBuffer(text.length));
    view.set(bytes(text));
    return view;
  };
  const foreign = runInNewContext('new Uint8Array([104, 105])') as Uint8Array;

  test.each<[string, unknown, string]>([
    ['a view on shared memory', shared('chat'), 'chat'],
    ['shared memory itself', shared('chat').buffer, 'chat'],
    ['a view on resizable memory', resizable('chat'), 'chat'],
    ['a view of another realm', foreign, 'hi'],
    ['a buffer of another realm', foreign.buffer, 'hi'],
    ['a DataView', new DataView(bytes('chat').buffer), 'chat'],
    ['a Node Buffer', Buffer.from('chat'), 'chat'],
    ['a Blob', new Blob(['ch', 'at']), 'chat'],
  ])('%s is sent whole, compressed or not', async (_, data, text) => {
    const plain = chat();
    await plain.session.send('#chat', data as never);
    const [sent] = sentOn(plain);
    expect(new TextDecoder().decode(sent)).toBe(text);
    expect(Object.prototype.toString.call(sent!.buffer)).toBe('[object ArrayBuffer]');
    expect(sent!.buffer).toHaveProperty('resizable', false);
    const compressed = chat({ compress: true });
    await compressed.session.send('#chat', data as never);
    expect(sentOn(compressed)).toEqual([fakeDeflate(text)]);
    expect([plain.terminations, compressed.terminations]).toEqual([[], []]);
  });

  const transferred = new Uint8Array(8);
  structuredClone(transferred, { transfer: [transferred.buffer] });
  const shrunk = (() => {
    const buffer = resizableBuffer(16);
    const view = new Uint8Array(buffer, 8, 8);
    buffer.resize(4);
    return view;
  })();

  test.each<[string, unknown]>([
    ['a view on memory that was transferred', transferred],
    ['a buffer that was transferred', transferred.buffer],
    ['a view on memory that has shrunk', shrunk],
    ['a Blob that cannot be read', { arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }],
    [
      'a Blob that throws',
      {
        arrayBuffer: () => {
          throw new Error('no');
        },
      },
    ],
  ])('%s is refused with the cause, and the session lives', async (_, data) => {
    for (const compress of [false, true]) {
      const r = chat({ compress });
      const refused = (await outcome(r.session.send('#chat', data as never))) as SoraSendError;
      expect(refused.code).toBe('not-sendable');
      expect(refused.cause).toBeInstanceOf(Error);
      await r.session.send('#chat', 'after');
      expect([sentOn(r).length, r.terminations]).toEqual([1, []]);
    }
  });

  test('a Blob that cannot be read while its channel is still to open leaves no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const r = chat({}, { sora: { connecting: ['#chat'] } });
    const sending = code(r.session.send('#chat', { arrayBuffer: () => Promise.reject(new Error('NotReadableError')) } as never));
    vi.useRealTimers();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
    r.play('dc.open #chat');
    expect(await sending).toBe('not-sendable');
  });

  test.each([false, true])('a Blob keeps its place in the order, compressed: %s', async (compress) => {
    const r = chat({ compress });
    await Promise.all([
      r.session.send('#chat', 'one'),
      r.session.send('#chat', new Blob(['two'])),
      r.session.send('#chat', 'three'),
      r.session.send('#chat', new Blob(['four'])),
    ]);
    const written = ['one', 'two', 'three', 'four'].map((text) => (compress ? fakeDeflate(text) : bytes(text)));
    expect(sentOn(r)).toEqual(written);
  });

  test('a Blob that arrives is received whole and in order', async () => {
    const r = chat();
    const messages = r.collect(r.session.messages('#chat'));
    const channel = r.sora.channel('#chat')!;
    channel.fire('message', { data: new Blob(['one']) });
    channel.fire('message', { data: bytes('two').buffer });
    channel.fire('message', { data: new Blob(['three']) });
    vi.useRealTimers();
    while (messages.length < 3) await new Promise((resolve) => setImmediate(resolve));
    expect(messages.map(({ data }) => new TextDecoder().decode(data))).toEqual(['one', 'two', 'three']);
  });
});

describe('a buffer that the application writes again after send() (Q86)', () => {
  test.each<[string, RigSetup, object]>([
    ['waits for its channel', { sora: { connecting: ['#chat'] } }, {}],
    ['waits for the offer', { start: 'signaling' }, {}],
    ['waits for its channel and is compressed', { sora: { connecting: ['#chat'] } }, { compress: true }],
  ])('keeps what it held in the call where it %s', async (_, setup, channel) => {
    for (const data of [new Uint8Array(bytes('first')), Buffer.from('first')]) {
      const r = chat(channel, setup);
      const sending = r.session.send('#chat', data);
      data.fill(0);
      if (setup.start === undefined) r.play('dc.open #chat');
      else r.sora.reach('switched', elapse);
      await sending;
      expect(sentOn(r)).toEqual([Object.keys(channel).length > 0 ? fakeDeflate('first') : bytes('first')]);
    }
  });

  test('keeps what it held in the call where it waits for room in the queue of its channel', async () => {
    const r = chat();
    const channel = r.sora.peerConnection.newChannel('#chat', { holdsBuffer: true });
    channel.remote.open(true);
    r.sora.peerConnection.fire('datachannel', { channel });
    await Promise.all([256, 256, 256, 256].map((size) => r.session.send('#chat', new Uint8Array(size * KIB))));
    const data = new Uint8Array(bytes('first'));
    const sending = r.session.send('#chat', data);
    data.fill(0);
    channel.remote.drain();
    await sending;
    expect(sentOn(r).at(-1)).toEqual(bytes('first'));
  });

  test('keeps what it held in the call while it is compressed', async () => {
    const r = chat({ compress: true });
    const held = r.fake.scripts.compression.hold('transform');
    const data = Buffer.from('first');
    const sending = r.session.send('#chat', data);
    data.fill(0);
    held.release();
    await sending;
    expect(sentOn(r)).toEqual([fakeDeflate('first')]);
  });
});

test('a message that is answered while it is being sent goes out once', () => {
  const r = chat();
  const channel = r.sora.channel('#chat')!;
  const send = channel.send.bind(channel);
  channel.send = (data: never) => {
    send(data);
    if (sentOn(r).length === 1) channel.remote.message('echo');
  };
  r.session.messages('#chat').subscribe(() => void r.session.send('#chat', 'answer'));
  void r.session.send('#chat', 'question');
  expect(sentOn(r)).toEqual([bytes('question'), bytes('answer')]);
});

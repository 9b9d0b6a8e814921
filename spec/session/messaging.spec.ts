import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import type { Session } from '../../src/session/session.ts';
import type { DataMessage } from '../../src/signaling/messaging.ts';
import { SoraSendError } from '../../src/signaling/send-error.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import { type RigSetup, type SessionRig, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

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
    ['a label that nobody announced', '#other', 'unknown-label'],
    ['a label of the server', 'signaling', 'unknown-label'],
    ['rpc, which has a method of its own', 'rpc', 'unknown-label'],
  ])('%s', async (_, label, expected) => {
    expect(await code(chat().session.send(label, 'x'))).toBe(expected);
  });

  test('against the direction', async () => {
    expect(await code(chat({ direction: 'recvonly' }).session.send('#chat', 'x'))).toBe('wrong-direction');
    expect(await code(chat({ direction: 'sendonly' }).session.send('#chat', 'x'))).toBeUndefined();
  });

  test('data of another type', async () => {
    expect(await outcome(chat().session.send('#chat', 7 as unknown as string))).toBeInstanceOf(TypeError);
  });

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
    expect(sentOn(r).map((data) => new Uint8Array(inflateSync(data)))).toEqual(messages);
    const received: DataMessage[] = [];
    const all = new Promise<void>((resolve) => {
      r.session.messages().subscribe((message) => {
        received.push(message);
        if (received.length === messages.length) resolve();
      });
    });
    for (const message of messages) r.sora.channel('#chat')!.remote.message(new Uint8Array(deflateSync(message)));
    await all;
    expect(received.map(({ data }) => data)).toEqual(messages);
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

  test('a channel whose buffer cannot be read is as good as closed', async () => {
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
    const [messages, timeline] = [received(r), r.collect(timeline(r.session))];
    r.sora.channel('#chat')!.remote.message(data);
    expect(messages).toEqual([]);
    expect(timeline.at(-1)).toMatchObject({ source: 'datachannel', what: 'dropped', detail: { label: '#chat', why: 'undecodable' } });
    expect(r.terminations).toEqual([]);
  });

  test('a channel that the offer did not announce is not listened to', () => {
    const r = chat();
    const [messages, timeline] = [received(r), r.collect(timeline(r.session))];
    r.sora.peerConnection.remote.dataChannel('#stranger').remote.message('x');
    expect(messages).toEqual([]);
    expect(timeline.at(-1)).toMatchObject({ what: 'dropped', detail: { label: '#stranger', why: 'unannounced' } });
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

  test('a channel that is replaced is listed once', () => {
    const r = chat();
    r.sora.peerConnection.remote.dataChannel('#chat', { protocol: 'new' });
    expect(r.collect(r.session.dataChannels$).at(-1)).toMatchObject([{ label: '#chat', protocol: 'new' }]);
  });
});

describe('what cannot be compressed cannot be said (T26, Q28)', () => {
  test('it ends the session, and the promise is told why', async () => {
    const r = chat({ compress: true });
    r.fake.scripts.compression.next('transform', { rejects: new Error('no memory') });
    const sending = outcome(r.session.send('#chat', 'x'));
    await pass(1);
    expect(r.termination).toMatchObject({
      kind: 'internal-error',
      where: 'deflate',
      sent: { reason: 'INTERNAL-ERROR', via: 'datachannel' },
    });
    expect(await sending).toMatchObject({ name: 'SoraSendError', code: 'ended', termination: r.termination });
  });

  test('a platform without compression says so', async () => {
    const r = chat({ compress: true }, { fake: { compression: false } });
    void outcome(r.session.send('#chat', 'x'));
    await pass(1);
    expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'deflate', message: 'this platform has no CompressionStream' });
  });
});

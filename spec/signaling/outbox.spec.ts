import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { OfferedChannel } from '../../src/signaling/offered-channels.ts';
import { LARGEST_MESSAGE_BYTES, type Outbox, createOutbox } from '../../src/signaling/outbox.ts';
import { SoraSendError } from '../../src/signaling/send-error.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';

const HIGH_WATER_BYTES = 1_048_576;

/** A channel of which every member can be set. */
class Channel {
  readonly label: string;
  readyState = 'open';
  bufferedAmount: number | undefined = 0;
  readonly sent: unknown[] = [];
  throws: { readonly error: unknown } | null = null;

  constructor(label: string) {
    this.label = label;
  }

  send(data: unknown): void {
    if (this.throws) throw this.throws.error;
    this.sent.push(data);
  }

  close(): void {
    this.readyState = 'closing';
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const offer = (label: string, members: Partial<OfferedChannel> = {}): OfferedChannel => ({
  label,
  direction: 'sendrecv',
  compress: false,
  ...members,
});

/** A thenable that settles while `then` runs. */
const settled = (value: unknown): object => ({
  then(resolve: (value: unknown) => void) {
    resolve(value);
    return settled(undefined);
  },
});

class CompressionStream {
  #output: Uint8Array | null = null;
  readonly writable = {
    getWriter: () => ({ write: (chunk: Uint8Array) => settled((this.#output = fakeDeflate(chunk))), close: () => settled(undefined) }),
  };
  readonly readable = {
    getReader: () => ({
      read: () => {
        const value = this.#output;
        this.#output = null;
        return settled(value === null ? { done: true } : { done: false, value });
      },
    }),
  };
}

interface Rig {
  /** What the offer announced; null before it. */
  offered: readonly OfferedChannel[] | null;
  isHeld: boolean;
  readonly channels: Map<string, Channel>;
  readonly platform: { CompressionStream?: never };
  /** What became of the messages, in order. */
  readonly settled: unknown[];
  readonly outbox: Outbox;
  /** Returns what withdraws the message. */
  readonly send: (label: string, data: string | Uint8Array | PromiseLike<Uint8Array>) => () => void;
}

function rig(...offered: OfferedChannel[]): Rig {
  const settled: unknown[] = [];
  const self: Omit<Rig, 'outbox' | 'send'> = {
    offered,
    isHeld: false,
    channels: new Map(offered.map(({ label }) => [label, new Channel(label)])),
    platform: { CompressionStream: CompressionStream as never },
    settled,
  };
  const outbox = createOutbox({
    offered: (label) => (self.offered === null ? null : self.offered.find((each) => each.label === label)),
    channel: (label) => self.channels.get(label) as never,
    platform: self.platform,
    inTurn: (run) => run(),
    isHeld: () => self.isHeld,
  });
  const send: Rig['send'] = (label, data) =>
    outbox.queue(label, data, (error) => {
      settled.push(error === null ? `${label} sent` : error instanceof SoraSendError ? `${label} ${error.code}` : error);
    });
  return Object.assign(self, { outbox, send });
}

const channel = (of: Rig, label: string): Channel => of.channels.get(label)!;

describe('what goes on the wire', () => {
  test('text on a label of the server stays text, on one of the application it is binary', () => {
    const self = rig(offer('signaling'), offer('#chat'));
    self.send('signaling', '{}');
    self.send('#chat', 'é');
    self.send('#chat', bytes('x'));
    expect(channel(self, 'signaling').sent).toEqual(['{}']);
    expect(channel(self, '#chat').sent).toEqual([bytes('é'), bytes('x')]);
    expect(self.settled).toEqual(['signaling sent', '#chat sent', '#chat sent']);
  });

  test('a compressed channel carries zlib streams', () => {
    const self = rig(offer('#zip', { compress: true }), offer('stats', { compress: true }));
    self.send('#zip', bytes('x'));
    self.send('stats', '{}');
    expect(channel(self, '#zip').sent.map((each) => inflateSync(each as Uint8Array).toString())).toEqual(['x']);
    expect(channel(self, 'stats').sent.map((each) => inflateSync(each as Uint8Array).toString())).toEqual(['{}']);
  });

  test('data of the application that cannot be compressed is refused with the cause, and the next message is sent (Q86)', () => {
    const self = rig(offer('#zip', { compress: true }));
    const CompressionStream = self.platform.CompressionStream!;
    delete self.platform.CompressionStream;
    self.send('#zip', 'x');
    self.platform.CompressionStream = CompressionStream;
    self.send('#zip', 'y');
    expect(self.settled).toEqual(['#zip not-sendable', '#zip sent']);
  });

  test('signaling that cannot be compressed fails with the error of the codec, which ends the session (T26)', () => {
    const self = rig(offer('signaling', { compress: true }));
    delete self.platform.CompressionStream;
    self.send('signaling', '{}');
    expect(self.settled).toMatchObject([{ name: 'CodecError', message: 'this runtime has no CompressionStream' }]);
  });
});

test('the error of bytes that cannot be had names their cause', async () => {
  const { outbox } = rig(offer('#chat'));
  const cause = new Error('unreadable');
  const error = await new Promise((resolve) => outbox.queue('#chat', Promise.reject(cause), resolve));
  expect(error).toMatchObject({ name: 'SoraSendError', code: 'not-sendable', label: '#chat', cause });
});

describe('bytes that come by a promise', () => {
  const thenable = (bytes: Uint8Array): PromiseLike<Uint8Array> => settled(bytes) as PromiseLike<Uint8Array>;

  test('are compressed like any other', () => {
    const self = rig(offer('#zip', { compress: true }), offer('#chat'));
    self.send('#zip', thenable(bytes('x')));
    self.send('#chat', thenable(bytes('x')));
    expect([channel(self, '#zip').sent, channel(self, '#chat').sent]).toEqual([[fakeDeflate('x')], [bytes('x')]]);
  });

  test('hold up what was sent after them on their label, and nothing on another', async () => {
    const self = rig(offer('#chat'), offer('#other'));
    self.send('#chat', Promise.resolve(bytes('1')));
    self.send('#chat', '2');
    self.send('#other', '3');
    expect(self.settled).toEqual(['#other sent']);
    await Promise.resolve();
    expect(channel(self, '#chat').sent).toEqual([bytes('1'), bytes('2')]);
  });

  test('that cannot be had are refused, and the next message is sent', async () => {
    const self = rig(offer('#chat'));
    self.send('#chat', Promise.reject(new Error('NotReadableError')));
    self.send('#chat', '2');
    await Promise.resolve();
    expect(self.settled).toEqual(['#chat not-sendable', '#chat sent']);
  });
});

describe('whether a label can be sent on', () => {
  test('one that the offer does not announce is unknown', () => {
    const self = rig(offer('#chat'));
    self.send('#other', 'x');
    expect(self.settled).toEqual(['#other unknown-label']);
  });

  test('one of the application that only receives is the wrong one; what the server says of its own is not judged', () => {
    const self = rig(
      offer('#in', { direction: 'recvonly' }),
      offer('#out', { direction: 'sendonly' }),
      offer('push', { direction: 'recvonly' }),
    );
    for (const label of ['#in', '#out', 'push']) self.send(label, 'x');
    expect(self.settled).toEqual(['#in wrong-direction', '#out sent', 'push sent']);
  });

  test.each(['closing', 'closed'])('one that is %s is closed', (state) => {
    const self = rig(offer('#chat'));
    channel(self, '#chat').readyState = state;
    self.send('#chat', 'x');
    expect(self.settled).toEqual(['#chat closed']);
  });

  test('before the offer, before the channel and before it opens, a message waits', () => {
    const self = rig();
    self.offered = null;
    self.send('#chat', 'x');
    self.offered = [offer('#chat')];
    self.outbox.flush();
    const late = new Channel('#chat');
    late.readyState = 'connecting';
    self.channels.set('#chat', late);
    self.outbox.flush();
    expect(self.settled).toEqual([]);
    late.readyState = 'open';
    self.outbox.flush();
    self.outbox.flush();
    expect(late.sent).toEqual([bytes('x')]);
    expect(self.settled).toEqual(['#chat sent']);
  });

  test('a channel that is open although no offer has announced it carries what it is given', () => {
    const self = rig(offer('#chat'));
    self.offered = null;
    self.send('#chat', 'x');
    expect(channel(self, '#chat').sent).toEqual([bytes('x')]);
  });

  test('a channel whose state cannot be read counts as closed, and the next message is tried again (P22)', () => {
    const self = rig(offer('#chat'));
    const broken = Object.defineProperty(new Channel('#chat'), 'readyState', {
      get: () => {
        throw new Error('no');
      },
    });
    self.channels.set('#chat', broken);
    self.send('#chat', 'x');
    self.channels.set('#chat', new Channel('#chat'));
    self.send('#chat', 'y');
    expect(self.settled).toEqual(['#chat closed', '#chat sent']);
  });
});

describe('order', () => {
  test('a message that is withdrawn is never sent nor settled, and holds up nothing', () => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    chat.readyState = 'connecting';
    const withdraw = self.send('#chat', '1');
    self.send('#chat', '2');
    withdraw();
    chat.readyState = 'open';
    self.outbox.flush();
    expect(chat.sent).toEqual([bytes('2')]);
    expect(self.settled).toEqual(['#chat sent']);
  });

  test('a message behind one that is withdrawn while it waits for room is sent in that call', () => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    chat.bufferedAmount = HIGH_WATER_BYTES - 10;
    const withdraw = self.send('#chat', new Uint8Array(100));
    self.send('#chat', '2');
    expect(chat.sent).toEqual([]);
    withdraw();
    expect([chat.sent, self.settled]).toEqual([[bytes('2')], ['#chat sent']]);
  });

  test('a message that is sent from within send() and one from within a settlement go out once each, in order', () => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    const send = chat.send.bind(chat);
    chat.send = (data) => {
      if (chat.sent.length === 0) self.send('#chat', '2');
      send(data);
    };
    self.outbox.queue('#chat', '1', () => self.send('#chat', '3'));
    expect(chat.sent).toEqual(['1', '2', '3'].map(bytes));
  });

  test('messages of one label wait for each other, those of another do not', () => {
    const self = rig(offer('#slow'), offer('#quick'));
    channel(self, '#slow').readyState = 'connecting';
    self.send('#slow', '1');
    self.send('#slow', '2');
    self.send('#quick', '3');
    expect(self.settled).toEqual(['#quick sent']);
    channel(self, '#slow').readyState = 'open';
    self.outbox.flush();
    expect(channel(self, '#slow').sent).toEqual([bytes('1'), bytes('2')]);
    expect(self.settled).toEqual(['#quick sent', '#slow sent', '#slow sent']);
  });
});

describe('sizes', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['#chat', new Uint8Array(LARGEST_MESSAGE_BYTES), 'sent'],
    ['#chat', new Uint8Array(LARGEST_MESSAGE_BYTES + 1), 'too-large'],
    ['#header', new Uint8Array(LARGEST_MESSAGE_BYTES - 26), 'sent'],
    ['#header', new Uint8Array(LARGEST_MESSAGE_BYTES - 25), 'too-large'],
    ['signaling', 'é'.repeat(LARGEST_MESSAGE_BYTES / 2), 'sent'],
    ['signaling', 'é'.repeat(LARGEST_MESSAGE_BYTES / 2 + 1), 'too-large'],
    ['#zip', new Uint8Array(LARGEST_MESSAGE_BYTES), 'too-large'],
  ])('on %s a message on the wire has to fit, with its header, in bytes', (label, data, outcome) => {
    const self = rig(
      offer('#chat'),
      offer('#header', { header: [{ type: 'sender_connection_id' }] }),
      offer('signaling'),
      offer('#zip', { compress: true }),
    );
    self.send(label, data);
    expect(self.settled).toEqual([`${label} ${outcome}`]);
    expect(channel(self, label).sent).toHaveLength(outcome === 'sent' ? 1 : 0);
  });

  test.each<[string, number | undefined, boolean]>([
    ['an empty queue', 0, true],
    ['a runtime that does not count', undefined, true],
    ['a queue with just enough room', HIGH_WATER_BYTES - 100, true],
    ['a queue with too little room', HIGH_WATER_BYTES - 99, false],
  ])('%s', (_, bufferedAmount, isSent) => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    chat.bufferedAmount = bufferedAmount;
    self.send('#chat', new Uint8Array(100));
    expect(chat.sent).toHaveLength(isSent ? 1 : 0);
    chat.bufferedAmount = 0;
    self.outbox.flush();
    self.outbox.flush();
    expect(chat.sent).toHaveLength(1);
    expect(self.settled).toEqual(['#chat sent']);
  });

  test('a channel that closes while its queue is full', () => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    chat.bufferedAmount = HIGH_WATER_BYTES;
    self.send('#chat', 'x');
    chat.close();
    self.outbox.flush();
    expect(self.settled).toEqual(['#chat closed']);
  });
});

describe('a channel that throws when it is handed a message', () => {
  /** As browsers do: neither shared nor resizable memory. @source Web IDL 3.2.25 */
  const strict = (chat: Channel): void => {
    const { sent } = chat;
    Object.defineProperty(chat, 'send', {
      value: (data: Uint8Array) => {
        if (data.buffer instanceof SharedArrayBuffer) throw new TypeError('must not be shared');
        sent.push(data);
      },
    });
  };

  test('gets a copy of memory that it does not take, and other memory as it is (Q86)', () => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    strict(chat);
    const shared = new Uint8Array(new SharedArrayBuffer(2)).fill(7);
    const plain = new Uint8Array([1, 2]);
    self.send('#chat', shared);
    self.send('#chat', plain);
    expect(self.settled).toEqual(['#chat sent', '#chat sent']);
    expect(chat.sent).toEqual([new Uint8Array([7, 7]), plain]);
    expect(chat.sent[1]).toBe(plain);
  });

  test.each<[string, string, string | Uint8Array]>([
    ['text', 'signaling', 'x'],
    ['bytes of plain memory', '#chat', new Uint8Array(1)],
  ])('is handed %s once', (_, label, data) => {
    const self = rig(offer(label));
    const one = channel(self, label);
    let calls = 0;
    Object.defineProperty(one, 'send', {
      value: () => {
        calls += 1;
        throw new TypeError('no');
      },
    });
    self.send(label, data);
    expect(calls).toBe(1);
  });

  test.each<[string, unknown, string, string]>([
    ['says by a TypeError that it takes less', new TypeError('too large'), 'open', 'too-large'],
    ['has closed meanwhile, whatever it throws', new TypeError('closed'), 'closed', 'closed'],
    ['throws anything else', new Error('no'), 'open', 'closed'],
    ['throws null', null, 'open', 'closed'],
    ['throws undefined', undefined, 'open', 'closed'],
  ])('%s', (_, error, state, outcome) => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    Object.defineProperty(chat, 'send', {
      value: () => {
        chat.readyState = state;
        throw error;
      },
    });
    self.send('#chat', 'x');
    expect(self.settled).toEqual([`#chat ${outcome}`]);
  });
});

describe('once nothing may be sent any more (P10)', () => {
  test('messages wait, and stop() settles each once with its error', () => {
    const self = rig(offer('#chat'));
    self.isHeld = true;
    self.send('#chat', '1');
    const withdraw = self.send('#chat', '2');
    withdraw();
    self.outbox.flush();
    self.outbox.stop((label) => new SoraSendError('ended', label));
    self.outbox.stop((label) => new SoraSendError('ended', label));
    expect([channel(self, '#chat').sent, self.settled]).toEqual([[], ['#chat ended']]);
  });

  test('a message whose encoding ends later is not sent', async () => {
    const self = rig(offer('#chat'));
    self.send('#chat', Promise.resolve(bytes('late')));
    self.isHeld = true;
    self.outbox.stop((label) => new SoraSendError('ended', label));
    await Promise.resolve();
    expect([channel(self, '#chat').sent, self.settled]).toEqual([[], ['#chat ended']]);
  });
});

describe('sendNow', () => {
  test('hands a message over in its call where nothing stands before it', () => {
    const self = rig(offer('#chat'));
    const { outbox } = self;
    expect(outbox.sendNow('#chat', 'a')).toBe(true);
    expect(channel(self, '#chat').sent).toEqual([bytes('a')]);
  });

  test('a label whose queue has run empty is free again', () => {
    const self = rig(offer('#chat'));
    const { outbox, send } = self;
    send('#chat', 'a');
    expect(outbox.sendNow('#chat', 'b')).toBe(true);
    expect(channel(self, '#chat').sent).toEqual([bytes('a'), bytes('b')]);
  });

  test.each<[string, (self: Rig) => void, string | Promise<Uint8Array>]>([
    ['its bytes are promised', () => undefined, Promise.resolve(bytes('a'))],
    ['nothing may be sent any more', (self) => (self.isHeld = true), 'a'],
    ['another one waits for the channel', (self) => self.send('#chat', new Promise<Uint8Array>(() => undefined)), 'a'],
    ['its channel has yet to open', (self) => (self.channels.get('#chat')!.readyState = 'connecting'), 'a'],
    ['there is no channel yet', (self) => self.channels.clear(), 'a'],
    ['the buffer has no room', (self) => (self.channels.get('#chat')!.bufferedAmount = HIGH_WATER_BYTES), 'a'],
  ])('a message has to be queued where %s', (_, prepare, data) => {
    const self = rig(offer('#chat'));
    const { sent } = channel(self, '#chat');
    prepare(self);
    expect(self.outbox.sendNow('#chat', data)).toBe(false);
    expect(sent).toEqual([]);
  });

  test('a message behind one that waits for room has to be queued although there is room again', () => {
    const self = rig(offer('#chat'));
    const { outbox, channels, send } = self;
    channels.get('#chat')!.bufferedAmount = HIGH_WATER_BYTES;
    send('#chat', 'a');
    channels.get('#chat')!.bufferedAmount = 0;
    expect(outbox.sendNow('#chat', 'b')).toBe(false);
    expect(channel(self, '#chat').sent).toEqual([]);
  });

  test('a message that is to be compressed has to be queued', () => {
    const self = rig(offer('#zip', { compress: true }));
    const { outbox } = self;
    expect(outbox.sendNow('#zip', 'a')).toBe(false);
    expect(channel(self, '#zip').sent).toEqual([]);
  });

  test('a channel that is open before the offer takes a message', () => {
    const self = rig(offer('#chat'));
    self.offered = null;
    expect(self.outbox.sendNow('#chat', 'a')).toBe(true);
  });

  test('what the channel throws is the cause of the error', () => {
    const { outbox, channels } = rig(offer('#chat'));
    const error = new Error('no');
    channels.get('#chat')!.throws = { error };
    expect(() => outbox.sendNow('#chat', 'a')).toThrow(expect.objectContaining({ code: 'closed', label: '#chat', cause: error }));
    channels.get('#chat')!.throws = { error: null };
    expect(() => outbox.sendNow('#chat', 'a')).toThrow(expect.objectContaining({ code: 'closed', cause: null }));
    expect(() => outbox.sendNow('#other', 'a')).toThrow(expect.objectContaining({ code: 'unknown-label' }));
  });

  test('what reading the state throws is the cause of the error (P22)', () => {
    const { outbox, channels } = rig(offer('#chat'));
    const error = new Error('no');
    Object.defineProperty(channels.get('#chat')!, 'readyState', {
      get: () => {
        throw error;
      },
    });
    expect(() => outbox.sendNow('#chat', 'a')).toThrow(expect.objectContaining({ name: 'SoraSendError', code: 'closed', cause: error }));
  });
});

describe('bytes that have to wait are copied, as the application may use its buffer again (Q86)', () => {
  test.each<[string, (channel: Channel) => void, (channel: Channel) => void]>([
    ['before they are encoded', (channel) => (channel.readyState = 'connecting'), (channel) => (channel.readyState = 'open')],
    ['for room in the buffer', (channel) => (channel.bufferedAmount = HIGH_WATER_BYTES), (channel) => (channel.bufferedAmount = 0)],
  ])('%s', (_, hinder, free) => {
    const self = rig(offer('#chat'));
    const { outbox, channels, send } = self;
    const data = bytes('before');
    hinder(channels.get('#chat')!);
    send('#chat', data);
    data.set(bytes('after!'));
    free(channels.get('#chat')!);
    outbox.flush();
    expect(channel(self, '#chat').sent).toEqual([bytes('before')]);
  });

  test('bytes that go out in the call are handed over as they are', () => {
    const self = rig(offer('#chat'));
    const { send } = self;
    const data = bytes('a');
    send('#chat', data);
    expect(channel(self, '#chat').sent[0]).toBe(data);
  });

  test('a promise that fails before its turn is not reported as unhandled', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const { channels, send } = rig(offer('#chat'));
    channels.get('#chat')!.readyState = 'connecting';
    send('#chat', Promise.reject(new Error('no')));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });
});

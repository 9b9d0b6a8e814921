import { inflateSync } from 'node:zlib';
import { type Observable, Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  type DataChannelInfo,
  HIGH_WATER_BYTES,
  LARGEST_MESSAGE_BYTES,
  isOwn,
  openChannels,
  type SendRequest,
  outgoing,
} from '../../src/signaling/messaging.ts';
import type { OfferedChannel } from '../../src/signaling/offered-channels.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import type { DataChannelEvent } from '../../src/transports/data-channel-event.ts';

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
  readonly channels: Map<string, Channel>;
  readonly platform: { CompressionStream?: never };
  /** What has become of the requests and of the whole. */
  readonly told: unknown[];
  readonly send: (label: string, data: string | Uint8Array, givenUp$?: Observable<unknown>) => void;
  readonly change: () => void;
}

function rig(...offered: OfferedChannel[]): Rig {
  const requests = new Subject<SendRequest>();
  const changes = new Subject<void>();
  const told: unknown[] = [];
  const self: Rig = {
    offered,
    channels: new Map(offered.map(({ label }) => [label, new Channel(label)])),
    platform: { CompressionStream: CompressionStream as never },
    told,
    send: (label, data, givenUp$) => {
      const done = (error: (Error & { code?: string }) | null): void =>
        void told.push(error === null ? `${label} sent` : `${label} ${error.code}`);
      requests.next({ label, data, done, ...(givenUp$ && { givenUp$ }) });
    },
    change: () => {
      changes.next();
    },
  };
  outgoing(requests, {
    platform: self.platform,
    offered: (label) => (self.offered === null ? null : self.offered.find((each) => each.label === label)),
    channel: (label) => self.channels.get(label) as never,
    changes$: changes,
  }).subscribe({ next: (failure) => told.push(failure), error: (error: unknown) => told.push(['#', error]) });
  return self;
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
    expect(self.told).toEqual(['signaling sent', '#chat sent', '#chat sent']);
  });

  test('a compressed channel carries zlib streams', () => {
    const self = rig(offer('#zip', { compress: true }), offer('stats', { compress: true }));
    self.send('#zip', bytes('x'));
    self.send('stats', '{}');
    expect(channel(self, '#zip').sent.map((each) => inflateSync(each as Uint8Array).toString())).toEqual(['x']);
    expect(channel(self, 'stats').sent.map((each) => inflateSync(each as Uint8Array).toString())).toEqual(['{}']);
  });

  test('T26, Q28: what cannot be compressed is a failure of the session, which will answer the request', () => {
    const self = rig(offer('#zip', { compress: true }), offer('#chat'));
    delete self.platform.CompressionStream;
    self.send('#zip', 'x');
    expect(self.told).toEqual([{ where: 'deflate', name: 'CodecError', message: 'this platform has no CompressionStream' }]);
    self.send('#chat', 'x');
    expect(self.told.at(-1)).toBe('#chat sent');
  });

  test('a label of the application begins with a hash', () => {
    expect(['#', '#chat', '', 'chat', 'chat#'].map(isOwn)).toEqual([true, true, false, false, false]);
  });
});

describe('whether a label can be sent on', () => {
  test('one that the offer does not announce is unknown', () => {
    const self = rig(offer('#chat'));
    self.send('#other', 'x');
    expect(self.told).toEqual(['#other unknown-label']);
  });

  test('one of the application that only receives is the wrong one; what the server says of its own is not judged', () => {
    const self = rig(
      offer('#in', { direction: 'recvonly' }),
      offer('#out', { direction: 'sendonly' }),
      offer('push', { direction: 'recvonly' }),
    );
    for (const label of ['#in', '#out', 'push']) self.send(label, 'x');
    expect(self.told).toEqual(['#in wrong-direction', '#out sent', 'push sent']);
  });

  test.each(['closing', 'closed'])('one that is %s is closed', (state) => {
    const self = rig(offer('#chat'));
    channel(self, '#chat').readyState = state;
    self.send('#chat', 'x');
    expect(self.told).toEqual(['#chat closed']);
  });

  test('before the offer, before the channel and before it opens, the request waits', () => {
    const self = rig();
    self.offered = null;
    self.send('#chat', 'x');
    self.offered = [offer('#chat')];
    self.change();
    const late = new Channel('#chat');
    late.readyState = 'connecting';
    self.channels.set('#chat', late);
    self.change();
    expect(self.told).toEqual([]);
    late.readyState = 'open';
    self.change();
    self.change();
    expect(late.sent).toEqual([bytes('x')]);
    expect(self.told).toEqual(['#chat sent']);
  });

  test('one that is open although no offer has told of it carries what it is given', () => {
    const self = rig(offer('#chat'));
    self.offered = null;
    self.send('#chat', 'x');
    expect(channel(self, '#chat').sent).toEqual([bytes('x')]);
  });

  test('P22: one that cannot be looked at is closed, and the next request is tried again', () => {
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
    expect(self.told).toEqual(['#chat closed', '#chat sent']);
  });
});

describe('order', () => {
  test('a request that is given up leaves the queue untold, and the next one has its turn', () => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    chat.readyState = 'connecting';
    const givenUp = new Subject<void>();
    self.send('#chat', '1', givenUp);
    self.send('#chat', '2');
    givenUp.next();
    chat.readyState = 'open';
    self.change();
    expect(chat.sent).toEqual([bytes('2')]);
    expect(self.told).toEqual(['#chat sent']);
  });

  test('requests of one label wait for each other, those of another do not', () => {
    const self = rig(offer('#slow'), offer('#quick'));
    channel(self, '#slow').readyState = 'connecting';
    self.send('#slow', '1');
    self.send('#slow', '2');
    self.send('#quick', '3');
    expect(self.told).toEqual(['#quick sent']);
    channel(self, '#slow').readyState = 'open';
    self.change();
    expect(channel(self, '#slow').sent).toEqual([bytes('1'), bytes('2')]);
    expect(self.told).toEqual(['#quick sent', '#slow sent', '#slow sent']);
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
    expect(self.told).toEqual([`${label} ${outcome}`]);
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
    self.change();
    self.change();
    expect(chat.sent).toHaveLength(1);
    expect(self.told).toEqual(['#chat sent']);
  });

  test('a channel that closes while its queue is full', () => {
    const self = rig(offer('#chat'));
    const chat = channel(self, '#chat');
    chat.bufferedAmount = HIGH_WATER_BYTES;
    self.send('#chat', 'x');
    chat.close();
    self.change();
    expect(self.told).toEqual(['#chat closed']);
  });
});

describe('a channel that throws when it is handed a message', () => {
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
    expect(self.told).toEqual([`#chat ${outcome}`]);
  });
});

describe('openChannels', () => {
  interface Watch {
    readonly lists: (readonly DataChannelInfo[])[];
    readonly channels: Map<string, object>;
    readonly offered: (...channels: OfferedChannel[]) => void;
    readonly told: (kind: DataChannelEvent['kind'], label: string) => void;
  }

  function watch(): Watch {
    const events = new Subject<DataChannelEvent>();
    const offers = new Subject<readonly OfferedChannel[]>();
    const lists: (readonly DataChannelInfo[])[] = [];
    const channels = new Map<string, object>();
    openChannels(events, offers, (label) => channels.get(label) as never).subscribe((list) => lists.push(list));
    return {
      lists,
      channels,
      offered: (...each) => {
        offers.next(each);
      },
      told: (kind, label) => {
        events.next({ kind, at: 0, label } as DataChannelEvent);
      },
    };
  }

  const plain = { direction: 'sendrecv', compress: false, ordered: true, protocol: '' };

  test('none before the offer, none while none is open', () => {
    const { lists, offered, told, channels } = watch();
    channels.set('#a', { readyState: 'open' });
    told('open', '#a');
    expect(lists).toEqual([[]]);
    channels.set('#a', { readyState: 'connecting' });
    offered(offer('#a'), offer('#b'));
    expect(lists).toEqual([[]]);
  });

  test('those that are open, in the order of the offer, whenever one opens or closes', () => {
    const { lists, offered, told, channels } = watch();
    offered(offer('#a'), offer('#b'));
    channels.set('#b', { readyState: 'open' });
    told('open', '#b');
    channels.set('#a', { readyState: 'open' });
    told('open', '#a');
    channels.set('#b', { readyState: 'closed' });
    told('close', '#b');
    expect(lists.map((list) => list.map(({ label }) => label))).toEqual([[], ['#b'], ['#a', '#b'], ['#a']]);
  });

  test('those of the server are not listed, and nothing but open and close is a reason to look', () => {
    const { lists, offered, told, channels } = watch();
    offered(offer('#a'), offer('signaling'));
    channels.set('#a', { readyState: 'open' });
    channels.set('signaling', { readyState: 'open' });
    told('message', '#a');
    told('closing', '#a');
    told('open', 'signaling');
    told('close', 'signaling');
    expect(lists).toEqual([[]]);
    told('open', '#a');
    expect(lists).toEqual([[], [{ label: '#a', ...plain }]]);
  });

  test('the same list is told once', () => {
    const { lists, offered, told, channels } = watch();
    channels.set('#a', { readyState: 'open' });
    offered(offer('#a'));
    told('open', '#a');
    expect(lists).toHaveLength(2);
  });

  test('a channel is told with what the offer and the channel itself say of it', () => {
    const { lists, offered, channels } = watch();
    const header = [{ type: 'sender_connection_id' }];
    channels.set('#a', { readyState: 'open', ordered: false, protocol: 'p', maxPacketLifeTime: 0, maxRetransmits: null });
    channels.set('#b', { readyState: 'open', maxPacketLifeTime: null, maxRetransmits: 3 });
    offered(offer('#a', { direction: 'sendonly', compress: true, header }), offer('#b'));
    expect(lists.at(-1)).toStrictEqual([
      { label: '#a', direction: 'sendonly', compress: true, ordered: false, protocol: 'p', maxPacketLifeTime: 0, header },
      { label: '#b', ...plain, maxRetransmits: 3 },
    ]);
  });

  test('P22: a channel whose getters throw cannot be told about', () => {
    const { lists, offered, channels } = watch();
    const broken = Object.defineProperty({ readyState: 'open' }, 'protocol', {
      get: () => {
        throw new Error('no');
      },
    });
    channels.set('#bad', broken);
    channels.set('#good', { readyState: 'open' });
    offered(offer('#bad'), offer('#good'));
    expect(lists.at(-1)).toEqual([{ label: '#good', ...plain }]);
  });
});

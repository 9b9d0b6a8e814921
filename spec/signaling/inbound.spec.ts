import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Incoming, incoming } from '../../src/signaling/incoming.ts';
import type { OfferedChannel } from '../../src/signaling/offered-channels.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';
import type { DataChannelEvent } from '../../src/transports/data-channel-event.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const ping = '{"type":"ping"}';

const channelOf = (label: string, members: Partial<OfferedChannel> = {}): OfferedChannel => ({
  label,
  direction: 'sendrecv',
  compress: false,
  ...members,
});

/** A thenable that settles while `then` runs, or when it is told to. */
const thenable = (then: (resolve: (value: unknown) => void) => void): object => ({
  then(resolve: (value: unknown) => void) {
    then(resolve);
    return thenable(() => undefined);
  },
});
const settled = (value: unknown): object => thenable((resolve) => resolve(value));

/** A stream that inflates a message to itself: at once, or when `release` is called, the oldest first. */
function inflater(isHeld: boolean): { readonly DecompressionStream: never; readonly release: () => void } {
  const held: (() => void)[] = [];
  class DecompressionStream {
    readonly #chunks: unknown[] = [];
    #isFirst = true;
    readonly writable = {
      getWriter: () => ({ write: (chunk: unknown) => settled(this.#chunks.push(chunk)), close: () => settled(undefined) }),
    };
    readonly readable = {
      getReader: () => ({
        read: () => {
          const waits = isHeld && this.#isFirst;
          this.#isFirst = false;
          return waits ? thenable((resolve) => held.push(() => resolve(this.#next()))) : settled(this.#next());
        },
      }),
    };
    #next(): object {
      return this.#chunks.length > 0 ? { done: false, value: this.#chunks.shift() } : { done: true };
    }
  }
  return { DecompressionStream: DecompressionStream as never, release: () => held.shift()?.() };
}

interface Rig {
  readonly heard: unknown[];
  readonly message: (label: string, data: string | Uint8Array) => void;
  readonly event: (kind: 'open' | 'closing' | 'close', label: string) => void;
  readonly end: () => void;
  readonly release: () => void;
}

/** What is heard, shortened: an event by kind and label, everything else whole. */
function rig(offered: readonly OfferedChannel[], isHeld = false, limitBytes = 1000): Rig {
  const { release, ...platform } = inflater(isHeld);
  const events = new Subject<DataChannelEvent>();
  const heard: unknown[] = [];
  incoming(events, { platform, offered: (label) => offered.find((each) => each.label === label), decodeMs: 500, limitBytes }).subscribe({
    next: (each: Incoming) => heard.push(each.kind === 'event' ? `${each.event.label} ${each.event.kind}` : each),
    complete: () => heard.push('|'),
  });
  return {
    heard,
    message: (label, data) => {
      events.next({ kind: 'message', at: 0, label, data });
    },
    event: (kind, label) => {
      events.next({ kind, at: 0, label });
    },
    end: () => {
      events.complete();
    },
    release,
  };
}

const pinged = {
  kind: 'message',
  label: 'signaling',
  checked: { kind: 'message', message: { type: 'ping' }, raw: { type: 'ping' }, drift: [] },
};
const dropped = (label: string): object => ({ kind: 'dropped', label, why: 'undecodable' });

describe('what a message turns out to be', () => {
  test('a message of the protocol is told as an event, and then by what it says', () => {
    const { heard, message, end } = rig([channelOf('signaling'), channelOf('notify')]);
    message('signaling', ping);
    message('notify', bytes('{"type":"x"}'));
    end();
    expect(heard).toEqual([
      'signaling message',
      pinged,
      'notify message',
      { kind: 'message', label: 'notify', checked: { kind: 'unknown-type', type: 'x', message: { type: 'x' } } },
      '|',
    ]);
  });

  test('an answer of the channel rpc', () => {
    const { heard, message } = rig([channelOf('rpc')]);
    message('rpc', '{"jsonrpc":"2.0","id":1,"result":null}');
    expect(heard).toEqual(['rpc message', { kind: 'rpc', response: { kind: 'result', id: 1, result: null } }]);
  });

  test('a message of the application is bytes, its sender taken off where one was announced', () => {
    const header = [{ type: 'sender_connection_id', length: 4 }];
    const { heard, message } = rig([channelOf('#plain'), channelOf('#sender', { header })]);
    message('#plain', 'é');
    message('#plain', bytes('x'));
    message('#sender', bytes('ABCDx'));
    expect(heard.filter((each) => typeof each !== 'string')).toEqual([
      { kind: 'data', message: { label: '#plain', data: bytes('é') } },
      { kind: 'data', message: { label: '#plain', data: bytes('x') } },
      { kind: 'data', message: { label: '#sender', data: bytes('x'), senderConnectionId: 'ABCD' } },
    ]);
  });

  test('Q65: one that is shorter than its header is dropped', () => {
    const { heard, message } = rig([channelOf('#sender', { header: [{ type: 'sender_connection_id', length: 4 }] })]);
    message('#sender', bytes('ABC'));
    expect(heard).toEqual(['#sender message', dropped('#sender')]);
  });

  test('Q65: one of a channel that nobody announced is dropped, and that is the reason', () => {
    const { heard, message } = rig([]);
    message('signaling', ping);
    message('#chat', 'x');
    expect(heard).toEqual([
      'signaling message',
      { kind: 'dropped', label: 'signaling', why: 'unannounced' },
      '#chat message',
      { kind: 'dropped', label: '#chat', why: 'unannounced' },
    ]);
  });
});

describe('compressed channels', () => {
  const compressed = ['signaling', 'notify', '#chat'].map((label) => channelOf(label, { compress: true }));
  const undecodable = { kind: 'message', label: 'signaling', checked: { kind: 'invalid', what: 'parse', detail: 'undecodable' } };

  test('a message is what it inflates to', () => {
    const { heard, message } = rig(compressed);
    message('signaling', bytes(ping));
    message('#chat', bytes('x'));
    expect(heard).toEqual(['signaling message', pinged, '#chat message', { kind: 'data', message: { label: '#chat', data: bytes('x') } }]);
  });

  test.each<[string, string | Uint8Array]>([
    ['text', ping],
    ['more than the limit', bytes(' '.repeat(1001))],
  ])('T25, Q65: %s cannot be decoded: an anomaly on the channel of signaling, elsewhere it is dropped', (_, data) => {
    const { heard, message } = rig(compressed);
    message('signaling', data);
    message('notify', data);
    message('#chat', data);
    expect(heard).toEqual(['signaling message', undecodable, 'notify message', dropped('notify'), '#chat message', dropped('#chat')]);
  });
});

describe('Q33: the order while a message is being inflated', () => {
  const offered = [channelOf('signaling', { compress: true }), channelOf('#chat', { compress: true }), channelOf('#plain')];

  test('messages of signaling and what channels do wait for it', () => {
    const { heard, message, event, release } = rig(offered, true);
    message('signaling', bytes(ping));
    message('signaling', bytes(ping));
    event('close', '#plain');
    expect(heard).toEqual(['signaling message']);
    release();
    expect(heard).toEqual(['signaling message', pinged, 'signaling message']);
    release();
    expect(heard).toEqual(['signaling message', pinged, 'signaling message', pinged, '#plain close']);
  });

  test('messages of other channels do not wait for it', () => {
    const { heard, message, release } = rig(offered, true);
    message('signaling', bytes(ping));
    message('#plain', bytes('x'));
    expect(heard).toEqual(['signaling message', '#plain message', { kind: 'data', message: { label: '#plain', data: bytes('x') } }]);
    release();
    expect(heard.at(-1)).toEqual(pinged);
  });

  test('one of the application holds up its own channel and nothing else', () => {
    const { heard, message, event, release } = rig(offered, true);
    message('#chat', bytes('1'));
    message('#chat', bytes('2'));
    message('#plain', bytes('x'));
    event('closing', '#chat');
    expect(heard).toEqual([
      '#chat message',
      '#plain message',
      { kind: 'data', message: { label: '#plain', data: bytes('x') } },
      '#chat closing',
    ]);
    heard.length = 0;
    release();
    release();
    expect(heard).toEqual([
      { kind: 'data', message: { label: '#chat', data: bytes('1') } },
      '#chat message',
      { kind: 'data', message: { label: '#chat', data: bytes('2') } },
    ]);
  });

  test('a message of signaling is given up when its time is over, and the line goes on', () => {
    const heardAt: unknown[] = [];
    runInVirtualTime(
      [],
      10_000,
      () => {
        const { heard, message, event } = rig(offered, true);
        message('signaling', bytes(ping));
        event('close', 'signaling');
        heardAt.push(heard);
      },
      ({ nowMs }) => {
        const [heard] = heardAt as [unknown[]];
        if (nowMs < 500) expect(heard).toEqual(['signaling message']);
        if (nowMs > 500) expect(heard).toEqual(['signaling message', dropped('signaling'), 'signaling close']);
      },
    );
    expect(heardAt).toEqual([['signaling message', dropped('signaling'), 'signaling close']]);
  });

  test('a message of the application has all the time it needs', () => {
    let late: unknown[] = [];
    runInVirtualTime(
      [],
      10_000,
      () => {
        const { heard, message } = rig(offered, true);
        message('#chat', bytes('x'));
        late = heard;
      },
      () => undefined,
    );
    expect(late).toEqual(['#chat message']);
  });
});

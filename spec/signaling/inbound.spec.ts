import { describe, expect, test } from 'vitest';
import { wallTime } from '../../src/platform/wall-time.ts';
import { createInbound } from '../../src/signaling/inbound.ts';
import type { OfferedChannel } from '../../src/signaling/offered-channels.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';

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
  readonly event: (kind: 'open' | 'closing' | 'close' | 'error', label: string) => void;
  readonly end: () => void;
  readonly release: () => void;
}

/** What comes out, in order: an event by label and kind, a message of the server by its label and text, one of the application whole. */
function rig(offered: readonly OfferedChannel[], isHeld = false): Rig {
  const { release, ...platform } = inflater(isHeld);
  const heard: unknown[] = [];
  const inbound = createInbound({
    platform,
    offered: (label) => offered.find((each) => each.label === label),
    now: wallTime,
    decodeMs: 500,
    inTurn: (run) => run(),
    onEvent: ({ label, kind }) => heard.push(`${label} ${kind}`),
    onServerMessage: ({ label }, payload) =>
      heard.push([label, payload === null ? null : typeof payload === 'string' ? payload : new TextDecoder().decode(payload)]),
    onData: ({ label }, message) => heard.push({ label, ...message }),
    onDropped: ({ label }, why) => heard.push(`${label} ${why}`),
  });
  return {
    heard,
    message: (label, data) => inbound.accept({ source: 'datachannel', kind: 'message', at: 0, label, data }),
    event: (kind, label) => inbound.accept({ source: 'datachannel', kind, at: 0, label }),
    end: () => inbound.detach(),
    release,
  };
}

const pinged = ['signaling', ping];

describe('what a message turns out to be', () => {
  test('a message of the server is passed on as it came, text or bytes', () => {
    const { heard, message } = rig([channelOf('signaling'), channelOf('notify'), channelOf('rpc')]);
    message('signaling', ping);
    message('notify', bytes('{"type":"x"}'));
    message('rpc', '{"jsonrpc":"2.0"}');
    expect(heard).toEqual([pinged, ['notify', '{"type":"x"}'], ['rpc', '{"jsonrpc":"2.0"}']]);
  });

  test('a message of the application is bytes, its sender taken off where one was announced', () => {
    const header = [{ type: 'sender_connection_id', length: 4 }];
    const { heard, message } = rig([channelOf('#plain'), channelOf('#sender', { header })]);
    message('#plain', 'é');
    message('#plain', bytes('x'));
    message('#sender', bytes('ABCDx'));
    expect(heard).toEqual([
      { label: '#plain', data: bytes('é') },
      { label: '#plain', data: bytes('x') },
      { label: '#sender', data: bytes('x'), senderConnectionId: 'ABCD' },
    ]);
  });

  test('a message that is shorter than its header is dropped (Q65)', () => {
    const { heard, message } = rig([channelOf('#sender', { header: [{ type: 'sender_connection_id', length: 4 }] })]);
    message('#sender', bytes('ABC'));
    expect(heard).toEqual(['#sender undecodable']);
  });

  test('a message of a channel that the offer did not announce is dropped, and its events pass (Q65)', () => {
    const { heard, message, event } = rig([]);
    message('signaling', ping);
    message('#chat', 'x');
    event('close', '#chat');
    expect(heard).toEqual(['signaling unannounced', '#chat unannounced', '#chat close']);
  });
});

describe('compressed channels', () => {
  const compressed = ['signaling', 'notify', '#chat'].map((label) => channelOf(label, { compress: true }));

  test('a message is what it inflates to', () => {
    const { heard, message } = rig(compressed);
    message('signaling', bytes(ping));
    message('#chat', bytes('x'));
    expect(heard).toEqual([pinged, { label: '#chat', data: bytes('x') }]);
  });

  test.each<[string, string | Uint8Array]>([
    ['text', ping],
    ['more than 16 MiB', new Uint8Array(16 * 1024 * 1024 + 1)],
  ])('%s cannot be decoded: an anomaly on signaling, dropped elsewhere (T25, Q65)', (_, data) => {
    const { heard, message } = rig(compressed);
    message('signaling', data);
    message('notify', data);
    message('#chat', data);
    expect(heard).toEqual([['signaling', null], 'notify undecodable', '#chat undecodable']);
  });
});

describe('the order while a message is being inflated (Q33)', () => {
  const offered = [channelOf('signaling', { compress: true }), channelOf('#chat', { compress: true }), channelOf('#plain')];

  test('messages of signaling and the events of all channels wait for it', () => {
    const { heard, message, event, release } = rig(offered, true);
    message('signaling', bytes(ping));
    message('signaling', bytes(ping));
    event('close', '#plain');
    expect(heard).toEqual([]);
    release();
    expect(heard).toEqual([pinged]);
    release();
    expect(heard).toEqual([pinged, pinged, '#plain close']);
  });

  test('messages of other channels do not wait for it', () => {
    const { heard, message, release } = rig(offered, true);
    message('signaling', bytes(ping));
    message('#plain', bytes('x'));
    expect(heard).toEqual([{ label: '#plain', data: bytes('x') }]);
    release();
    expect(heard.at(-1)).toEqual(pinged);
  });

  test('one of the application holds up its own channel and nothing else', () => {
    const { heard, message, event, release } = rig(offered, true);
    message('#chat', bytes('1'));
    message('#chat', bytes('2'));
    message('#plain', bytes('x'));
    event('closing', '#chat');
    expect(heard).toEqual([{ label: '#plain', data: bytes('x') }, '#chat closing']);
    heard.length = 0;
    release();
    release();
    expect(heard).toEqual([
      { label: '#chat', data: bytes('1') },
      { label: '#chat', data: bytes('2') },
    ]);
  });

  test('what follows a message that could not be inflated is not lost', () => {
    const { heard, message } = rig(offered);
    message('#chat', 'text');
    message('#chat', bytes('2'));
    expect(heard).toEqual(['#chat undecodable', { label: '#chat', data: bytes('2') }]);
  });

  test('a message of signaling that holds up the end of a channel is given up when its time is over, and the line goes on', () => {
    let heard: unknown[] = [];
    const seen: [number, number][] = [];
    runInVirtualTime(
      [499, 500].map((at) => ({ at, run: () => seen.push([at, heard.length]) })),
      10_000,
      () => {
        const self = rig(offered, true);
        self.message('signaling', bytes(ping));
        self.event('close', 'signaling');
        ({ heard } = self);
      },
      () => undefined,
    );
    expect(seen[0]).toEqual([499, 0]);
    expect(heard).toEqual(['signaling late', 'signaling close']);
  });

  test.each([
    ['the application', '#chat', { label: '#chat', data: bytes(ping) }],
    ['signaling', 'signaling', pinged],
  ])('a message of %s that holds up no more than messages has all the time it needs', (_, label, expected) => {
    const self = { rig: rig(offered) };
    runInVirtualTime(
      [
        { at: 9000, run: () => self.rig.release() },
        { at: 9001, run: () => self.rig.release() },
      ],
      10_000,
      () => {
        self.rig = rig(offered, true);
        self.rig.message(label, bytes(ping));
        self.rig.message(label, bytes(ping));
      },
      () => undefined,
    );
    expect(self.rig.heard).toEqual([expected, expected]);
  });

  test.each(['close', 'error'] as const)('one whose time is over already is given up with the %s of a channel', (kind) => {
    const self = { rig: rig(offered) };
    runInVirtualTime(
      [
        { at: 8000, run: () => self.rig.event('closing', 'signaling') },
        { at: 9000, run: () => self.rig.event(kind, 'notify') },
        { at: 9001, run: () => self.rig.heard.push('a millisecond later') },
      ],
      10_000,
      () => {
        self.rig = rig(offered, true);
        self.rig.message('signaling', bytes(ping));
      },
      () => undefined,
    );
    expect(self.rig.heard).toEqual(['signaling late', 'signaling closing', `notify ${kind}`, 'a millisecond later']);
  });

  test('after detach() nothing comes out, and no timer is left', () => {
    let timersLeft = -1;
    let heard: unknown[] = [];
    runInVirtualTime(
      [],
      100,
      () => {
        const self = rig(offered, true);
        self.message('signaling', bytes(ping));
        self.event('close', 'signaling');
        self.end();
        self.release();
        ({ heard } = self);
      },
      ({ timers }) => (timersLeft = timers),
    );
    expect([heard, timersLeft]).toEqual([[], 0]);
  });
});

describe('what happens while a message that has waited is passed on', () => {
  /** Two messages wait behind one that is being inflated; `react` runs when the second is passed on. */
  function heardWith(react: (accept: (text: string) => void, detach: () => void) => void): unknown[] {
    const { release, ...platform } = inflater(true);
    const offered = channelOf('signaling', { compress: true });
    const plain = { ...offered, compress: false };
    const heard: unknown[] = [];
    let isFirst = true;
    const accept = (text: string): void =>
      inbound.accept({ source: 'datachannel', kind: 'message', at: 0, label: 'signaling', data: text });
    const inbound = createInbound({
      platform,
      offered: () => (isFirst ? offered : plain),
      now: wallTime,
      decodeMs: 500,
      inTurn: (run) => run(),
      onEvent: () => expect.fail('an event'),
      onServerMessage: (_, payload) => {
        heard.push(typeof payload === 'string' ? payload : 'inflated');
        if (payload === 'second') react(accept, () => inbound.detach());
      },
      onData: () => expect.fail('data'),
      onDropped: () => expect.fail('was dropped'),
    });
    inbound.accept({ source: 'datachannel', kind: 'message', at: 0, label: 'signaling', data: bytes('first') });
    isFirst = false;
    accept('second');
    accept('third');
    release();
    return heard;
  }

  test('what arrives meanwhile stays behind what waits', () => {
    expect(heardWith((accept) => accept('fourth'))).toEqual(['inflated', 'second', 'third', 'fourth']);
  });

  test('nothing more is passed on once everything is detached', () => {
    expect(heardWith((_, detach) => detach())).toEqual(['inflated', 'second']);
  });
});

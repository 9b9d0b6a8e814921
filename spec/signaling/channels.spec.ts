import { describe, expect, test } from 'vitest';
import { type Channels, createChannels } from '../../src/signaling/channels.ts';
import { FakeDataChannel } from '../../src/testing/fake-data-channel.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';

const at = 7;
const world = fakeWorld(() => at);
const channelOf = (label: string): FakeDataChannel => new FakeDataChannel(label, {}, world);

interface Rig {
  readonly channels: Channels;
  readonly events: string[];
  readonly adopt: (channel: object) => void;
}

function rig(onEvent: (event: string, channels: Channels) => void = () => undefined): Rig {
  const events: string[] = [];
  const channels = createChannels(
    () => at,
    ({ kind, label }) => {
      events.push(`${label} ${kind}`);
      onEvent(`${label} ${kind}`, channels);
    },
  );
  return { channels, events, adopt: (channel) => channels.adopt(channel as never) };
}

describe('adopt', () => {
  test('a channel is observed from the call on, and asked to report a low buffer', () => {
    const { channels, events, adopt } = rig();
    const channel = channelOf('#chat');
    adopt(channel);
    channel.remote.open();
    channel.remote.message('x');
    expect(events).toEqual(['#chat open', '#chat message']);
    expect(channel.bufferedAmountLowThreshold).toBe(65_536);
    expect(channels.get('#chat')).toBe(channel);
    expect(channels.get('#other')).toBeUndefined();
  });

  test('events of several labels arrive in the order in which they happened', () => {
    const { channels, events, adopt } = rig();
    const [first, second] = [channelOf('signaling'), channelOf('notify')];
    adopt(first);
    adopt(second);
    second.remote.open();
    first.remote.open();
    second.remote.closing();
    expect(events).toEqual(['notify open', 'signaling open']);
    expect(channels.states()).toEqual(
      new Map([
        ['signaling', 'open'],
        ['notify', 'closing'],
      ]),
    );
  });

  test('of two channels with one label the newest counts; the other is closed and its events are ignored (Q39)', () => {
    const { channels, events, adopt } = rig();
    const [old, recent] = [channelOf('#chat'), channelOf('#chat')];
    adopt(old);
    adopt(recent);
    expect(old.closeCalls).toHaveLength(1);
    old.remote.close();
    recent.remote.open();
    expect(events).toEqual(['#chat open']);
    expect(channels.get('#chat')).toBe(recent);
    expect(recent.closeCalls).toEqual([]);
  });

  test('a channel that takes no threshold is observed all the same', () => {
    const { events, adopt } = rig();
    const channel = Object.defineProperty(channelOf('#chat'), 'bufferedAmountLowThreshold', {
      set: () => {
        throw new TypeError('no');
      },
    });
    adopt(channel);
    channel.remote.open();
    expect(events).toEqual(['#chat open']);
  });

  test('detach() removes the listeners of every channel and closes none', () => {
    const { channels, events, adopt } = rig();
    const channel = channelOf('#open');
    adopt(channel);
    channels.detach();
    channel.remote.open();
    expect([events, channel.listenerCount, channel.closeCalls]).toEqual([[], 0, []]);
  });

  test('a channel that is open already emits that while it is adopted, and an end in that call leaves no listener', () => {
    const channel = channelOf('#open');
    channel.remote.open();
    const { events, adopt } = rig((_, channels) => channels.detach());
    adopt(channel);
    expect([events, channel.listenerCount]).toEqual([['#open open'], 0]);
  });
});

describe('close', () => {
  test('each is closed once, however often it is asked for', () => {
    const { channels, adopt } = rig();
    const channel = channelOf('#chat');
    adopt(channel);
    expect(channels.close()).toEqual([]);
    expect(channels.close()).toEqual([]);
    expect(channel.closeCalls).toHaveLength(1);
  });

  test('one that comes afterwards, from a peer connection that did not close, is closed when it comes (P16)', () => {
    const { channels } = rig();
    const channel = channelOf('push');
    channels.close();
    channels.expect(channel);
    expect(channel.closeCalls).toHaveLength(1);
  });

  test('one that is expected and not handed over yet is closed too (P16)', () => {
    const { channels, adopt } = rig();
    const [expected, adopted] = [channelOf('#late'), channelOf('#chat')];
    channels.expect(expected);
    channels.expect(adopted);
    adopt(adopted);
    expect([...channels.states().keys()]).toEqual(['#chat']);
    expect(channels.close()).toEqual([]);
    expect(expected.closeCalls).toHaveLength(1);
    expect(adopted.closeCalls).toHaveLength(1);
  });

  test('those that throw are named, and keep none of the others open (P22)', () => {
    const { channels, adopt } = rig();
    const [bad, good] = [channelOf('#bad'), channelOf('#good')];
    bad.script.next('close', { throws: new Error('no') });
    adopt(bad);
    adopt(good);
    expect(channels.close()).toEqual(['datachannel #bad']);
    expect(good.closeCalls).toHaveLength(1);
  });

  test('one that closed by itself is left alone', () => {
    const { channels, adopt } = rig();
    const channel = channelOf('#chat');
    adopt(channel);
    channel.remote.close();
    expect(channels.close()).toEqual([]);
    expect(channel.closeCalls).toEqual([]);
  });

  test('one that is expected stays open as long as nothing is closed', () => {
    const { channels } = rig();
    const channel = channelOf('#late');
    channels.expect(channel);
    expect(channel.closeCalls).toEqual([]);
  });

  test('one whose state cannot be read is closed (P22)', () => {
    const { channels, adopt } = rig();
    const channel = channelOf('#chat');
    adopt(channel);
    Object.defineProperty(channel, 'readyState', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(channels.close()).toEqual([]);
    expect(channel.closeCalls).toHaveLength(1);
  });
});

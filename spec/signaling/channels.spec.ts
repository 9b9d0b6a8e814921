import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { LOW_WATER_BYTES, createDataChannels, type DataChannels } from '../../src/signaling/data-channels.ts';
import { FakeDataChannel } from '../../src/testing/fake-data-channel.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';

const at = 7;
const world = fakeWorld(() => at);
const channelOf = (label: string): FakeDataChannel => new FakeDataChannel(label, {}, world);

interface Rig {
  readonly channels: DataChannels;
  readonly told: string[];
  readonly adopt: (channel: object) => void;
  readonly stop: () => void;
}

function rig(): Rig {
  const channels = createDataChannels(() => at);
  const handedOver = new Subject<never>();
  const told: string[] = [];
  const subscription = channels.follow(handedOver).subscribe(({ kind, label }) => told.push(`${label} ${kind}`));
  return {
    channels,
    told,
    adopt: (channel) => {
      handedOver.next(channel as never);
    },
    stop: () => {
      subscription.unsubscribe();
    },
  };
}

describe('follow', () => {
  test('a channel is listened to in the tick in which it is handed over, and says when its buffer is low', () => {
    const { channels, told, adopt } = rig();
    const channel = channelOf('#chat');
    adopt(channel);
    channel.remote.open();
    channel.remote.message('x');
    expect(told).toEqual(['#chat open', '#chat message']);
    expect(channel.bufferedAmountLowThreshold).toBe(LOW_WATER_BYTES);
    expect(channels.get('#chat')).toBe(channel);
    expect(channels.get('#other')).toBeUndefined();
  });

  test('channels of several labels are told of in order of arrival', () => {
    const { channels, told, adopt } = rig();
    const [first, second] = [channelOf('signaling'), channelOf('notify')];
    adopt(first);
    adopt(second);
    second.remote.open();
    first.remote.open();
    second.remote.closing();
    expect(told).toEqual(['notify open', 'signaling open']);
    expect(channels.states()).toEqual(
      new Map([
        ['signaling', 'open'],
        ['notify', 'closing'],
      ]),
    );
  });

  test('Q39: of two with one label the newest counts; the other is closed and not heard any more', () => {
    const { channels, told, adopt } = rig();
    const [old, recent] = [channelOf('#chat'), channelOf('#chat')];
    adopt(old);
    adopt(recent);
    expect(old.closeCalls).toHaveLength(1);
    old.remote.close();
    recent.remote.open();
    expect(told).toEqual(['#chat open']);
    expect(channels.get('#chat')).toBe(recent);
    expect(recent.closeCalls).toEqual([]);
  });

  test('a channel that takes no threshold is followed all the same', () => {
    const { told, adopt } = rig();
    const channel = Object.defineProperty(channelOf('#chat'), 'bufferedAmountLowThreshold', {
      set: () => {
        throw new TypeError('no');
      },
    });
    adopt(channel);
    channel.remote.open();
    expect(told).toEqual(['#chat open']);
  });

  test('nobody listening any more closes what is open, and not what has closed by itself', () => {
    const { adopt, stop } = rig();
    const [open, closed] = [channelOf('#open'), channelOf('#closed')];
    adopt(open);
    adopt(closed);
    open.remote.open();
    closed.remote.close();
    stop();
    expect(open.closeCalls).toHaveLength(1);
    expect(closed.closeCalls).toEqual([]);
    expect(open.listenerCount).toBe(0);
  });
});

describe('close', () => {
  test('each is closed once, however often it is asked for', () => {
    const { channels, adopt, stop } = rig();
    const channel = channelOf('#chat');
    adopt(channel);
    expect(channels.close()).toEqual([]);
    expect(channels.close()).toEqual([]);
    stop();
    expect(channel.closeCalls).toHaveLength(1);
  });

  test('P16: one that is expected and not handed over yet is closed too', () => {
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

  test('P22: those that throw are named, and keep none of the others open', () => {
    const { channels, adopt } = rig();
    const [bad, good] = [channelOf('#bad'), channelOf('#good')];
    bad.script.next('close', { throws: new Error('no') });
    adopt(bad);
    adopt(good);
    expect(channels.close()).toEqual(['datachannel #bad']);
    expect(good.closeCalls).toHaveLength(1);
  });

  test('P22: one whose state cannot be read is closed', () => {
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

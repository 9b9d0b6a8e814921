import { describe, expect, test } from 'vitest';
import type { DataChannels } from '../../src/connection/data-channels.ts';
import { FaultInjector } from '../../src/connection/fault-injector.ts';
import type { MessageSender } from '../../src/connection/message-sender.ts';
import type { FaultTarget } from '../../src/connection/perform-fault.ts';
import type { SignalingSocket } from '../../src/connection/signaling-socket.ts';
import type { ActionFault } from '../../src/faults/fault.ts';
import { FaultList } from '../../src/faults/fault-list.ts';
import { ShapingFaults } from '../../src/faults/shaping-faults.ts';
import type { RtcPeer } from '../../src/rtc/endpoint.ts';

/** An injector whose connection records the calls that it gets. */
function injector(peerState = 'connected') {
  const calls: string[] = [];
  /** An object that accepts any call. */
  const recorded = (name: string, members: object = {}): unknown =>
    new Proxy(members, {
      get: (known, member): unknown =>
        Reflect.get(known, member) ?? ((...args: readonly unknown[]) => calls.push(`${name}.${String(member)} ${JSON.stringify(args)}`)),
    });
  const shaping = new ShapingFaults([]);
  const target: FaultTarget = {
    socket: recorded('socket') as SignalingSocket,
    peer: recorded('peer', { state: peerState }) as RtcPeer,
    channels: recorded('channels', { agreed: () => undefined }) as DataChannels,
    sender: recorded('sender', { transport: 'datachannel' }) as MessageSender,
    reOffer: () => ({ type: 're-offer' }),
  };
  const faults = new FaultInjector({
    target,
    shaping,
    log: ({ kind, type, detail }) => calls.push(`log ${kind} ${type} ${JSON.stringify(detail)}`),
  });
  return { faults, calls, shaping };
}

test('a shaping fault is in force from now on and does nothing now', () => {
  const { faults, calls, shaping } = injector();
  faults.inject({ kind: 'rpc-delayed', ms: 7 });
  expect(shaping.delayMs('rpc-delayed')).toBe(7);
  expect(calls).toEqual(['log fault rpc-delayed {"kind":"rpc-delayed","ms":7}']);
});

describe('an action', () => {
  const actions: readonly (readonly [ActionFault, readonly string[]])[] = [
    [{ kind: 'websocket-close', code: 4000 }, ['socket.close [4000,""]']],
    [{ kind: 'websocket-cut' }, ['socket.cut []']],
    [{ kind: 'websocket-reset' }, ['socket.reset []']],
    [{ kind: 'websocket-frozen' }, ['socket.freeze []']],
    [{ kind: 'message', message: { type: 'x' } }, ['sender.sendOnChannel ["signaling",{"type":"x"}]']],
    [{ kind: 'message', message: { type: 'x' }, transport: 'websocket' }, ['sender.sendOnWebSocket [{"type":"x"}]']],
    [{ kind: 're-offer', count: 2 }, Array.from({ length: 2 }, () => 'sender.sendOnChannel ["signaling",{"type":"re-offer"}]')],
    [{ kind: 'close-message', code: 'x' }, ['sender.sendOnChannel ["signaling",{"type":"close","code":"x"}]']],
    [{ kind: 'peer-silent' }, ['peer.silence [true]']],
    [{ kind: 'silent' }, ['socket.freeze []', 'peer.silence [true]']],
    [{ kind: 'network', lossRatio: 0.5 }, ['peer.impair [{"lossRatio":0.5,"delayMs":0,"jitterMs":0}]']],
    [{ kind: 'resume' }, ['socket.thaw []', 'peer.silence [false]', 'peer.impair [{}]']],
    [{ kind: 'channel-reopened', label: 'notify' }, ['channels.openExtra ["notify"]']],
    [{ kind: 'channel-text', label: '#a', text: 't' }, ['channels.sendFrame ["#a","t"]']],
  ];

  test.each(actions)('%j is logged and performed, and leaves DataChannels intact', (fault, expected) => {
    const { faults, calls } = injector();
    faults.inject(fault);
    expect(calls).toEqual([`log fault ${fault.kind} ${JSON.stringify(fault)}`, ...expected]);
    expect(faults.brokeChannels).toBe(false);
  });

  test.each<readonly [ActionFault, string]>([
    [{ kind: 'channel-close', labels: ['signaling'] }, 'channels.close [["signaling"]]'],
    [{ kind: 'sctp-abort' }, 'peer.abortSctp []'],
    [{ kind: 'dtls-close' }, 'peer.closeDtls [{"notify":true}]'],
  ])('%j breaks DataChannels, so that a close of theirs is not taken for one of the client', (fault, call) => {
    const { faults, calls } = injector();
    faults.inject(fault);
    expect(calls[1]).toBe(call);
    expect(faults.brokeChannels).toBe(true);
  });

  test('re-offer does nothing once the peer is closed', () => {
    const { faults, calls } = injector('closed');
    faults.inject({ kind: 're-offer' });
    expect(calls).toEqual(['log fault re-offer {"kind":"re-offer"}']);
  });
});

describe('rules for a moment', () => {
  const subject = { node: 'node1', connectionId: 'C', clientId: 'me', channelId: 'room', role: 'sendonly', mode: 'both' } as const;

  test('are due with their delay, in the order of the list', () => {
    const list = new FaultList(() => 0);
    list.add({ fault: { kind: 'websocket-cut' }, at: 'offer', afterMs: 20 });
    list.add({ fault: { kind: 'websocket-reset' }, at: 'offer' });
    list.add({ fault: { kind: 'websocket-frozen' }, at: 'answer' });
    expect(list.due('offer', subject)).toEqual([
      { fault: { kind: 'websocket-cut' }, afterMs: 20 },
      { fault: { kind: 'websocket-reset' }, afterMs: 0 },
    ]);
  });

  test.each([
    [{ node: 'node1', connectionId: 'C', clientId: 'me', channelId: 'room', role: 'sendonly', mode: 'both' }, 1],
    [{ node: 'node2' }, 0],
    [{ connectionId: 'D' }, 0],
    [{ clientId: 'you' }, 0],
    [{ channelId: 'hall' }, 0],
    [{ role: 'recvonly' }, 0],
    [{ mode: 'websocket' }, 0],
  ] as const)('match %j', (match, count) => {
    const list = new FaultList(() => 0);
    list.add({ fault: { kind: 'websocket-cut' }, match });
    expect(list.due('connected', subject)).toHaveLength(count);
  });

  test('are removed once they have affected as many connections as they say', () => {
    const list = new FaultList(() => 0);
    list.add({ fault: { kind: 'websocket-cut' }, times: 1 });
    expect(list.due('connected', subject)).toHaveLength(1);
    expect(list.due('connected', subject)).toHaveLength(0);
  });
});

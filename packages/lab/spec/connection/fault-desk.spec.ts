import { describe, expect, test } from 'vitest';
import type { Agreement } from '../../src/agreement.ts';
import type { FaultTarget } from '../../src/connection/act.ts';
import type { DataChannels } from '../../src/connection/data-channels.ts';
import { FaultDesk } from '../../src/connection/fault-desk.ts';
import type { Outbox } from '../../src/connection/outbox.ts';
import { Shape } from '../../src/connection/shape.ts';
import type { SignalingSocket } from '../../src/connection/signaling-socket.ts';
import type { ActionFault, FaultRule } from '../../src/faults/fault.ts';
import { FaultList } from '../../src/faults/fault-list.ts';
import type { RtcPeer } from '../../src/rtc/endpoint.ts';

const agreement = { connectionId: 'C', clientId: 'me', channelId: 'room', role: 'sendonly', mode: 'both' } as Agreement;

/** A desk whose connection writes down what is done to it. `tick` lets what was put off happen. */
function desk(rules: readonly FaultRule[] = [], peerState = 'connected') {
  const told: string[] = [];
  const later: (() => void)[] = [];
  /** Stands for anything that is called and answers nothing. */
  const recorded = (name: string, members: object = {}): unknown =>
    new Proxy(members, {
      get: (known, member): unknown =>
        Reflect.get(known, member) ?? ((...args: readonly unknown[]) => told.push(`${name}.${String(member)} ${JSON.stringify(args)}`)),
    });
  const faults = new FaultList(() => 0);
  for (const rule of rules) faults.add(rule);
  const shape = new Shape([]);
  const target: Omit<FaultTarget, 'expectLoss'> = {
    socket: recorded('socket') as SignalingSocket,
    peer: recorded('peer', { state: peerState }) as RtcPeer,
    channels: recorded('channels', { agreed: () => undefined }) as DataChannels,
    outbox: recorded('outbox', { transport: 'datachannel' }) as Outbox,
    reOffer: () => ({ type: 're-offer' }),
  };
  const self = new FaultDesk({
    agreement,
    faults,
    node: 'node1',
    shape,
    target,
    later: (ms, action) => {
      told.push(`later ${ms}`);
      later.push(action);
    },
    log: ({ kind, type, detail }) => told.push(`log ${kind} ${type} ${JSON.stringify(detail)}`),
    acted: ({ kind }) => told.push(`acted ${kind}`),
  });
  const tick = (): void => {
    for (const action of later.splice(0)) action();
  };
  return { self, told, tick, shape, faults };
}

describe('a moment', () => {
  test('brings what its rules want, each after its time', () => {
    const { self, told, tick } = desk([
      { fault: { kind: 'websocket-cut' }, at: 'offer', afterMs: 20 },
      { fault: { kind: 'websocket-reset' }, at: 'offer' },
      { fault: { kind: 'websocket-frozen' }, at: 'answer' },
    ]);
    self.reach('offer');
    expect(told).toEqual(['later 20', 'later 0']);
    tick();
    expect(told.slice(2)).toEqual([
      'log fault websocket-cut {"kind":"websocket-cut"}',
      'socket.cut []',
      'acted websocket-cut',
      'log fault websocket-reset {"kind":"websocket-reset"}',
      'socket.reset []',
      'acted websocket-reset',
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
  ] as const)('finds the rules for %j', (match, count) => {
    const { self, told } = desk([{ fault: { kind: 'websocket-cut' }, match }]);
    self.reach('connected');
    expect(told).toHaveLength(count);
  });

  test('uses up a rule that is for one', () => {
    const { self, told } = desk([{ fault: { kind: 'websocket-cut' }, times: 1 }]);
    self.reach('connected');
    self.reach('connected');
    expect(told).toEqual(['later 0']);
  });
});

describe('an injected fault', () => {
  test('that shapes counts from now on and does nothing now', () => {
    const { self, told, shape } = desk();
    self.inject({ kind: 'rpc-delayed', ms: 7 });
    expect(shape.delayMs('rpc-delayed')).toBe(7);
    expect(told).toEqual(['log fault rpc-delayed {"kind":"rpc-delayed","ms":7}']);
  });

  const actions: readonly (readonly [ActionFault, readonly string[]])[] = [
    [{ kind: 'websocket-close', code: 4000 }, ['socket.close [4000,""]']],
    [{ kind: 'websocket-frozen' }, ['socket.freeze []']],
    [{ kind: 'message', message: { type: 'x' } }, ['outbox.onChannel ["signaling",{"type":"x"}]']],
    [{ kind: 'message', message: { type: 'x' }, transport: 'websocket' }, ['outbox.onWebSocket [{"type":"x"}]']],
    [{ kind: 're-offer', count: 2 }, Array.from({ length: 2 }, () => 'outbox.onChannel ["signaling",{"type":"re-offer"}]')],
    [{ kind: 'close-message', code: 'x' }, ['outbox.onChannel ["signaling",{"type":"close","code":"x"}]']],
    [{ kind: 'peer-silent' }, ['peer.silence [true]']],
    [{ kind: 'silent' }, ['socket.freeze []', 'peer.silence [true]']],
    [{ kind: 'network', lossRatio: 0.5 }, ['peer.impair [{"lossRatio":0.5,"delayMs":0,"jitterMs":0}]']],
    [{ kind: 'resume' }, ['socket.thaw []', 'peer.silence [false]', 'peer.impair [{}]']],
    [{ kind: 'channel-reopened', label: 'notify' }, ['channels.openExtra ["notify"]']],
    [{ kind: 'channel-text', label: '#a', text: 't' }, ['channels.sendFrame ["#a","t"]']],
  ];

  test.each(actions)('%j is carried out, and the lab still takes a closing channel for the client', (fault, calls) => {
    const { self, told } = desk();
    self.inject(fault);
    expect(told).toEqual([`log fault ${fault.kind} ${JSON.stringify(fault)}`, ...calls, `acted ${fault.kind}`]);
    expect(self.expectsLoss).toBe(false);
  });

  test.each<readonly [ActionFault, string]>([
    [{ kind: 'channel-close', labels: ['signaling'] }, 'channels.close [["signaling"]]'],
    [{ kind: 'sctp-abort' }, 'peer.abortSctp []'],
    [{ kind: 'dtls-close' }, 'peer.closeDtls [{"notify":true}]'],
  ])('%j breaks channels, so that their closing says nothing of the client any more', (fault, call) => {
    const { self, told } = desk();
    self.inject(fault);
    expect(told[1]).toBe(call);
    expect(self.expectsLoss).toBe(true);
  });

  test('no re-offer comes from a peer that is closed', () => {
    const { self, told } = desk([], 'closed');
    self.inject({ kind: 're-offer' });
    expect(told).toEqual(['log fault re-offer {"kind":"re-offer"}', 'acted re-offer']);
  });
});

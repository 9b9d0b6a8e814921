import { expect, test } from 'vitest';
import { pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

test('connected means that the peer connection is, not ICE', () => {
  const r = rig({ start: 'negotiating' });
  const connected = r.collect(r.session.connected$);
  r.play('ice connected', 'pc connecting');
  expect(connected).toEqual([]);
  r.play('pc connected');
  expect(connected).toHaveLength(1);
});

test('where there is no connectionState, ICE decides (T27)', () => {
  const r = rig({ start: 'negotiating', fake: { connectionState: false } });
  const connected = r.collect(r.session.connected$);
  r.play('ice checking', 'ice connected', 'ice completed');
  expect(connected).toHaveLength(1);
});

test('everything that the offer decided is told', async () => {
  const offer = {
    client_id: 'decided',
    bundle_id: 'bundle',
    simulcast: true,
    spotlight: true,
    rpc_methods: ['a'],
    metadata: { plan: 1 },
    channel_id: 'other',
  };
  expect(await rig({ sora: { offer } }).session.connect()).toEqual({
    connectionId: 'FAKECONNECTION000000000000',
    clientId: 'decided',
    bundleId: 'bundle',
    sessionId: 'FAKESESSION000000000000000',
    channelId: 'other',
    contactUrl: 'wss://one.sora.test/signaling',
    connectedUrl: 'wss://one.sora.test/signaling',
    simulcast: true,
    spotlight: true,
    rpcMethods: ['a'],
    authMetadata: { plan: 1 },
  });
});

test('what an old server leaves out has a value all the same', async () => {
  const left = { client_id: undefined, bundle_id: undefined, session_id: undefined, channel_id: undefined };
  const offer = { ...left, simulcast: undefined, spotlight: undefined, mid: undefined, config: undefined };
  expect(await rig({ sora: { offer } }).session.connect()).toEqual({
    connectionId: 'FAKECONNECTION000000000000',
    clientId: 'FAKECONNECTION000000000000',
    bundleId: 'FAKECONNECTION000000000000',
    channelId: 'sora',
    contactUrl: 'wss://one.sora.test/signaling',
    connectedUrl: 'wss://one.sora.test/signaling',
    simulcast: false,
    spotlight: false,
    rpcMethods: [],
  });
});

test('a peer connection that flaps is connected once', () => {
  const r = rig();
  const [connected, states] = [r.collect(r.session.connected$), r.collect(r.session.state$)];
  r.play('pc disconnected', 'pc connected');
  expect([connected.length, states]).toEqual([1, ['connected']]);
});

test('whoever comes late gets the value, and after the end the promise is kept', async () => {
  const r = rig();
  const connecting = r.session.connect();
  r.play('pc failed');
  await pass(1);
  expect(await connecting).toMatchObject({ connectionId: 'FAKECONNECTION000000000000' });
  expect(r.collect(r.session.connected$)).toHaveLength(1);
});

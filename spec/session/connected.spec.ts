import { asyncScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { connect } from '../../src/session/connect.ts';
import type { Session } from '../../src/session/session.ts';
import { SoraTerminatedError } from '../../src/session/terminated-error.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

test('connected means that the peer connection is connected, not ICE', () => {
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

test('connect() resolves with everything that the offer decided', async () => {
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
    connectedAt: 0,
  });
});

test('what an old server leaves out has a default', async () => {
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
    connectedAt: 0,
  });
});

test('a peer connection that flaps is connected once', () => {
  const r = rig();
  const [connected, states] = [r.collect(r.session.connected$), r.collect(r.session.state$)];
  r.play('pc disconnected', 'pc connected');
  expect([connected.length, states]).toEqual([1, ['connected']]);
});

test('connectedAt counts from the start of the session (Q84)', async () => {
  const r = rig({ start: 'opening' });
  elapse(250);
  r.sora.reach('connected', elapse);
  expect((await r.session.connect()).connectedAt).toBe(250);
  r.play('ws.close 1000');
  expect(r.termination).toMatchObject({ connectedAt: 250 });
});

test('connected$ replays its value and completes for whoever asks for it first when the session is connected', () => {
  const fake = createFakePlatform({ now: () => asyncScheduler.now() });
  const sora = new FakeSora(fake, { mode: 'W' });
  const sessions: Session[] = [];
  connect({ signalingUrl: 'wss://one.sora.test/signaling', channelId: 'sora', role: 'sendrecv', platform: fake.platform }).subscribe(
    (session) => sessions.push(session),
  );
  sora.reach('connected', () => elapse(0));
  const seen: unknown[] = [];
  sessions[0]!.connected$.subscribe({ next: ({ connectionId }) => seen.push(connectionId), complete: () => seen.push('|') });
  expect(seen).toEqual(['FAKECONNECTION000000000000', '|']);
});

test('after the end connected$ still has its value, and the promise that connect() gave while connecting stays resolved', async () => {
  const r = rig();
  const connecting = r.session.connect();
  r.play('pc failed');
  await pass(1);
  expect(await connecting).toMatchObject({ connectionId: 'FAKECONNECTION000000000000' });
  expect(r.collect(r.session.connected$)).toHaveLength(1);
});

test('connect() after the end rejects with the Termination, although the session had been connected (Q88)', async () => {
  const r = rig();
  r.play('pc failed');
  await pass(1);
  const error = await outcome(r.session.connect());
  expect(error).toBeInstanceOf(SoraTerminatedError);
  expect((error as SoraTerminatedError).termination).toBe(r.termination);
  expect((error as SoraTerminatedError).message).toBe('the session ended: peer-connection-failed');
});

test('a rejection of connect() that nobody hears says what to do', async () => {
  const r = rig({ start: 'idle' });
  const connecting = outcome(r.session.connect());
  r.play('ws.close 1006');
  await pass(1);
  const { remedy } = (await connecting) as SoraTerminatedError;
  expect(remedy).toBe('connect().catch(() => undefined), where termination$ is enough');
});

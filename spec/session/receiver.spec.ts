import { describe, expect, test } from 'vitest';
import { rpc } from '../../src/rpc/rpc.ts';
import { connect } from '../../src/session/connect.ts';
import { createSession } from '../../src/session/create-session.ts';
import type { Session } from '../../src/session/session.ts';
import { parallel } from '../../src/signaling/url-policy.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { replaceTrack } from '../../src/tracks/replace-track.ts';
import { elapse, outcome, pass, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The ways of a session that need one that stands. */
const calls: readonly (readonly [string, (session: Session) => Promise<unknown>])[] = [
  ['send()', (session) => session.send('#chat', 'hello')],
  ['rpc()', (session) => rpc(session, 'RequestSimulcastRid', { rid: 'r0' })],
  ['replaceTrack()', (session) => replaceTrack(session, 'video', new FakeMediaStreamTrack('video') as never)],
];

function rig(receive: (session: Session) => void): { readonly sora: FakeSora; readonly sent: () => unknown[]; readonly leave: () => void } {
  const fake = createFakePlatform();
  const sora = new FakeSora(fake, { mode: 'D', labels: ['#chat', 'rpc'] });
  const calling = connect({
    signalingUrl: 'wss://one.sora.test/signaling',
    channelId: 'sora',
    role: 'sendrecv',
    dataChannelSignaling: true,
    ignoreDisconnectWebSocket: true,
    platform: fake.platform,
  }).subscribe(receive);
  return {
    sora,
    sent: () => fake.sent.filter(({ label }) => label === '#chat').map(({ data }) => data),
    leave: () => calling.unsubscribe(),
  };
}

describe('in the receiver of connect(), which gets the session before it starts (Q87)', () => {
  test('a message waits for its channel', async () => {
    const outcomes: Promise<unknown>[] = [];
    const { sora, sent, leave } = rig((session) => outcomes.push(outcome(session.send('#chat', 'hello'))));
    await pass(0);
    sora.reach('switched', elapse);
    expect(await Promise.all(outcomes)).toEqual([undefined]);
    expect(sent()).toEqual([bytes('hello')]);
    leave();
  });

  test('the memory of a message is the caller’s again when the call returns (Q86)', async () => {
    const { sora, sent, leave } = rig((session) => {
      const memory = bytes('hello');
      void session.send('#chat', memory);
      memory.fill(0);
    });
    await pass(0);
    sora.reach('switched', elapse);
    await pass(0);
    expect(sent()).toEqual([bytes('hello')]);
    leave();
  });

  test('what is no message is refused as such', async () => {
    const outcomes: Promise<unknown>[] = [];
    const { sora, leave } = rig((session) => outcomes.push(outcome(session.send('#chat', { byteLength: 3 } as never))));
    await pass(0);
    sora.reach('switched', elapse);
    expect(await Promise.all(outcomes)).toMatchObject([{ code: 'not-sendable' }]);
    leave();
  });

  test('an RPC waits for its channel', async () => {
    const outcomes: Promise<unknown>[] = [];
    const { sora, leave } = rig((session) => outcomes.push(rpc(session, 'RequestSimulcastRid', { rid: 'r0' })));
    await pass(0);
    sora.reach('switched', elapse);
    sora.send({ jsonrpc: '2.0', id: 1, result: 'through' }, 'rpc');
    expect(await Promise.all(outcomes)).toEqual(['through']);
    leave();
  });

  test.each(calls)('%s is refused with the reason where the session ends before it starts', async (_, call) => {
    const outcomes: Promise<unknown>[] = [];
    rig((session) => {
      outcomes.push(outcome(call(session)));
      void session.disconnect();
    });
    await pass(0);
    expect(await Promise.all(outcomes)).toMatchObject([{ code: 'ended', termination: { kind: 'client-disconnect' } }]);
  });

  test.each(calls)('%s that waits is refused when nobody wants the session any more', async (_, call) => {
    const outcomes: Promise<unknown>[] = [];
    const { leave } = rig((session) => outcomes.push(outcome(call(session))));
    leave();
    await pass(0);
    expect(await Promise.all(outcomes)).toMatchObject([{ code: 'ended' }]);
  });
});

test.each(calls)('%s waits also where a URL policy makes it while connect() runs (Q87)', async (_, call) => {
  const outcomes: Promise<unknown>[] = [];
  const session = createSession({
    signalingUrl: 'wss://one.sora.test/signaling',
    channelId: 'sora',
    role: 'sendrecv',
    platform: createFakePlatform().platform,
    signalingUrlPolicy: (urls) => {
      outcomes.push(outcome(call(session)));
      return parallel(urls);
    },
  });
  session.connect().catch(() => undefined);
  await session.disconnect();
  expect(await Promise.all(outcomes)).toMatchObject([{ code: 'ended' }]);
});

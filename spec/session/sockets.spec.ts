import { describe, expect, test } from 'vitest';
import type { SoraTerminatedError } from '../../src/session/terminated-error.ts';
import { type SessionRig, elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const urls = ['wss://dead.test/signaling', 'wss://slow.test/signaling', 'wss://good.test/signaling'];
const several = (options: object = {}): SessionRig => rig({ start: 'opening', options: { signalingUrl: urls, ...options } });

describe('several signaling URLs (Q49, Q52)', () => {
  test('all are tried at once, and the first that opens is the only one that is spoken to', () => {
    const r = several();
    const { fake } = r;
    expect(fake.sockets.map(({ url }) => url)).toEqual(urls);
    fake.sockets[0]!.remote.error();
    fake.sockets[0]!.remote.close(1006);
    fake.sockets[2]!.remote.open();
    expect(fake.sent.map(({ via }) => via)).toEqual(['websocket']);
    // The dead one has closed by itself.
    expect(fake.sockets.map(({ closeCalls }) => closeCalls.length)).toEqual([0, 1, 0]);
    expect(r.sent('connect')).toHaveLength(1);
  });

  test('a loser is closed with 1000 and without a word, and never counts again', () => {
    const { fake, session, terminations, sora } = several();
    fake.sockets[2]!.remote.open();
    expect(fake.sockets[1]!.closeCalls).toEqual([{ at: 0, code: 1000, reason: undefined, readyState: 0 }]);
    fake.sockets[1]!.fire('open');
    fake.sockets[1]!.fire('message', { data: JSON.stringify({ type: 'offer' }) });
    fake.sockets[1]!.remote.close(4490, 'LAB');
    elapse();
    expect(terminations).toEqual([]);
    expect(session.peerConnection).toBeNull();
    expect(fake.sent).toHaveLength(1);
    expect(sora.socket).toBe(fake.sockets[2]);
  });

  test('two that open in one tick: the first counts', () => {
    const { fake } = several();
    fake.sockets[1]!.remote.open();
    fake.sockets[2]!.fire('open');
    expect(fake.sockets.map(({ closeCalls }) => closeCalls.length)).toEqual([1, 0, 1]);
    expect(fake.sent).toHaveLength(1);
  });

  test('each has three seconds to open; one that takes longer is given up although it opens later', () => {
    const { fake, terminations } = several();
    elapse(2999);
    expect(fake.sockets.map(({ closeCalls }) => closeCalls.length)).toEqual([0, 0, 0]);
    fake.sockets[1]!.remote.open();
    elapse(10_000);
    expect(fake.sockets.map(({ closeCalls }) => closeCalls.length)).toEqual([1, 0, 1]);
    expect(terminations).toEqual([]);
  });

  test('all are too slow: the connection did not come up, at the limit', () => {
    const r = several();
    elapse(3000);
    expect(r.termination).toMatchObject({ kind: 'connect-timeout', during: 'opening', causeAt: 3000 });
    expect(r.fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });

  test('the last to fail is the reason, the others are told beside it', () => {
    const r = several();
    r.fake.sockets[0]!.remote.error();
    r.fake.sockets[0]!.remote.close(1006);
    r.fake.sockets[1]!.remote.close(4490, 'LAB-FULL');
    elapse();
    expect(r.terminations).toEqual([]);
    r.fake.sockets[2]!.remote.close(4400, 'LAB-NO');
    elapse();
    expect(r.termination).toMatchObject({
      kind: 'server-close',
      code: 4400,
      phase: 'opening',
      trailing: [
        { source: 'websocket', what: 'error', detail: urls[0] },
        { source: 'websocket', what: 'close', detail: urls[1] },
      ],
    });
  });

  test('a URL that the platform refuses is one that has failed', () => {
    const r = rig({
      start: 'opening',
      options: { signalingUrl: urls },
      before: ({ fake }) => fake.scripts.webSocket.next('new', { throws: new Error("The URL 'wss://dead.test/?token=SECRET' is invalid") }),
    });
    expect(r.fake.sockets.map(({ url }) => url)).toEqual(urls.slice(1));
    r.fake.sockets[0]!.remote.open();
    expect(r.sent('connect')).toHaveLength(1);
  });

  test('the only one that the platform refuses is an internal error', () => {
    const r = rig({
      start: 'opening',
      before: ({ fake }) => fake.scripts.webSocket.next('new', { throws: new Error("The URL 'wss://a.test/?token=SECRET' is blocked") }),
    });
    elapse();
    expect(r.termination).toMatchObject({
      kind: 'internal-error',
      where: 'websocket',
      message: "The URL 'wss://a.test/' is blocked",
      phase: 'opening',
    });
  });

  test('a single URL has no limit of its own', () => {
    const { fake, terminations } = rig({ start: 'opening' });
    elapse(59_999);
    expect(terminations).toEqual([]);
    fake.sockets[0]!.remote.open();
    expect(fake.sent).toHaveLength(1);
  });

  test('a URL that is given twice is tried once', () => {
    expect(several({ signalingUrl: [urls[0]!, urls[0]!] }).fake.sockets).toHaveLength(1);
  });
});

describe('which URL was contacted, and which connected', () => {
  test('after a redirect they differ', async () => {
    const r = rig({ start: 'signaling' });
    const connecting = r.session.connect();
    r.play('rx.redirect wss://two.sora.test/signaling', 'ws.open', 'rx.offer', 'pc connected');
    await expect(connecting).resolves.toMatchObject({
      contactUrl: 'wss://one.sora.test/signaling',
      connectedUrl: 'wss://two.sora.test/signaling',
    });
  });

  test('of several candidates it is the one that opened', async () => {
    const r = several();
    const connecting = r.session.connect();
    r.fake.sockets[1]!.remote.open();
    r.receive(r.sora.offer());
    r.sora.peerConnection.remote.connect();
    await expect(connecting).resolves.toMatchObject({ contactUrl: urls[1], connectedUrl: urls[1] });
  });
});

describe('redirect (Q50)', () => {
  const redirect = (r: SessionRig, location: string): void => {
    r.receive({ type: 'redirect', location });
  };
  const follow = (r: SessionRig, location: string): void => {
    const before = r.fake.sockets.length;
    r.fake.sockets[before - 1]!.fire('message', { data: JSON.stringify({ type: 'redirect', location }) });
    elapse();
    r.fake.sockets[before]?.remote.open();
  };

  test('drops the old socket without a word and says connect to the new one, with the same members and a flag', () => {
    const r = rig({ start: 'signaling', options: { metadata: { access_token: 'T' } } });
    follow(r, 'wss://two.sora.test/signaling');
    const [first, second] = r.sent('connect');
    expect(second).toEqual({ ...first, redirect: true });
    expect(r.fake.sockets[0]!.closeCalls).toHaveLength(1);
    r.fake.sockets[0]!.remote.close(1000, 'REDIRECTED');
    elapse();
    expect(r.terminations).toEqual([]);
    expect(r.fake.sockets[0]!.listenerCount).toBe(0);
  });

  test('returns the state to opening', () => {
    const r = rig({ start: 'idle' });
    const states = r.collect(r.session.state$);
    r.connect();
    r.play('ws.open', 'rx.redirect', 'ws.open', 'rx.offer');
    expect(states).toEqual(['idle', 'opening', 'signaling', 'opening', 'signaling', 'negotiating']);
  });

  test('five hops are followed, the sixth is not', () => {
    const r = rig({ start: 'signaling' });
    for (let hop = 1; hop <= 5; hop += 1) follow(r, `wss://node${hop}.sora.test/signaling`);
    expect(r.terminations).toEqual([]);
    expect(r.sent('connect')).toHaveLength(6);
    follow(r, 'wss://node6.sora.test/signaling');
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'unexpected-message', phase: 'signaling' });
    expect(r.fake.sockets).toHaveLength(6);
  });

  test.each([
    ['to itself', 'wss://one.sora.test/signaling', 'unexpected-message'],
    ['to itself, written differently', 'WSS://ONE.sora.test:443/signaling', 'unexpected-message'],
    ['from wss to ws', 'ws://two.sora.test/signaling', 'unexpected-message'],
    ['to another protocol', 'https://two.sora.test/signaling', 'schema'],
    ['to no URL', 'two.sora.test', 'schema'],
    ['to a URL with a fragment', 'wss://two.sora.test/signaling#x', 'schema'],
  ])('%s is not followed', (_, location, what) => {
    const r = rig({ start: 'signaling' });
    redirect(r, location);
    elapse();
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what });
    expect(r.fake.sockets).toHaveLength(1);
  });

  test('a URL in capitals is wss as well', () => {
    const r = rig({ start: 'signaling', options: { signalingUrl: 'WSS://one.sora.test/signaling' } });
    redirect(r, 'ws://two.sora.test/signaling');
    elapse();
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid' });
  });

  test('a loop over several nodes is seen', () => {
    const r = rig({ start: 'signaling' });
    follow(r, 'wss://two.sora.test/signaling');
    follow(r, 'wss://three.sora.test/signaling');
    follow(r, 'wss://two.sora.test/signaling');
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'unexpected-message' });
  });

  test('from ws to ws and to wss is fine', () => {
    const r = rig({ start: 'signaling', options: { signalingUrl: 'ws://one.sora.test/signaling' } });
    follow(r, 'ws://two.sora.test/signaling');
    follow(r, 'wss://three.sora.test/signaling');
    expect(r.terminations).toEqual([]);
    expect(r.sent('connect')).toHaveLength(3);
  });

  test('after the offer it is ignored (Q64)', () => {
    const r = rig({ start: 'negotiating' });
    redirect(r, 'wss://two.sora.test/signaling');
    elapse();
    expect(r.fake.sockets).toHaveLength(1);
    expect(r.terminations).toEqual([]);
  });
});

describe('connectionMs fires in each phase', () => {
  test.each([
    ['opening', [], 'opening', null],
    ['signaling', ['ws.open'], 'signaling', null],
    ['negotiating', ['ws.open', 'rx.offer'], 'negotiating', { reason: 'INTERNAL-ERROR', via: 'websocket', ok: true }],
    ['opening again after a redirect', ['ws.open', 'rx.redirect'], 'opening', null],
  ])('%s', (_, words, during, sent) => {
    const r = rig({ start: 'opening', options: { timeouts: { connectionMs: 5000 } } });
    r.play(...words);
    elapse(4999);
    expect(r.terminations).toEqual([]);
    elapse(1);
    expect(r.termination).toMatchObject({ kind: 'connect-timeout', during, causeAt: 5000, sent });
    expect(r.fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });

  test('while metadata is waited for, although the socket is open', () => {
    const r = rig({ start: 'opening', options: { metadata: () => new Promise(() => undefined), timeouts: { connectionMs: 5000 } } });
    r.play('ws.open');
    elapse(5000);
    expect(r.termination).toMatchObject({ kind: 'connect-timeout', during: 'opening', sent: null });
  });

  test('not once connected, and never when it is switched off', async () => {
    const connected = rig({ options: { timeouts: { connectionMs: 5000 } } });
    const patient = rig({ start: 'opening', options: { timeouts: { connectionMs: 0 } } });
    await pass(3_600_000);
    expect([connected.terminations, patient.terminations]).toEqual([[], []]);
  });

  test('the promise of connect() rejects with the very value', async () => {
    const r = rig({ start: 'opening', options: { timeouts: { connectionMs: 5000 } } });
    const connecting = outcome(r.session.connect());
    await pass(5001);
    expect(((await connecting) as SoraTerminatedError).termination).toBe(r.termination);
  });
});

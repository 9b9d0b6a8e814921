import { describe, expect, test } from 'vitest';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import { elapse, rig, useVirtualTime } from '../support/session-rig.ts';

/* What a server, or whoever stands in its place, may send although nobody asked for it. */

useVirtualTime();

describe('a message that is not acted on may have any shape (Q64, Q65)', () => {
  test.each<[string, 'W' | 'M' | 'D', 'signaling' | 'connected' | 'switched', object, string | null]>([
    ['a redirect after the offer', 'W', 'connected', { type: 'redirect' }, null],
    ['a notify before it', 'W', 'signaling', { type: 'notify' }, null],
    ['a re-offer before it', 'W', 'signaling', { type: 're-offer' }, null],
    ['a second switched', 'M', 'switched', { type: 'switched', ignore_disconnect_websocket: 1 }, null],
    ['a redirect over a channel', 'D', 'switched', { type: 'redirect' }, 'signaling'],
    ['a switched over a channel', 'D', 'switched', { type: 'switched', ignore_disconnect_websocket: 1 }, 'signaling'],
  ])('%s', (_, mode, start, message, label) => {
    const r = rig({ mode, start });
    const seen = r.collect(r.session.signaling$);
    r.receive(message, label);
    elapse(1000);
    expect(r.terminations).toEqual([]);
    expect(seen).toMatchObject([{ direction: 'received', message }]);
  });

  test('one that is acted on may not', () => {
    const r = rig({ start: 'signaling' });
    r.receive({ type: 'redirect' });
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'schema' });
  });
});

describe('an offer before connect was sent (P09)', () => {
  test('is answered by nobody', async () => {
    let done: (token: string) => void = () => undefined;
    const metadata = (): Promise<string> => new Promise((resolve) => (done = resolve));
    const r = rig({ start: 'idle', options: { metadata } });
    r.connect();
    r.play('ws.open');
    r.receive(r.sora.offer());
    expect(r.traffic).toEqual([]);
    done('token');
    await Promise.resolve();
    await Promise.resolve();
    expect(r.traffic).toEqual(['websocket connect']);
    r.receive(r.sora.offer());
    expect(r.traffic.slice(0, 2)).toEqual(['websocket connect', 'websocket answer']);
  });

  test('leaves disconnect() nothing to say', () => {
    const r = rig({ start: 'idle', options: { metadata: () => new Promise(() => undefined) } });
    r.connect();
    r.play('ws.open');
    r.receive(r.sora.offer());
    void r.session.disconnect();
    expect(r.termination).toMatchObject({ kind: 'client-disconnect', outcome: 'immediate', phase: 'opening', sent: null });
    expect(r.traffic).toEqual([]);
  });
});

describe('a disconnect timeout of 0 (Q33, Q81)', () => {
  test('loses no message that takes a while to inflate', () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true }, options: { timeouts: { disconnectMs: 0 } } });
    const held = r.fake.scripts.decompression.hold('transform');
    const pushed = r.collect(r.session.push$);
    r.sora.channel('signaling')!.remote.message(fakeDeflate('{"type":"push"}'));
    r.sora.channel('signaling')!.remote.message(fakeDeflate('{"type":"close","code":1000,"reason":"DONE"}'));
    elapse(8);
    expect(pushed).toEqual([]);
    held.release();
    expect(pushed).toEqual([{ type: 'push' }]);
    expect(r.termination).toMatchObject({ kind: 'server-close', code: 1000, reason: 'DONE', endedAt: 8 });
  });

  test('gives it up once a channel has ended behind it', () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true }, options: { timeouts: { disconnectMs: 0 } } });
    r.fake.scripts.decompression.hold('transform');
    r.sora.channel('signaling')!.remote.message(fakeDeflate('{"type":"close","code":1000,"reason":"DONE"}'));
    elapse(8);
    r.play('dc.close *');
    elapse(501);
    expect(r.termination).toMatchObject({ kind: 'datachannel-closed', label: 'signaling' });
  });
});

describe('texts of a Termination', () => {
  test('are bounded in trailing (Q74)', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    const label = `#${'x'.repeat(60_000)}`;
    const channel = r.fake.peerConnection!.remote.dataChannel(label);
    void r.session.disconnect();
    channel.remote.close();
    elapse(3000);
    const details = r.termination.trailing.map(({ detail }) => detail?.length);
    expect(Math.max(...details.map(Number))).toBe(1024);
  });

  test('survive JSON with a code of -0 (P29)', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    r.receive('{"type":"close","code":-0,"reason":""}', 'signaling');
    expect(r.termination).toMatchObject({ kind: 'server-close', code: 0 });
    expect(JSON.parse(JSON.stringify(r.termination))).toEqual(r.termination);
  });
});

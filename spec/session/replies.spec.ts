import { describe, expect, test } from 'vitest';
import { elapse, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const stats = [
  { id: 'T', type: 'transport' },
  { id: 'P', type: 'peer-connection' },
];

describe('ping', () => {
  test('every one gets its pong, with statistics where it asks for them', () => {
    const r = rig();
    r.sora.peerConnection.stats = stats;
    r.play('rx.ping', 'rx.ping F', 'rx.ping T');
    expect(r.sent('pong')).toEqual([{ type: 'pong' }, { type: 'pong' }, { type: 'pong', stats }]);
  });

  test('over the transport that it came by', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    r.receive({ type: 'ping' }).receive({ type: 'ping' }, 'signaling').receive({ type: 'ping' }, 'stats');
    expect(r.traffic.slice(-3)).toEqual(['websocket pong', 'signaling pong', 'stats pong']);
  });

  test('before the offer is none of ours (Q64)', () => {
    const r = rig({ start: 'signaling' });
    r.play('rx.ping');
    expect(r.sent('pong')).toEqual([]);
  });

  test('statistics that cannot be had are left out, and the pong is sent', () => {
    const r = rig();
    r.fake.scripts.peerConnection.next('getStats', { rejects: new Error('no') });
    r.play('rx.ping T');
    expect(r.sent('pong')).toEqual([{ type: 'pong' }]);
  });

  test('statistics that take their time hold up no other pong', () => {
    const r = rig();
    const held = r.fake.scripts.peerConnection.hold('getStats');
    r.play('rx.ping T', 'rx.ping');
    expect(r.sent('pong')).toEqual([{ type: 'pong' }]);
    held.release();
    expect(r.sent('pong')).toEqual([{ type: 'pong' }, { type: 'pong', stats: [] }]);
  });

  test('a pong that cannot be sent ends nothing', () => {
    const r = rig();
    r.fake.scripts.webSocket.next('send', { throws: new Error('no') });
    r.play('rx.ping');
    elapse();
    expect(r.terminations).toEqual([]);
    r.play('rx.ping');
    expect(r.sent('pong')).toHaveLength(1);
  });
});

describe('req-stats', () => {
  test('is answered on its channel', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    r.sora.peerConnection.stats = stats;
    r.play('rx.req-stats');
    expect(r.traffic.at(-1)).toBe('stats stats');
    expect(r.sent('stats')).toEqual([{ type: 'stats', reports: stats }]);
  });

  test('compressed where the channel is', () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true } });
    r.sora.peerConnection.stats = stats;
    r.receive({ type: 'req-stats' }, 'stats');
    expect(r.fake.sent.at(-1)!.data).toBeInstanceOf(Uint8Array);
    expect(r.sent('stats')).toEqual([{ type: 'stats', reports: stats }]);
  });

  test('an answer that cannot be sent ends nothing', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    r.sora.channel('stats')!.script.next('send', { throws: new Error('no') });
    r.play('rx.req-stats', 'rx.req-stats');
    elapse();
    expect([r.sent('stats').length, r.terminations]).toEqual([1, []]);
  });

  test('without statistics the list is empty', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    r.fake.scripts.peerConnection.next('getStats', { throws: new Error('no') });
    r.play('rx.req-stats');
    expect(r.sent('stats')).toEqual([{ type: 'stats', reports: [] }]);
  });
});

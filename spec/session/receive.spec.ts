import { deflateSync } from 'node:zlib';
import type { Observable } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { networkStatus } from '../../src/layers/network-status.ts';
import { receivedLayers } from '../../src/layers/received-layers.ts';
import { spotlight } from '../../src/layers/spotlight.ts';
import { roster } from '../../src/roster/roster.ts';
import type { SignalingTraffic } from '../../src/session/session.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import { type TimelineEntry, timeline } from '../../src/timeline/timeline.ts';
import { type RigSetup, type SessionRig, elapse, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const traffic = (r: SessionRig): SignalingTraffic[] => r.collect(r.session.signaling$);
const recorded = (r: SessionRig): TimelineEntry[] => r.collect(timeline(r.session));

describe('what this version does not know', () => {
  test('unknown members are passed on as the server sent them', () => {
    const r = rig({ start: 'signaling' });
    const offers = r.collect(r.session.offer$);
    r.receive({ ...r.sora.offer(), colour: 'blue', version: 7 });
    expect(offers[0]).toMatchObject({ colour: 'blue', version: 7 });
    expect(r.sent('answer')).toHaveLength(1);
  });

  test('a message of an unknown type is passed on whole and has no effect (Q29)', () => {
    const r = rig();
    const [seen, entries] = [traffic(r), recorded(r)];
    r.receive({ type: 'weather', sun: true });
    elapse();
    expect(seen).toEqual([{ direction: 'received', transport: 'websocket', at: 0, message: { type: 'weather', sun: true } }]);
    expect(entries.at(-1)).toMatchObject({ source: 'signaling', what: 'weather', detail: { ignored: true } });
    expect(r.terminations).toEqual([]);
  });

  test('an unknown event of notify is passed on with all its members', () => {
    const r = rig();
    const notify = r.collect(r.session.notify$);
    r.receive({ type: 'notify', event_type: 'recording.started', file: 'x' });
    expect(notify).toEqual([{ type: 'notify', event_type: 'recording.started', file: 'x' }]);
  });

  test('a type that the server chose cannot fill the timeline', () => {
    const r = rig();
    const entries = recorded(r);
    r.receive({ type: 'x'.repeat(100_000) });
    expect(entries.at(-1)!.what.length).toBeLessThanOrEqual(129);
  });
});

describe('order', () => {
  test('signaling$ emits a message before the stream of its content does, whoever subscribed first', () => {
    const r = rig({ start: 'idle', mode: 'M' });
    const told: string[] = [];
    r.session.notify$.subscribe(() => told.push('notify$'));
    r.session.push$.subscribe(() => told.push('push$'));
    r.session.offer$.subscribe(() => told.push('offer$'));
    r.session.switched$.subscribe(() => told.push('switched$'));
    r.session.signaling$.subscribe(({ direction, message: { type } }) => {
      if (direction === 'received') told.push(type);
    });
    r.connect();
    r.sora.reach('switched', elapse);
    r.play('rx.notify', 'rx.push');
    expect(told).toEqual(['offer', 'offer$', 'switched', 'switched$', 'notify', 'notify$', 'push', 'push$']);
  });

  test('and says over which transport it came', () => {
    const r = rig({ mode: 'M' });
    const seen = traffic(r);
    r.play('rx.notify', 'rx.switched F', 'rx.notify', 'rx.push');
    expect(seen.map(({ message: { type }, transport, label }) => [type, transport, label])).toEqual([
      ['notify', 'websocket', undefined],
      ['switched', 'websocket', undefined],
      ['notify', 'datachannel', 'notify'],
      ['push', 'datachannel', 'push'],
    ]);
  });

  test('what was sent is there as well', () => {
    const r = rig({ start: 'opening' });
    const seen = traffic(r);
    r.play('ws.open');
    expect(seen).toMatchObject([{ direction: 'sent', transport: 'websocket', message: { type: 'connect' } }]);
  });
});

describe('malformed messages', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

  test.each([
    ['text that is not JSON', '{"type":', 'parse'],
    ['JSON of more than 16 MiB', JSON.stringify({ type: 'notify', event_type: 'x', y: 'y'.repeat(16 * 1024 * 1024) }), 'parse'],
    ['an array', '[]', 'schema'],
    ['an object without a type', '{}', 'schema'],
    ['a re-offer without its sdp', '{"type":"re-offer"}', 'schema'],
  ])('on the WebSocket %s ends the session (T25, Q65)', (_, text, what) => {
    const r = rig();
    r.receive(text);
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what, sent: null });
  });

  test('a push of 8 MiB over the WebSocket is received', () => {
    const r = rig();
    const pushed = r.collect(r.session.push$);
    r.receive({ type: 'push', data: { text: 'x'.repeat(8 * 1024 * 1024) } });
    elapse();
    expect([pushed.length, r.terminations]).toEqual([1, []]);
  });

  test('so does a binary frame', () => {
    const r = rig();
    r.sora.socket.fire('message', { data: bytes('{"type":"ping"}').buffer });
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'parse' });
  });

  test.each([
    ['text that is not JSON', false, '{"type":'],
    ['text where it is compressed', true, '{"type":"ping"}'],
    ['a broken stream', true, bytes('no zlib')],
    ['a compressed text that is not JSON', true, fakeDeflate('{')],
    ['bytes that are not UTF-8', false, new Uint8Array([0xff, 0xfe])],
  ])('on the channel signaling %s does too', (_, compress, data) => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress } });
    r.sora.channel('signaling')!.remote.message(data);
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'parse', sent: null });
  });

  test.each(['notify', 'push', 'stats'])('on %s it is dropped with an entry in the timeline, and the session goes on (Q65)', (label) => {
    const r = rig({ mode: 'D', start: 'switched' });
    const entries = recorded(r);
    r.receive('{"type":', label).receive('[]', label);
    elapse();
    expect(entries.filter(({ what }) => what === 'dropped').map(({ detail }) => detail)).toEqual([
      { label, why: 'parse' },
      { label, why: 'schema' },
    ]);
    expect(r.terminations).toEqual([]);
  });

  test('the channels of the server take binary and text alike', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    const pushed = r.collect(r.session.push$);
    r.sora.channel('push')!.remote.message(bytes('{"type":"push","data":{"a":1}}'));
    r.sora.channel('push')!.remote.message('{"type":"push","data":{"a":2}}');
    expect(pushed.map(({ data }) => data)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test('a message on the wrong label is recorded and has no effect', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    const [pushed, entries] = [r.collect(r.session.push$), recorded(r)];
    r.receive({ type: 'push', data: {} }, 'stats');
    expect(pushed).toEqual([]);
    expect(entries.at(-1)).toMatchObject({ what: 'push', detail: { label: 'stats', ignored: true } });
  });
});

describe('notify with members of a wrong type', () => {
  test.each<[string, object]>([
    ['a list of members that is a number', { event_type: 'connection.created', connection_id: 'A', data: 5 }],
    ['a list of members that contains null', { event_type: 'connection.created', connection_id: 'A', data: [null, 'x'] }],
    ['a connection id that is an object', { event_type: 'connection.updated', connection_id: { toString: 1 } }],
    ['a sender that is an object', { event_type: 'simulcast.switched', sender_connection_id: { toString: 1, valueOf: 1 } }],
    ['a place that is an object', { event_type: 'spotlight.changed', spotlight_id: { toString: 1, valueOf: 1 }, connection_id: 'A' }],
  ])('%s ends nothing, and the streams that fold it go on', (_, members) => {
    const r = rig();
    const errors: unknown[] = [];
    for (const fold of [roster, spotlight, receivedLayers, networkStatus]) {
      (fold(r.session) as Observable<unknown>).subscribe({ error: (error: unknown) => errors.push(error) });
    }
    r.receive({ type: 'notify', ...members });
    elapse();
    expect([r.terminations, errors]).toEqual([[], []]);
  });
});

describe('bombs', () => {
  /** Inflates to 64 MiB. */
  const bomb = new Uint8Array(deflateSync(new Uint8Array(64 * 1024 * 1024)));
  const real: RigSetup = {
    mode: 'D',
    start: 'switched',
    sora: { compress: true, labels: ['#chat'] },
    wrap: (platform) => ({ ...platform, DecompressionStream: globalThis.DecompressionStream }),
  };

  test('on a label of the application it is dropped', async () => {
    const r = rig(real);
    vi.useRealTimers();
    const messages = r.collect(r.session.messages());
    const dropped = new Promise<TimelineEntry>((resolve) => {
      timeline(r.session).subscribe((entry) => {
        if (entry.what === 'dropped') resolve(entry);
      });
    });
    r.sora.channel('#chat')!.remote.message(bomb);
    expect(await dropped).toMatchObject({ detail: { label: '#chat', why: 'undecodable' } });
    expect([messages, r.terminations]).toEqual([[], []]);
  });

  test('on signaling it ends the session (T25)', async () => {
    const r = rig(real);
    vi.useRealTimers();
    const ended = new Promise((resolve) => {
      r.session.termination$.subscribe(resolve);
    });
    r.sora.channel('signaling')!.remote.message(bomb);
    expect(await ended).toMatchObject({ kind: 'signaling-invalid', what: 'parse' });
  });

  test('a message that never inflates holds up the end of a channel for a while only, and is noted (Q33)', () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true } });
    const entries = recorded(r);
    r.fake.scripts.decompression.hold('transform');
    r.sora.channel('signaling')!.remote.message(fakeDeflate('{"type":"ping"}'));
    r.sora.channel('stats')!.remote.close();
    elapse(3000 + 500);
    expect(entries).toContainEqual({
      at: 3000,
      source: 'datachannel',
      what: 'dropped',
      detail: { label: 'signaling', why: 'late' },
    });
    expect(r.terminations).toMatchObject([{ kind: 'datachannel-closed', label: 'stats', causeAt: 3000, endedAt: 3500 }]);
  });
});

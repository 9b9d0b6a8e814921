import { deflateSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import type { SignalingTraffic } from '../../src/session/session.ts';
import type { TimelineEntry } from '../../src/timeline/timeline.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import { type RigSetup, type SessionRig, elapse, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

const traffic = (r: SessionRig): SignalingTraffic[] => r.collect(r.session.signaling$);
const timeline = (r: SessionRig): TimelineEntry[] => r.collect(timeline(r.session));

describe('drift from the documents is a value, not a crash', () => {
  test('unknown members and members of a wrong type are named on signaling$ and kept out of the way', () => {
    const r = rig({ start: 'signaling' });
    const seen = traffic(r);
    r.receive({ ...r.sora.offer(), colour: 'blue', spotlight: 'yes' });
    const { message, drift } = seen.find(({ message: { type } }) => type === 'offer')!;
    expect(drift).toEqual(['offer.spotlight: boolean expected', 'offer.colour: unknown member']);
    expect(message).toMatchObject({ colour: 'blue' });
    expect(message).not.toHaveProperty('spotlight');
    expect(r.sent('answer')).toHaveLength(1);
  });

  test('a message as documented has none', () => {
    const r = rig();
    const seen = traffic(r);
    r.play('rx.notify', 'rx.ping');
    expect(seen.filter(({ direction }) => direction === 'received').map(({ drift }) => drift)).toEqual([undefined, undefined]);
  });

  test('an unknown type is handed on whole and acted on by nobody (Q29)', () => {
    const r = rig();
    const [seen, notes] = [traffic(r), timeline(r)];
    r.receive({ type: 'weather', sun: true });
    elapse();
    expect(seen).toEqual([
      { direction: 'received', transport: 'websocket', at: 0, message: { type: 'weather', sun: true }, drift: ['weather: unknown type'] },
    ]);
    expect(notes.at(-1)).toMatchObject({ source: 'signaling', what: 'weather', detail: { unknown: true } });
    expect(r.terminations).toEqual([]);
  });

  test('an unknown event of notify is kept, with the words of its arm', () => {
    const r = rig();
    const [notify, seen] = [r.collect(r.session.notify$), traffic(r)];
    r.receive({ type: 'notify', event_type: 'recording.started', file: 'x' });
    expect(notify).toEqual([{ type: 'notify', event_type: 'recording.started', file: 'x' }]);
    expect(seen[0]!.drift).toEqual(['notify.event_type: unknown event']);
  });

  test('a word of the server’s choosing cannot fill the timeline', () => {
    const r = rig();
    const notes = timeline(r);
    r.receive({ type: 'x'.repeat(100_000) });
    expect(notes.at(-1)!.what.length).toBeLessThanOrEqual(129);
  });
});

describe('order', () => {
  test('signaling$ tells a message before the stream of its content does, whoever subscribed first', () => {
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
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`;

  test.each([
    ['no JSON', '{"type":', 'parse'],
    ['JSON nested too deeply', `{"type":"notify","event_type":"x","y":${deep}}`, 'parse'],
    ['JSON that is too long', JSON.stringify({ type: 'notify', event_type: 'x', y: 'y'.repeat(4 * 1024 * 1024) }), 'parse'],
    ['no object', '[]', 'schema'],
    ['no type', '{}', 'schema'],
    ['a message that is acted on without its members', '{"type":"re-offer"}', 'schema'],
  ])('on the WebSocket %s ends the session (T25, Q65)', (_, text, what) => {
    const r = rig();
    r.receive(text);
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what, sent: null });
  });

  test('so does a binary frame', () => {
    const r = rig();
    r.sora.socket.fire('message', { data: bytes('{"type":"ping"}').buffer });
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'parse' });
  });

  test.each([
    ['no JSON', false, '{"type":'],
    ['text where it is compressed', true, '{"type":"ping"}'],
    ['a broken stream', true, bytes('no zlib')],
    ['a compressed text that is no JSON', true, fakeDeflate('{')],
    ['bytes that are no UTF-8', false, new Uint8Array([0xff, 0xfe])],
  ])('on the channel signaling %s does too', (_, compress, data) => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress } });
    r.sora.channel('signaling')!.remote.message(data);
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'parse', sent: null });
  });

  test.each(['notify', 'push', 'stats'])('on %s it is dropped with a note, and the next one is heard', (label) => {
    const r = rig({ mode: 'D', start: 'switched' });
    const notes = timeline(r);
    r.receive('{"type":', label).receive('[]', label).receive(deep, label);
    elapse();
    expect(notes.filter(({ what }) => what === 'invalid').map(({ detail }) => detail)).toMatchObject([
      { label, why: 'parse' },
      { label, why: 'schema' },
      { label, why: 'parse' },
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

  test('messages on the wrong label are noted and not acted on', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    const [pushed, notes] = [r.collect(r.session.push$), timeline(r)];
    r.receive({ type: 'push', data: {} }, 'stats');
    expect(pushed).toEqual([]);
    expect(notes.at(-1)).toMatchObject({ what: 'push', detail: { label: 'stats', admission: 'ignore' } });
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

  test('a message that never inflates holds up the channel signaling for a while only, and is noted (Q33)', () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true } });
    const notes = timeline(r);
    r.fake.scripts.decompression.hold('transform');
    r.sora.channel('signaling')!.remote.message(fakeDeflate('{"type":"ping"}'));
    r.sora.channel('signaling')!.remote.message(fakeDeflate('{"type":"ping"}'));
    elapse(2999);
    expect(r.sent('pong')).toEqual([]);
    elapse(1);
    expect(r.sent('pong')).toHaveLength(1);
    expect(notes).toContainEqual({ at: 3000, source: 'datachannel', what: 'dropped', detail: { label: 'signaling', why: 'undecodable' } });
    expect(r.terminations).toEqual([]);
  });
});

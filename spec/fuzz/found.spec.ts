import { expect, test } from 'vitest';
import { timeline } from '../../src/index.ts';
import { nothingLeft } from '../support/nothing-left.ts';
import { elapse, rig, useVirtualTime } from '../support/session-rig.ts';

// What fuzzing has found, each with the shortest way there.

useVirtualTime();

test('an event without its object breaks no stream', () => {
  const session = rig({ mode: 'M', start: 'switched' });
  const ends: string[] = [];
  timeline(session.session).subscribe({ error: () => ends.push('error'), complete: () => ends.push('complete') });
  const { peerConnection } = session.sora;
  for (const type of ['datachannel', 'track', 'icecandidate']) peerConnection.fire(type);
  expect(ends).toEqual([]);
  expect(session.terminations).toEqual([]);
  session.play('pc failed');
  elapse();
  expect(ends).toEqual(['complete']);
  nothingLeft(session);
});

test('a channel whose state cannot be read breaks no stream, and its listeners go (P16, P22)', () => {
  const session = rig({ mode: 'M', start: 'switched', sora: { labels: ['#chat'] } });
  const lists: unknown[] = [];
  const ends: string[] = [];
  session.session.dataChannels$.subscribe({
    next: (list) => lists.push(list),
    error: () => ends.push('error'),
    complete: () => ends.push('complete'),
  });
  session.fake.scripts.dataChannel.always('readyState', { throws: new Error('a getter threw') });
  session.play('dc.open #chat');
  expect(lists.at(-1)).toEqual([]);
  session.play('pc failed');
  elapse();
  expect(ends).toEqual(['complete']);
  nothingLeft(session);
});

test('who subscribes to dataChannels$ late hears that a channel has closed', () => {
  const session = rig({ mode: 'M', start: 'switched', sora: { labels: ['#chat'] } });
  const lists: number[] = [];
  session.session.dataChannels$.subscribe((list) => lists.push(list.length));
  session.play('dc.close #chat');
  expect(lists).toEqual([1, 0]);
});

test('a socket whose state cannot be read is closed with its listeners (P16, P22)', () => {
  const session = rig({ start: 'idle' });
  session.fake.scripts.webSocket.always('readyState', { throws: new Error('a getter threw') });
  session.connect();
  session.session.disconnect().then(
    () => undefined,
    () => undefined,
  );
  elapse();
  expect(session.termination.kind).toBe('client-disconnect');
  nothingLeft(session);
});

test('an error event that names no cause of JSON gives a value that JSON keeps (P29)', () => {
  const session = rig({ mode: 'D', start: 'switched' });
  session.sora.channel('notify')?.remote.fail({ sctpCauseCode: NaN });
  elapse(500);
  expect(session.termination).toMatchObject({ kind: 'datachannel-error', label: 'notify' });
  expect(JSON.parse(JSON.stringify(session.termination))).toEqual(session.termination);
});

test('a channel that comes between the closing and the value is closed, though the peer connection did not close (P16)', () => {
  const session = rig({ mode: 'D', start: 'negotiating' });
  session.fake.scripts.peerConnection.always('close', { throws: new Error('no') });
  session.play('ws.error');
  expect(session.terminations).toEqual([]);
  const channel = session.sora.peerConnection.remote.dataChannel('push');
  elapse();
  expect(channel.closeCalls).toHaveLength(1);
  expect(session.terminations).toHaveLength(1);
});

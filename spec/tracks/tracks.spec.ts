import { describe, expect, test, vi } from 'vitest';
import { replaceTrack } from '../../src/tracks/replace-track.ts';
import { preferDegradation } from '../../src/tracks/degradation-preference.ts';
import { setMuted } from '../../src/tracks/mute.ts';
import { applyMediaStreamConstraints } from '../../src/tracks/apply-constraints.ts';
import { connect } from '../../src/session/connect.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import type { FakeTransceiver } from '../../src/testing/fake-transceiver.ts';
import { type RigSetup, type SessionRig, elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { encodingsOf, layers, simulcastBrowser, simulcastOffer } from '../support/simulcast-browser.ts';

useVirtualTime();

/** A fake where the W3C's type is asked for. */
const native = (fake: unknown): never => fake as never;
const track = (kind: 'audio' | 'video', id?: string): FakeMediaStreamTrack => new FakeMediaStreamTrack(kind, id);

/** A session that sends a microphone and a camera. */
const sending = (
  setup: RigSetup = {},
): { r: SessionRig; stream: FakeMediaStream; video: FakeMediaStreamTrack; transceiver: FakeTransceiver } => {
  const video = track('video', 'camera');
  const stream = new FakeMediaStream([track('audio', 'microphone'), video]);
  const r = rig({ ...setup, options: { stream: native(stream), ...setup.options } });
  return { r, stream, video, transceiver: r.sora.peerConnection.getTransceivers()[1]! };
};
const replace = (r: SessionRig, kind: 'audio' | 'video', by: FakeMediaStreamTrack | null): Promise<void> =>
  replaceTrack(r.session, kind, native(by));

describe('remote media', () => {
  const media = (stream: string, id: string, direction = 'sendonly'): string =>
    [
      'm=video 9 UDP/TLS/RTP/SAVPF 120',
      `a=mid:${id}`,
      `a=${direction}`,
      'a=rtpmap:120 VP9/90000',
      ...(direction === 'sendonly' ? [`a=msid:${stream} ${id}`] : []),
      '',
    ].join('\r\n');
  const reOffer = (...sections: readonly string[]): object => ({ type: 're-offer', sdp: ['v=0', ...sections].join('\r\n') });

  test('comes and goes by re-offers; own and default streams are left out', () => {
    const r = rig();
    const seen: string[] = [];
    r.session.track$.subscribe(({ connectionId, track: { kind } }) => seen.push(`+${connectionId} ${kind}`));
    r.session.removeTrack$.subscribe(({ connectionId }) => seen.push(`-${connectionId}`));
    const streams = r.collect(r.session.remoteStreams$);
    r.receive(reOffer(media('ALICE', 'a'), media('default', 'd'), media('FAKECONNECTION000000000000', 'o')));
    r.receive(reOffer(media('ALICE', 'a', 'inactive')));
    expect(seen).toEqual(['+ALICE video', '-ALICE']);
    expect(streams.map((now) => now.map(({ connectionId }) => connectionId))).toEqual([[], ['ALICE'], []]);
  });

  test('whoever comes late gets the streams that there are', () => {
    const r = rig();
    r.receive(reOffer(media('ALICE', 'a')));
    expect(r.collect(r.session.remoteStreams$)).toMatchObject([[{ connectionId: 'ALICE' }]]);
  });

  test('the streams complete with the session although tracks are there', () => {
    const r = rig();
    r.receive(reOffer(media('ALICE', 'a')));
    const over: string[] = [];
    r.session.track$.subscribe({ complete: () => over.push('track$') });
    r.session.removeTrack$.subscribe({ complete: () => over.push('removeTrack$') });
    r.session.remoteStreams$.subscribe({ complete: () => over.push('remoteStreams$') });
    r.play('pc failed');
    elapse();
    expect(over.sort()).toEqual(['remoteStreams$', 'removeTrack$', 'track$']);
  });
});

describe('replaceTrack()', () => {
  test('sends another track and keeps the local stream in step', async () => {
    const { r, stream, video, transceiver } = sending();
    const screen = track('video', 'screen');
    await replace(r, 'video', screen);
    expect(transceiver.sender.track).toBe(screen);
    expect(stream.getVideoTracks()).toEqual([screen]);
    expect([video.readyState, video.enabled]).toEqual(['live', true]);
    expect(r.sent()).toHaveLength(2);
  });

  test('removing a track switches it off, waits 100 ms, stops it, and then sends nothing', async () => {
    const { r, stream, video, transceiver } = sending();
    const removing = replace(r, 'video', null);
    expect([video.enabled, video.readyState, transceiver.sender.track]).toEqual([false, 'live', video]);
    await pass(99);
    expect(video.readyState).toBe('live');
    await pass(1);
    await removing;
    expect([video.readyState, transceiver.sender.track, stream.getVideoTracks()]).toEqual(['ended', null, []]);
  });

  test('what was asked for last is what stays', async () => {
    const { r, transceiver } = sending();
    const screen = track('video', 'screen');
    const both = Promise.all([replace(r, 'video', null), replace(r, 'video', screen)]);
    await pass(100);
    await both;
    expect(transceiver.sender.track).toBe(screen);
  });

  test('kinds do not wait for each other', async () => {
    const { r } = sending();
    const removing = replace(r, 'video', null);
    await replace(r, 'audio', track('audio', 'other'));
    await pass(100);
    await removing;
  });

  test('a track can be added where none was sent', async () => {
    const r = rig();
    const late = track('video', 'late');
    await replace(r, 'video', late);
    expect(r.sora.peerConnection.getTransceivers()[1]!.sender.track).toBe(late);
  });

  test('layers stay as the server wants them', async () => {
    const { r, transceiver } = sending({ wrap: simulcastBrowser, sora: { offer: simulcastOffer } });
    // A browser may lose them with the old track.
    await transceiver.sender.setParameters({ encodings: ['r2', 'r1', 'r0'].map((rid) => ({ rid, active: true })) });
    await replace(r, 'video', track('video', 'screen'));
    expect(encodingsOf(r.sora.peerConnection)).toEqual([...layers].reverse());
  });

  test.each([
    ['with the role recvonly', { options: { role: 'recvonly' } }],
    ['where the server wants none of this kind', { sora: { offer: { mid: {}, sdp: 'v=0\r\n' } } }],
  ] as const)('%s there is nothing that could send it', async (_, setup) => {
    const r = rig(setup);
    expect(await outcome(replace(r, 'video', track('video')))).toMatchObject({ name: 'SoraTrackError', code: 'no-sender' });
    expect(r.terminations).toEqual([]);
  });

  test('a browser that refuses is heard, and the next replacement is made', async () => {
    const { r, transceiver } = sending();
    const refused = new Error('no such kind');
    transceiver.sender.script.next('replaceTrack', { rejects: refused });
    expect(await outcome(replace(r, 'video', track('video')))).toBe(refused);
    const next = track('video', 'next');
    await replace(r, 'video', next);
    expect(transceiver.sender.track).toBe(next);
    expect(r.terminations).toEqual([]);
  });

  test('the end of the session settles what is under way and what comes after it, with the reason', async () => {
    const { r } = sending();
    const removing = outcome(replace(r, 'video', null));
    r.play('pc failed');
    await pass(1);
    expect(await removing).toMatchObject({ code: 'ended', termination: r.termination });
    expect(await outcome(replace(r, 'audio', track('audio')))).toMatchObject({ code: 'ended', termination: r.termination });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('replaceTrack() before the session stands (Q87)', () => {
  test('before connect() it is refused as not connected', async () => {
    const r = rig({ start: 'idle' });
    expect(await outcome(replace(r, 'video', track('video')))).toMatchObject({ name: 'SoraTrackError', code: 'not-connected' });
  });

  test('in the receiver of connect(), which gets the session before it starts, it waits for the sender', async () => {
    const fake = createFakePlatform();
    const sora = new FakeSora(fake, { mode: 'W' });
    const stream = new FakeMediaStream([track('video', 'camera')]);
    const options = { signalingUrl: 'wss://one.sora.test/signaling', channelId: 'sora', role: 'sendonly', audio: false } as const;
    const outcomes: Promise<unknown>[] = [];
    const calling = connect({ ...options, stream: native(stream), platform: fake.platform }).subscribe((session) => {
      outcomes.push(outcome(replaceTrack(session, 'video', native(track('video', 'screen')))));
    });
    await pass(0);
    sora.reach('connected', elapse);
    expect(await Promise.all(outcomes)).toEqual([undefined]);
    expect(sora.peerConnection.getSenders().map((sender) => sender.track?.id)).toContain('screen');
    calling.unsubscribe();
  });

  test.each(['opening', 'signaling'] as const)('while %s it waits for the sender', async (start) => {
    const r = rig({ start });
    const screen = track('video', 'screen');
    const replacing = replace(r, 'video', screen);
    r.sora.reach('connected', elapse);
    await replacing;
    expect(r.sora.peerConnection.getTransceivers()[1]!.sender.track).toBe(screen);
  });

  test('one that waits while connecting is refused when the session ends', async () => {
    const r = rig({ start: 'signaling' });
    const replacing = outcome(replace(r, 'video', track('video')));
    r.play('ws.close 4490');
    expect(await replacing).toMatchObject({ code: 'ended', termination: r.termination });
  });

  test('a replacement that is asked for in the call in which the answer is sent is made', async () => {
    const r = rig({ start: 'signaling' });
    const screen = track('video', 'screen');
    const made: Promise<void>[] = [];
    r.session.signaling$.subscribe(({ direction, message: { type } }) => {
      if (direction === 'sent' && type === 'answer') made.push(replace(r, 'video', screen));
    });
    r.play('rx.offer');
    await Promise.all(made);
    expect(r.sora.peerConnection.getTransceivers()[1]!.sender.track).toBe(screen);
  });
});

describe('a camera that is being taken away when the session ends', () => {
  test.each([
    ['the peer connection fails', (r: SessionRig) => r.play('pc failed')],
    ['the server closes', (r: SessionRig) => r.play('ws.close 1000')],
    ['the page goes away', (r: SessionRig) => r.play('pagehide')],
  ])('is stopped although %s within the 100 ms, and no timer is left', async (_, end) => {
    const { r, video } = sending();
    const removing = outcome(replace(r, 'video', null));
    await pass(50);
    expect(video.readyState).toBe('live');
    end(r);
    expect(video.readyState).toBe('ended');
    expect(await removing).toMatchObject({ code: 'ended', termination: r.termination });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a camera that was to be taken away while the session connects (Q87)', () => {
  const connecting = (): { r: SessionRig; stream: FakeMediaStream; video: FakeMediaStreamTrack } => {
    const video = track('video', 'camera');
    const stream = new FakeMediaStream([track('audio', 'microphone'), video]);
    return { r: rig({ start: 'signaling', options: { stream: native(stream) } }), stream, video };
  };

  test('is stopped with the end, and nothing else is', async () => {
    const { r, stream } = connecting();
    const taken = outcome(replace(r, 'video', null));
    void r.session.disconnect();
    elapse(3000);
    expect(await taken).toMatchObject({ code: 'ended' });
    expect(stream.getTracks().map(({ kind, readyState }) => [kind, readyState])).toEqual([
      ['audio', 'live'],
      ['video', 'ended'],
    ]);
  });

  test('so is one that was to take its place, and was to be taken away as well', async () => {
    const { r, video } = connecting();
    const [screen, last] = [track('video', 'screen'), track('video', 'last')];
    const outcomes = [screen, null, last].map((by) => outcome(replace(r, 'video', by)));
    void r.session.disconnect();
    elapse(3000);
    expect(await Promise.all(outcomes)).toMatchObject([{ code: 'ended' }, { code: 'ended' }, { code: 'ended' }]);
    expect([video, screen, last].map(({ readyState }) => readyState)).toEqual(['live', 'ended', 'live']);
  });
});

test('what is no session rejects, as everywhere', async () => {
  await expect(replaceTrack({} as never, 'video', null)).rejects.toThrow('not a session');
});

describe('preferDegradation()', () => {
  test('sets the parameter on the video sender, and keeps the others', async () => {
    const { r, transceiver } = sending();
    await preferDegradation(r.session, 'maintain-resolution');
    expect(transceiver.sender.getParameters()).toMatchObject({ degradationPreference: 'maintain-resolution', encodings: [{}] });
  });

  test('rejects with the refusal of a browser, and the session goes on', async () => {
    const { r, transceiver } = sending();
    const refused = new Error('no');
    transceiver.sender.script.next('setParameters', { rejects: refused });
    expect(await outcome(preferDegradation(r.session, 'balanced'))).toBe(refused);
    expect(r.terminations).toEqual([]);
  });

  test.each([
    ['before the offer', { start: 'signaling' }],
    ['before connect()', { start: 'idle' }],
    ['where the server wants no video', { sora: { offer: { mid: {}, sdp: 'v=0\r\n' } } }],
  ] as const)('%s it rejects with no-sender', async (_, setup) => {
    expect(await outcome(preferDegradation(rig(setup).session, 'balanced'))).toMatchObject({ name: 'SoraTrackError', code: 'no-sender' });
  });
});

describe('setMuted()', () => {
  test('switches the tracks of a kind off and on, without a word to the server', () => {
    const { r, stream } = sending();
    const sent = r.sent().length;
    setMuted(native(stream), 'audio', true);
    expect(stream.getTracks().map(({ enabled }) => enabled)).toEqual([false, true]);
    setMuted(native(stream), 'audio', false);
    expect(stream.getTracks().map(({ enabled }) => enabled)).toEqual([true, true]);
    expect(r.sent()).toHaveLength(sent);
  });
});

describe('applyMediaStreamConstraints()', () => {
  test('applies to the tracks of each kind, one after another', async () => {
    const calls: string[] = [];
    const of = (kind: 'audio' | 'video', id: string): FakeMediaStreamTrack => {
      const made = track(kind, id);
      made.applyConstraints = (constraints) => {
        calls.push(`${id} ${JSON.stringify(constraints)}`);
        return FakeMediaStreamTrack.prototype.applyConstraints.call(made, constraints);
      };
      return made;
    };
    const stream = new FakeMediaStream([of('video', 'v1'), of('audio', 'a1'), of('video', 'v2')]);
    await applyMediaStreamConstraints(native(stream), { audio: { echoCancellation: true }, video: { width: 320 } });
    expect(calls).toEqual(['a1 {"echoCancellation":true}', 'v1 {"width":320}', 'v2 {"width":320}']);
  });

  test.each([true, false, undefined])('%s leaves a kind alone', async (video) => {
    const made = track('video');
    await applyMediaStreamConstraints(native(new FakeMediaStream([made])), video === undefined ? {} : { video });
    expect(made.settings).toEqual({});
  });

  test('rejects with what the first track that cannot says', async () => {
    const made = track('video');
    const refused = new Error('OverconstrainedError');
    made.applyConstraints = () => Promise.reject(refused) as never;
    expect(await outcome(applyMediaStreamConstraints(native(new FakeMediaStream([made])), { video: {} }))).toBe(refused);
  });
});

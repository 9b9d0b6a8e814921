import { describe, expect, test, vi } from 'vitest';
import { timeline } from '../../src/timeline/timeline.ts';
import { replaceTrack } from '../../src/tracks/replace-track.ts';
import { setMuted } from '../../src/tracks/mute.ts';
import { applyMediaStreamConstraints } from '../../src/tracks/apply-constraints.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import type { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
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

  test('removing switches off, waits 100 ms, stops, and then sends nothing', async () => {
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
    ['before the offer', { start: 'signaling' }],
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

describe('what tracks are', () => {
  const hints: Partial<ConnectOptions> = { contentHint: { audio: 'speech', video: 'detail' } };

  test('content hints are set on the tracks of the stream and on replacements', async () => {
    const { r, stream } = sending({ options: hints });
    expect(stream.getTracks().map(({ contentHint }) => contentHint)).toEqual(['speech', 'detail']);
    const screen = track('video', 'screen');
    await replace(r, 'video', screen);
    expect(screen.contentHint).toBe('detail');
  });

  test('without hints tracks are left alone', () => {
    const video = track('video');
    video.contentHint = 'motion';
    const { stream } = sending({ options: { stream: native(new FakeMediaStream([video])) } });
    expect([video.contentHint, stream.getTracks()[0]!.contentHint]).toEqual(['motion', '']);
  });

  test('the degradation preference is set once the answer is out, and for replacements', async () => {
    const { r, transceiver } = sending({ options: { degradationPreference: 'maintain-resolution' } });
    expect(transceiver.sender.getParameters()).toMatchObject({ degradationPreference: 'maintain-resolution' });
    await transceiver.sender.setParameters({ encodings: [{}] });
    await replace(r, 'video', track('video', 'screen'));
    expect(transceiver.sender.getParameters()).toMatchObject({ degradationPreference: 'maintain-resolution' });
  });

  test('a browser that refuses the preference is noted and left alone', async () => {
    const { r, transceiver } = sending({ options: { degradationPreference: 'balanced' } });
    const timeline = r.collect(timeline(r.session));
    transceiver.sender.script.next('setParameters', { rejects: new Error('no') });
    await replace(r, 'video', track('video', 'screen'));
    expect(timeline.at(-1)).toMatchObject({ source: 'sdk', what: 'degradation-preference-refused' });

    const wrap: RigSetup['wrap'] = (platform) => {
      const Base = platform.RTCPeerConnection as unknown as typeof FakePeerConnection;
      class Refusing extends Base {
        override setLocalDescription(...parameters: Parameters<InstanceType<typeof Base>['setLocalDescription']>) {
          for (const { sender } of this.getTransceivers()) sender.script.always('setParameters', { rejects: new Error('no') });
          return super.setLocalDescription(...parameters);
        }
      }
      return { ...platform, RTCPeerConnection: native(Refusing) };
    };
    const refused = sending({ wrap, options: { degradationPreference: 'balanced' } }).r;
    expect(refused.collect(timeline(refused.session))).toContainEqual({ at: 0, source: 'sdk', what: 'degradation-preference-refused' });
    expect(refused.terminations).toEqual([]);
  });

  test('a role that sends nothing has no preference', () => {
    const r = rig({ options: { role: 'recvonly', degradationPreference: 'balanced' } });
    expect(r.sora.peerConnection.getTransceivers()[1]!.sender.getParameters()).not.toHaveProperty('degradationPreference');
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

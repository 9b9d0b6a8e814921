import { expect } from 'vitest';
import { replaceTrack } from '../../src/tracks/replace-track.ts';
import { applyMediaStreamConstraints, setMuted } from '../../src/index.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

parity(
  '1.11 tracks',
  'remote tracks come and go',
  { official: '`track`, `removetrack`', here: '`track$`, `removeTrack$` with the connection id; `remoteStreams$` as a state' },
  () => {
    const r = rig();
    const [come, gone, streams] = [r.collect(r.session.track$), r.collect(r.session.removeTrack$), r.collect(r.session.remoteStreams$)];
    const stream = new FakeMediaStream([], 'ALICE');
    const track = new FakeMediaStreamTrack('video');
    stream.gainTrack(track);
    r.sora.peerConnection.remote.track(track, [stream]);
    stream.loseTrack(track);
    expect([come[0]!.connectionId, gone[0]!.connectionId]).toEqual(['ALICE', 'ALICE']);
    expect(streams.map(({ length }) => length)).toEqual([0, 1, 0]);
  },
);

parity(
  '1.11 tracks',
  'remove and replace audio and video',
  { official: 'four methods, two deprecated ones', here: '`replaceTrack(session, kind, track or null)`, one after another per kind' },
  async () => {
    const [microphone, camera] = [new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')];
    const stream = new FakeMediaStream([microphone, camera]);
    const r = rig({ options: { stream: stream } });
    const other = new FakeMediaStreamTrack('audio');
    await replaceTrack(r.session, 'audio', other as never);
    const removing = replaceTrack(r.session, 'video', null);
    expect(camera.enabled).toBe(false);
    await pass(100);
    await removing;
    expect(r.sora.peerConnection.getSenders().map(({ track }) => track)).toEqual([other, null]);
    expect(stream.getTracks()).toEqual([other]);
  },
);

parity(
  '1.11 tracks',
  'mute',
  { official: 'the application sets `enabled`', here: '`setMuted(stream, kind, muted)` sets `enabled`' },
  () => {
    const stream = new FakeMediaStream([new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')]);
    setMuted(stream as never, 'audio', true);
    expect(stream.getTracks().map(({ enabled }) => enabled)).toEqual([false, true]);
  },
);

parity(
  '1.11 tracks',
  'constraints on a live stream',
  { official: '`helpers.applyMediaStreamConstraints`', here: '`applyMediaStreamConstraints`' },
  async () => {
    const track = new FakeMediaStreamTrack('video');
    await applyMediaStreamConstraints(new FakeMediaStream([track]) as never, { audio: true, video: { width: 320 } });
    expect(track.settings).toEqual({ width: 320 });
  },
);

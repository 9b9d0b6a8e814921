import { type Observable, ReplaySubject, concatMap, dematerialize, materialize, share, switchMap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { userMedia } from '../../src/media/user-media.ts';
import type { CallStep } from '../../src/reconnect/call-step.ts';
import { reconnect } from '../../src/reconnect/reconnect.ts';
import { fromCurrent } from '../../src/reconnect/views.ts';
import { connect } from '../../src/session/connect.ts';
import type { Session } from '../../src/session/session.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { SyncThenable } from '../../src/testing/sync-thenable.ts';
import { replaceTrack } from '../../src/tracks/replace-track.ts';
import { CallRig } from '../support/call-rig.ts';
import { nothingLeft } from '../support/nothing-left.ts';
import { pass, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

/** A fake where the W3C's type is asked for. */
const native = (fake: unknown): never => fake as never;

/** A call that sends a camera, and everything around it. */
class CameraCall {
  readonly rig = new CallRig();
  readonly camera = new FakeMediaStreamTrack('video', 'camera');
  /** How often the camera was opened. */
  opened = 0;
  readonly call$: Observable<CallStep>;

  constructor() {
    const getUserMedia = (): SyncThenable<FakeMediaStream> => {
      this.opened += 1;
      return SyncThenable.resolved(new FakeMediaStream([this.camera]), new Set());
    };
    const camera$ = userMedia({ video: true }, { mediaDevices: native(Object.assign(new EventTarget(), { getUserMedia })) });
    const { platform, page } = this.rig.fake;
    const options = { signalingUrl: 'wss://one.sora.test/signaling', channelId: 'sora', role: 'sendonly', audio: false, platform } as const;
    this.call$ = camera$.pipe(
      switchMap((stream) => connect({ ...options, stream }).pipe(reconnect({ random: () => 0, page }), materialize())),
      dematerialize(),
      share(),
    );
  }

  /** What the session sends that stands now. */
  get sent(): string | null {
    const sender = this.rig.sora.peerConnection.getSenders().find(({ track }) => track?.kind === 'video');
    return sender?.track?.id ?? null;
  }

  get light(): string {
    return this.camera.readyState;
  }

  begin(): this {
    this.rig.begin('connected', this.call$);
    return this;
  }
}

describe('the camera of a call', () => {
  test('is opened once for all attempts, stays on in the waits between them, and goes off with the end', async () => {
    const call = new CameraCall().begin();
    const { rig } = call;
    expect([call.sent, call.light]).toEqual(['camera', 'live']);
    rig.lose().pass(500);
    expect(call.light).toBe('live');
    rig.pass(500).reach('connected');
    expect([call.sent, call.light]).toEqual(['camera', 'live']);
    rig.lose().pass(1000).play('ws.error', 'ws.close 1006').pass(5000).reach('connected');
    expect([call.sent, call.opened]).toEqual(['camera', 1]);
    rig.play('ws.close 1000').pass(1);
    expect(rig.words.at(-1)).toBe('over 2: server-close');
    expect(rig.isComplete).toBe(true);
    expect(call.light).toBe('ended');
    await pass(0);
    nothingLeft(rig);
  });

  test.each([
    ['in a session', 0],
    ['in a wait', 500],
  ])('goes off when the call is left %s', (_, ms) => {
    const call = new CameraCall().begin();
    if (ms > 0) call.rig.lose().pass(ms);
    call.rig.subscription.unsubscribe();
    expect(call.light).toBe('ended');
    nothingLeft(call.rig);
  });

  test('that is unplugged ends the call as an error, in a wait too', () => {
    const call = new CameraCall().begin();
    call.rig.lose().pass(500);
    call.camera.end();
    expect(call.rig.errors).toEqual([expect.objectContaining({ name: 'SoraMediaError', code: 'ended' })]);
    nothingLeft(call.rig);
  });
});

describe('the track that was chosen last', () => {
  const screen = (): FakeMediaStreamTrack => new FakeMediaStreamTrack('video', 'screen');

  test('is what a renewed session sends, as replaceTrack() keeps the stream in step', async () => {
    const call = new CameraCall().begin();
    await replaceTrack(call.rig.session, 'video', native(screen()));
    expect(call.sent).toBe('screen');
    call.rig.lose().pass(1000).reach('connected');
    expect(call.sent).toBe('screen');
    call.rig.subscription.unsubscribe();
    expect(call.light).toBe('ended');
  });

  test('none: a renewed session sends none', async () => {
    const call = new CameraCall().begin();
    const removed = replaceTrack(call.rig.session, 'video', null);
    await pass(100);
    await removed;
    call.rig.lose().pass(1000).reach('connected');
    expect(call.sent).toBeNull();
    call.rig.subscription.unsubscribe();
  });

  describe('as a stream of choices, which every session applies', () => {
    const applied = (call: CameraCall, choice$: Observable<FakeMediaStreamTrack>): Observable<void> =>
      call.call$.pipe(fromCurrent((session: Session) => choice$.pipe(concatMap((track) => replaceTrack(session, 'video', native(track))))));

    test.each([
      ['in a session', (call: CameraCall) => call],
      ['in a wait', (call: CameraCall) => (call.rig.lose().pass(100), call)],
      ['while a session connects', (call: CameraCall) => (call.rig.lose().pass(1000).reach('signaling'), call)],
    ])('chosen %s', async (_, bring) => {
      const call = new CameraCall();
      const choiceSubject = new ReplaySubject<FakeMediaStreamTrack>(1);
      const errors: unknown[] = [];
      const applying = applied(call, choiceSubject).subscribe({ error: (error: unknown) => errors.push(error) });
      bring(call.begin());
      choiceSubject.next(screen());
      await pass(0);
      call.rig.pass(1000).reach('connected');
      await pass(0);
      expect(call.sent).toBe('screen');
      call.rig.lose();
      await pass(1000);
      call.rig.reach('connected');
      await pass(0);
      expect(call.sent).toBe('screen');
      // A choice that was not applied when the session ended is no error.
      expect(errors).toEqual([]);
      applying.unsubscribe();
      call.rig.subscription.unsubscribe();
      expect(call.light).toBe('ended');
      nothingLeft(call.rig);
    });
  });
});

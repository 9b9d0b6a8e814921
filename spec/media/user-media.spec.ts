import { type Observable, Subject, config, dematerialize, materialize, of, retry, switchMap } from 'rxjs';
import { SoraMediaError, displayMedia, userMedia } from 'rx-sora/media';
import { describe, expect, test, vi } from 'vitest';
import { domError, FakeMediaDevices, FakeStream, FakeTrack, listenerCount, native, type Request } from './support/fake-media.ts';
import { observe } from './support/observed.ts';

const CONSTRAINTS = { audio: true, video: { width: 640 } };

interface Rig {
  readonly mediaDevices: FakeMediaDevices;
  readonly camera: FakeTrack;
  readonly microphone: FakeTrack;
  readonly stream: FakeStream;
  readonly requests: readonly Request<FakeStream>[];
  readonly stream$: Observable<MediaStream>;
  readonly answer: () => void;
}

const captures = {
  userMedia: (mediaDevices: FakeMediaDevices) => ({
    stream$: userMedia(CONSTRAINTS, { mediaDevices: native(mediaDevices) }),
    requests: mediaDevices.user,
  }),
  displayMedia: (mediaDevices: FakeMediaDevices) => ({
    stream$: displayMedia(CONSTRAINTS, { mediaDevices: native(mediaDevices) }),
    requests: mediaDevices.display,
  }),
};

function rig(name: keyof typeof captures = 'userMedia'): Rig {
  const mediaDevices = new FakeMediaDevices();
  const { stream$, requests } = captures[name](mediaDevices);
  const camera = new FakeTrack('video', 'a camera');
  const microphone = new FakeTrack('audio', 'a microphone');
  const stream = new FakeStream(microphone, camera);
  return { mediaDevices, camera, microphone, stream, stream$, requests: requests.all, answer: () => requests.latest.resolve(stream) };
}

const states = ({ camera, microphone }: Rig): readonly string[] => [camera.readyState, microphone.readyState];
const listeners = ({ camera, microphone }: Rig): number => listenerCount(camera, 'ended') + listenerCount(microphone, 'ended');

describe.each(['userMedia', 'displayMedia'] as const)('%s()', (name) => {
  test('asks for nothing before somebody subscribes, then in the same call, with the constraints', () => {
    const r = rig(name);
    expect(r.requests).toHaveLength(0);
    observe(r.stream$);
    expect(r.requests.map(({ asked }) => asked)).toEqual([CONSTRAINTS]);
  });

  test('emits the stream once and stays open', () => {
    const r = rig(name);
    const { seen } = observe(r.stream$);
    expect(seen).toEqual([]);
    r.answer();
    expect(seen).toEqual([r.stream]);
    expect(states(r)).toEqual(['live', 'live']);
  });

  test('what is no stream is an error', () => {
    const r = rig(name);
    const { seen } = observe(r.stream$);
    r.requests[0]!.resolve(null as never);
    expect(seen).toEqual(['#invalid']);
  });

  test('a browser that never answers', () => {
    const { seen, subscription } = observe(rig(name).stream$);
    subscription.unsubscribe();
    expect(seen).toEqual([]);
  });

  test('unsubscribing stops the tracks and removes the listeners', () => {
    const r = rig(name);
    const { seen, subscription } = observe(r.stream$);
    r.answer();
    expect(listeners(r)).toBeGreaterThan(0);
    subscription.unsubscribe();
    expect(states(r)).toEqual(['ended', 'ended']);
    expect(listeners(r)).toBe(0);
    expect(seen).toEqual([r.stream]);
  });

  test('a stream that comes after the unsubscribe is stopped at once and reaches nobody', () => {
    const r = rig(name);
    const { seen, subscription } = observe(r.stream$);
    subscription.unsubscribe();
    r.answer();
    expect(states(r)).toEqual(['ended', 'ended']);
    expect(listeners(r)).toBe(0);
    expect(seen).toEqual([]);
  });

  test('a stream that comes after the unsubscribe is not even tried to be emitted', () => {
    const r = rig(name);
    const late: unknown[] = [];
    config.onStoppedNotification = (notification) => late.push(notification);
    try {
      observe(r.stream$).subscription.unsubscribe();
      r.answer();
    } finally {
      config.onStoppedNotification = null;
    }
    expect(late).toEqual([]);
  });

  test('an error that comes after the unsubscribe reaches nobody', () => {
    const r = rig(name);
    const { seen, subscription } = observe(r.stream$);
    subscription.unsubscribe();
    r.requests[0]!.reject(domError('NotAllowedError'));
    expect(seen).toEqual([]);
  });

  test('two subscribers share one stream, which stops with the last of them', () => {
    const r = rig(name);
    const first = observe(r.stream$);
    r.answer();
    const second = observe(r.stream$);
    expect(second.seen).toEqual([r.stream]);
    expect(r.requests).toHaveLength(1);
    first.subscription.unsubscribe();
    expect(states(r)).toEqual(['live', 'live']);
    second.subscription.unsubscribe();
    expect(states(r)).toEqual(['ended', 'ended']);
  });

  test('two subscribers before the answer: the first may leave', () => {
    const r = rig(name);
    const first = observe(r.stream$);
    const second = observe(r.stream$);
    first.subscription.unsubscribe();
    r.answer();
    expect(r.requests).toHaveLength(1);
    expect([first.seen, second.seen]).toEqual([[], [r.stream]]);
    expect(states(r)).toEqual(['live', 'live']);
  });

  test('a subscriber after the last one left asks anew', () => {
    const r = rig(name);
    const first = observe(r.stream$);
    r.answer();
    first.subscription.unsubscribe();
    const again = observe(r.stream$);
    expect(again.seen).toEqual([]);
    expect(r.requests).toHaveLength(2);
    const another = new FakeStream(new FakeTrack('video'));
    r.requests[1]!.resolve(another);
    expect(again.seen).toEqual([another]);
  });

  test.each([
    ['NotAllowedError', 'refused'],
    ['SecurityError', 'refused'],
    ['NotFoundError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['OverconstrainedError', 'overconstrained'],
    ['TypeError', 'invalid'],
    ['InvalidStateError', 'failed'],
  ])('%s is %s for all subscribers, and the next one may be lucky', (nameOfError, code) => {
    const r = rig(name);
    const both = [observe(r.stream$), observe(r.stream$)];
    r.requests[0]!.reject(domError(nameOfError));
    expect(both.map(({ seen }) => seen)).toEqual([[`#${code}`], [`#${code}`]]);
    const again = observe(r.stream$);
    r.answer();
    expect(again.seen).toEqual([r.stream]);
  });

  test.each([
    ['a page without devices', {}],
    ['devices without the function', { mediaDevices: new EventTarget() }],
  ])('%s is unsupported', (_, platform) => {
    const stream$ = name === 'userMedia' ? userMedia(CONSTRAINTS, platform) : displayMedia(CONSTRAINTS, platform);
    expect(observe(stream$).seen).toEqual(['#unsupported']);
  });

  test('a function that throws at once is an error like any other', () => {
    const mediaDevices = new FakeMediaDevices();
    const throws = (): never => {
      throw domError('NotAllowedError');
    };
    Object.assign(mediaDevices, { getUserMedia: throws, getDisplayMedia: throws });
    const { stream$ } = captures[name](mediaDevices);
    expect(observe(stream$).seen).toEqual(['#refused']);
  });

  test('a track that the page stops itself ends nothing', () => {
    const r = rig(name);
    const { seen } = observe(r.stream$);
    r.answer();
    r.camera.stop();
    expect(seen).toEqual([r.stream]);
    expect(r.microphone.readyState).toBe('live');
  });

  test('a track that the application replaces in the stream stops as well; the one that it puts there is its own', () => {
    const r = rig(name);
    const { subscription } = observe(r.stream$);
    r.answer();
    const processed = new FakeTrack('video');
    r.stream.replace(r.camera, processed);
    subscription.unsubscribe();
    expect([...states(r), processed.readyState]).toEqual(['ended', 'ended', 'live']);
  });

  test('the tracks have stopped when a subscriber learns of the end', () => {
    const r = rig(name);
    const then: (readonly string[])[] = [];
    const note = (): number => then.push(states(r));
    r.stream$.subscribe({ complete: note, error: note });
    r.answer();
    r.camera.end();
    expect(then).toEqual([['ended', 'ended']]);
    expect(listeners(r)).toBe(0);
  });

  test('a stream whose picture has ended on its way is not emitted', () => {
    const r = rig(name);
    const { seen } = observe(r.stream$);
    r.camera.readyState = 'ended';
    r.answer();
    expect(seen).toEqual([name === 'userMedia' ? '#ended' : '|']);
    expect(states(r)).toEqual(['ended', 'ended']);
    expect(listeners(r)).toBe(0);
  });
});

describe('userMedia()', () => {
  test('an unplugged device is the error ended for all subscribers, and names the device', () => {
    const r = rig();
    let error: unknown;
    const both = [observe(r.stream$), observe(r.stream$)];
    r.stream$.subscribe({ error: (thrown: unknown) => (error = thrown) });
    r.answer();
    r.microphone.end();
    expect(both.map(({ seen }) => seen)).toEqual([
      [r.stream, '#ended'],
      [r.stream, '#ended'],
    ]);
    expect(error).toMatchObject({ message: 'ended: audio a microphone' });
    expect(states(r)).toEqual(['ended', 'ended']);
  });

  test('both devices of one hub are unplugged: one error', () => {
    const r = rig();
    const { seen } = observe(r.stream$);
    r.answer();
    r.microphone.end();
    r.camera.end();
    expect(seen).toEqual([r.stream, '#ended']);
  });

  test('retry() opens another device after one was unplugged', () => {
    const r = rig();
    const { seen } = observe(r.stream$.pipe(retry({ delay: (error) => of(error) })));
    r.answer();
    r.camera.end();
    const another = new FakeStream(new FakeTrack('video'));
    r.requests[1]!.resolve(another);
    expect(seen).toEqual([r.stream, another]);
  });

  test('two calls are two captures', () => {
    const mediaDevices = new FakeMediaDevices();
    observe(userMedia(CONSTRAINTS, { mediaDevices: native(mediaDevices) }));
    observe(userMedia(CONSTRAINTS, { mediaDevices: native(mediaDevices) }));
    expect(mediaDevices.user.all).toHaveLength(2);
  });

  test('switching cameras stops one before it opens the next', () => {
    const mediaDevices = new FakeMediaDevices();
    const old = new FakeTrack('video');
    const heldWhenAsked: unknown[] = [];
    const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
    Object.assign(mediaDevices, {
      getUserMedia: (asked: unknown) => {
        heldWhenAsked.push(old.readyState);
        return getUserMedia(asked);
      },
    });
    const camera$ = (deviceId: string): Observable<MediaStream> =>
      userMedia({ video: { deviceId } }, { mediaDevices: native(mediaDevices) });
    const chosenSubject = new Subject<string>();
    observe(chosenSubject.pipe(switchMap((id) => camera$(id))));
    chosenSubject.next('one');
    mediaDevices.user.latest.resolve(new FakeStream(old));
    chosenSubject.next('two');
    expect(heldWhenAsked).toEqual(['live', 'ended']);
  });

  test('the recipe that holds a camera for exactly one call', () => {
    const r = rig();
    const call$ = (stream: MediaStream): Observable<unknown> => of(stream);
    const { seen } = observe(
      r.stream$.pipe(
        switchMap((stream) => call$(stream).pipe(materialize())),
        dematerialize(),
      ),
    );
    r.answer();
    expect(seen).toEqual([r.stream, '|']);
    expect(states(r)).toEqual(['ended', 'ended']);
  });
});

describe('displayMedia()', () => {
  test('completes for all subscribers when the user stops sharing', () => {
    const r = rig('displayMedia');
    const both = [observe(r.stream$), observe(r.stream$)];
    r.answer();
    r.camera.end();
    expect(both.map(({ seen }) => seen)).toEqual([
      [r.stream, '|'],
      [r.stream, '|'],
    ]);
    expect(states(r)).toEqual(['ended', 'ended']);
  });

  test('who subscribes after that gets a picker of its own', () => {
    const r = rig('displayMedia');
    observe(r.stream$);
    r.answer();
    r.camera.end();
    const { seen } = observe(r.stream$);
    expect([seen, r.requests.length]).toEqual([[], 2]);
  });

  test('sound that ends alone ends nothing', () => {
    const r = rig('displayMedia');
    const { seen } = observe(r.stream$);
    r.answer();
    r.microphone.end();
    expect(seen).toEqual([r.stream]);
    expect(r.camera.readyState).toBe('live');
  });

  test('asks for the defaults of the browser where nothing is said', () => {
    const mediaDevices = new FakeMediaDevices();
    observe(displayMedia(undefined, { mediaDevices: native(mediaDevices) }));
    expect(mediaDevices.display.all.map(({ asked }) => asked)).toEqual([{}]);
  });
});

describe('SoraMediaError of what a browser threw', () => {
  function thrown(cause: unknown): Partial<SoraMediaError> {
    const mediaDevices = new FakeMediaDevices();
    let error: unknown;
    userMedia(CONSTRAINTS, { mediaDevices: native(mediaDevices) }).subscribe({ error: (caught: unknown) => (error = caught) });
    mediaDevices.user.latest.reject(cause);
    expect(error).toBeInstanceOf(SoraMediaError);
    return error as SoraMediaError;
  }
  const overconstrained = Object.assign(domError('OverconstrainedError', 'too wide'), { constraint: 'width' });
  const wordless = Object.assign(domError('OverconstrainedError'), { constraint: 'deviceId' });

  test.each([
    [domError('NotAllowedError', 'Permission denied'), 'refused', 'refused: Permission denied', ''],
    [domError('NotAllowedError'), 'refused', 'refused: NotAllowedError', ''],
    [overconstrained, 'overconstrained', 'overconstrained: width: too wide', 'width'],
    [wordless, 'overconstrained', 'overconstrained: deviceId', 'deviceId'],
    [{}, 'failed', 'failed: ', ''],
    [undefined, 'failed', 'failed: ', ''],
    [null, 'failed', 'failed: ', ''],
  ])('%o', (cause, code, message, constraint) => {
    expect(thrown(cause)).toMatchObject({ name: 'SoraMediaError', code, message, constraint });
    expect(thrown(cause).cause).toBe(cause);
  });
});

test('a page that is not secure, and a runtime without navigator', () => {
  const messages: unknown[] = [];
  for (const navigator of [{}, undefined]) {
    vi.stubGlobal('navigator', navigator);
    userMedia(CONSTRAINTS).subscribe({
      error: (error: unknown) => messages.push((error as SoraMediaError).code, (error as SoraMediaError).message),
    });
  }
  vi.unstubAllGlobals();
  const said = ['unsupported', 'unsupported: no getUserMedia() here; does the page need HTTPS?'];
  expect(messages).toEqual([...said, ...said]);
});

test('the devices of the page, read on subscription', () => {
  const mediaDevices = new FakeMediaDevices();
  const stream$ = userMedia(CONSTRAINTS);
  vi.stubGlobal('navigator', { mediaDevices });
  observe(stream$);
  vi.unstubAllGlobals();
  expect(mediaDevices.user.all).toHaveLength(1);
});

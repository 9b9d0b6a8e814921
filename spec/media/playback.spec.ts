import { type Playback, playback } from 'rx-sora/media';
import { describe, expect, test } from 'vitest';
import { domError, FakeStream, FakeTrack, listenerCount, native, Requests } from './support/fake-media.ts';
import { observe } from './support/observed.ts';

const GESTURES = ['keydown', 'mousedown', 'pointerup', 'touchend'];

/** An element whose `play()` the test answers. */
class FakeElement extends EventTarget {
  readonly ownerDocument = new EventTarget();
  readonly plays = new Requests<undefined>();
  srcObject: FakeStream | null = null;
  ended = false;
  readonly play = (): PromiseLike<undefined> => this.plays.call(this.srcObject);

  get attached(): number {
    return listenerCount(this, 'playing', 'pause', 'ended') + listenerCount(this.ownerDocument, ...GESTURES);
  }

  fire(...types: readonly string[]): void {
    for (const type of types) this.dispatchEvent(new Event(type));
  }

  gesture(type = 'mousedown'): void {
    this.ownerDocument.dispatchEvent(new Event(type));
  }
}

function rig() {
  const element = new FakeElement();
  const stream = new FakeStream(new FakeTrack('video'));
  const { seen, subscription } = observe(playback(native(element), native(stream)));
  const kinds = (): readonly string[] => seen.map((each) => (typeof each === 'string' ? each : each.kind));
  return {
    element,
    stream,
    seen,
    subscription,
    kinds,
    /** What the browser answers to the latest `play()`. */
    plays: () => element.plays.latest.resolve(undefined),
    refuses: (name = 'NotAllowedError') => element.plays.latest.reject(domError(name)),
    resume: () => {
      const latest = seen.at(-1) as Playback;
      if ('resume' in latest) latest.resume();
      else throw new Error(`${latest.kind} cannot be resumed`);
    },
    asked: () => element.plays.all.length,
  };
}

describe('playback()', () => {
  test('touches nothing before somebody subscribes', () => {
    const element = new FakeElement();
    playback(native(element), native(new FakeStream()));
    expect([element.srcObject, element.plays.all]).toEqual([null, []]);
  });

  test('an element that is none is an error like any other', () => {
    expect(observe(playback(null as never, native(new FakeStream()))).seen).toEqual(['#invalid']);
  });

  test('sets the stream, then plays', () => {
    const r = rig();
    expect(r.element.srcObject).toBe(r.stream);
    expect(r.element.plays.all.map(({ asked }) => asked)).toEqual([r.stream]);
    expect(r.kinds()).toEqual(['starting']);
    r.plays();
    r.element.fire('playing');
    expect(r.kinds()).toEqual(['starting', 'playing']);
  });

  test('unsubscribing clears the element and removes the listeners, whatever the browser says then', () => {
    const r = rig();
    r.subscription.unsubscribe();
    expect([r.element.srcObject, r.element.attached, listenerCount(r.stream, 'inactive')]).toEqual([null, 0, 0]);
    r.refuses('AbortError');
    r.element.gesture();
    expect([r.kinds(), r.asked()]).toEqual([['starting'], 1]);
  });

  test('an element that plays another stream by now is left alone', () => {
    const r = rig();
    const another = new FakeStream();
    r.element.srcObject = another;
    r.subscription.unsubscribe();
    expect(r.element.srcObject).toBe(another);
  });

  test('one stream after the other in the same element', () => {
    const r = rig();
    r.subscription.unsubscribe();
    const another = new FakeStream();
    observe(playback(native(r.element), native(another)));
    expect(r.element.srcObject).toBe(another);
  });

  test.each(GESTURES)('blocked until the next %s', (gesture) => {
    const r = rig();
    r.refuses();
    expect(r.kinds()).toEqual(['starting', 'blocked']);
    expect(r.asked()).toBe(1);
    r.element.gesture(gesture);
    expect(r.asked()).toBe(2);
    r.plays();
    expect(r.kinds()).toEqual(['starting', 'blocked', 'playing']);
    expect(listenerCount(r.element.ownerDocument, ...GESTURES)).toBe(0);
  });

  test('a gesture that is not enough for the browser: blocked, said once, until one that is', () => {
    const r = rig();
    r.refuses();
    r.element.gesture('keydown');
    r.refuses();
    expect(r.kinds()).toEqual(['starting', 'blocked']);
    r.element.gesture();
    r.plays();
    expect(r.kinds()).toEqual(['starting', 'blocked', 'playing']);
    expect(r.asked()).toBe(3);
  });

  test('resume() plays a blocked stream, and the gesture is not waited for any longer', () => {
    const r = rig();
    r.refuses();
    r.resume();
    r.plays();
    r.element.gesture();
    expect([r.kinds(), r.asked()]).toEqual([['starting', 'blocked', 'playing'], 2]);
  });

  test('paused by somebody: only resume() or the element goes on, not any gesture', () => {
    const r = rig();
    r.plays();
    r.element.fire('pause');
    r.element.gesture();
    expect([r.kinds(), r.asked()]).toEqual([['starting', 'playing', 'paused'], 1]);
    r.resume();
    r.plays();
    expect(r.kinds()).toEqual(['starting', 'playing', 'paused', 'playing']);
    r.element.fire('pause', 'playing');
    expect(r.kinds().slice(4)).toEqual(['paused', 'playing']);
  });

  test('paused while it starts: the interrupted play() is no error', () => {
    const r = rig();
    r.element.fire('pause');
    r.refuses('AbortError');
    expect(r.kinds()).toEqual(['starting', 'paused']);
    r.element.fire('playing');
    expect(r.kinds()).toEqual(['starting', 'paused', 'playing']);
  });

  test('resume() after the end does nothing', () => {
    const r = rig();
    r.refuses();
    r.subscription.unsubscribe();
    r.resume();
    expect(r.asked()).toBe(1);
  });

  test('the stream ends, as Firefox has it: completes without a pause, and clears the element', () => {
    const r = rig();
    r.plays();
    r.element.ended = true;
    r.element.fire('pause', 'ended');
    expect(r.kinds()).toEqual(['starting', 'playing', '|']);
    expect([r.element.srcObject, r.element.attached, listenerCount(r.stream, 'inactive')]).toEqual([null, 0, 0]);
  });

  test('the stream ends, as Chromium has it: completes', () => {
    const r = rig();
    r.plays();
    r.stream.dispatchEvent(new Event('inactive'));
    expect(r.kinds()).toEqual(['starting', 'playing', '|']);
    expect([r.element.srcObject, r.element.attached]).toEqual([null, 0]);
  });

  test('an element that cannot play it is an error, and is cleared', () => {
    const r = rig();
    r.refuses('NotSupportedError');
    expect(r.kinds()).toEqual(['starting', '#failed']);
    expect([r.element.srcObject, r.element.attached]).toEqual([null, 0]);
  });

  test('an error that is none is typed as well', () => {
    const r = rig();
    r.element.plays.latest.reject(null);
    expect(r.kinds()).toEqual(['starting', '#failed']);
  });

  test('an element that throws is an error like any other', () => {
    const element = Object.assign(new FakeElement(), {
      play: () => {
        throw domError('NotSupportedError');
      },
    });
    expect(observe(playback(native(element), native(new FakeStream()))).seen).toEqual([{ kind: 'starting' }, '#failed']);
  });

  test('the gestures of another document', () => {
    const element = new FakeElement();
    const document = new EventTarget();
    observe(playback(native(element), native(new FakeStream()), { document }));
    element.plays.latest.reject(domError('NotAllowedError'));
    element.gesture();
    expect(element.plays.all).toHaveLength(1);
    document.dispatchEvent(new Event('keydown'));
    expect(element.plays.all).toHaveLength(2);
  });
});

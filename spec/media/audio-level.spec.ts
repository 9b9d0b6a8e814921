import { take } from 'rxjs';
import { audioLevel } from 'rx-sora/media';
import { SyncThenable } from 'rx-sora/testing';
import { describe, expect, test, vi } from 'vitest';
import { marbles } from '../support/marbles.ts';
import { domError, FakeStream, FakeTrack, listenerCount, native } from './support/fake-media.ts';
import { during, observe } from './support/observed.ts';

const GESTURES = ['keydown', 'mousedown', 'pointerup', 'touchend'];

/** Web Audio that hears what the test says. */
function fakeAudio(state: 'running' | 'suspended' = 'running') {
  const made: FakeAudioContext[] = [];
  const document = new EventTarget();
  const heard = { amplitude: 0 };

  class FakeAudioContext {
    state: string = state;
    resumes = 0;
    readonly connected: string[] = [];
    readonly unheard = new Set<SyncThenable<unknown>>();

    constructor() {
      made.push(this);
    }

    createAnalyser(): object {
      const analyser = {
        fftSize: 2048,
        getFloatTimeDomainData: (samples: Float32Array) => {
          expect(samples).toHaveLength(analyser.fftSize);
          samples.forEach((_, index) => (samples[index] = index % 2 === 0 ? heard.amplitude : -heard.amplitude));
        },
      };
      return analyser;
    }

    createMediaStreamSource(stream: FakeStream): object {
      if (heard.amplitude < 0) throw domError('InvalidStateError');
      return { connect: () => this.connected.push(stream.getAudioTracks()[0]!.label) };
    }

    resume(): unknown {
      this.resumes += 1;
      return SyncThenable.rejected(domError('InvalidStateError'), this.unheard);
    }

    close(): unknown {
      this.state = 'closed';
      return SyncThenable.rejected(domError('InvalidStateError'), this.unheard);
    }
  }
  return { made, document, heard, platform: { AudioContext: native(FakeAudioContext), document } };
}

const microphone = (): FakeTrack => new FakeTrack('audio', 'microphone');

describe('audioLevel()', () => {
  test(
    'the root mean square every 100 ms, from silence to full scale',
    marbles((m) => {
      const { heard, platform } = fakeAudio();
      during(m, '150ms l 99ms f 99ms o', {
        l: () => (heard.amplitude = 0.25),
        f: () => (heard.amplitude = 1),
        o: () => (heard.amplitude = 3),
      });
      m.expect(audioLevel(native(new FakeStream(microphone())), platform), '^ 450ms !').toBeObservable('100ms s 99ms l 99ms f 99ms f', {
        s: 0,
        l: 0.25,
        f: 1,
      });
    }),
  );

  test(
    'as often as it is asked to',
    marbles((m) => {
      const { platform } = fakeAudio();
      const level$ = audioLevel(native(new FakeStream(microphone())), { ...platform, periodMs: 20 });
      m.expect(level$, '^ 50ms !').toBeObservable('20ms s 19ms s', { s: 0 });
    }),
  );

  test(
    'nothing while the browser holds the context back; a gesture resumes it and measures nothing by itself',
    marbles((m) => {
      const { made, document, platform } = fakeAudio('suspended');
      during(m, '250ms g 49ms r', {
        g: () => document.dispatchEvent(new Event('keydown')),
        r: () => {
          expect(made.map(({ resumes }) => resumes)).toEqual([1]);
          made[0]!.state = 'running';
        },
      });
      m.expect(audioLevel(native(new FakeStream(microphone())), platform), '^ 450ms !').toBeObservable('300ms s 99ms s', { s: 0 });
    }),
  );

  test(
    'completes at the first measurement after the track has ended, however it ended',
    marbles((m) => {
      const { made, platform } = fakeAudio();
      const track = microphone();
      during(m, '250ms e', { e: () => track.stop() });
      m.expect(audioLevel(native(new FakeStream(track)), platform)).toBeObservable('100ms s 99ms s 99ms |', { s: 0 });
      m.flush();
      expect(made.map(({ state }) => state)).toEqual(['closed']);
    }),
  );

  test(
    'goes on while one of two audio tracks is live',
    marbles((m) => {
      const { platform } = fakeAudio();
      const tracks = [microphone(), microphone()];
      during(m, '150ms o 99ms t', { o: () => tracks[0]!.stop(), t: () => tracks[1]!.stop() });
      m.expect(audioLevel(native(new FakeStream(...tracks)), platform)).toBeObservable('100ms s 99ms s 99ms |', { s: 0 });
    }),
  );

  test(
    'completes as well while the context is held back',
    marbles((m) => {
      const { platform } = fakeAudio('suspended');
      const track = microphone();
      during(m, '250ms e', { e: () => track.stop() });
      m.expect(audioLevel(native(new FakeStream(track)), platform)).toBeObservable('300ms |');
    }),
  );

  test('opens nothing before somebody subscribes; each subscriber has a context of its own, closed with it', () => {
    const { made, document, platform } = fakeAudio();
    const level$ = audioLevel(native(new FakeStream(microphone())), platform);
    expect(made).toEqual([]);
    const both = [observe(level$), observe(level$)];
    expect(made.map(({ connected, state }) => [...connected, state])).toEqual([
      ['microphone', 'running'],
      ['microphone', 'running'],
    ]);
    expect(listenerCount(document, ...GESTURES)).toBe(2 * GESTURES.length);
    both[0]!.subscription.unsubscribe();
    expect(made.map(({ state }) => state)).toEqual(['closed', 'running']);
    both[1]!.subscription.unsubscribe();
    expect(made.map(({ state }) => state)).toEqual(['closed', 'closed']);
    expect(listenerCount(document, ...GESTURES)).toBe(0);
  });

  test('a resume() and a close() that are rejected disturb nobody', () => {
    const { made, document, platform } = fakeAudio('suspended');
    const { subscription } = observe(audioLevel(native(new FakeStream(microphone())), platform));
    document.dispatchEvent(new Event('mousedown'));
    subscription.unsubscribe();
    expect([made[0]!.resumes, made[0]!.unheard.size]).toEqual([1, 0]);
  });

  test.each([0, -5, Number.NaN, Infinity])('a period of %s ms is refused, and opens nothing', (periodMs) => {
    const { made, platform } = fakeAudio();
    expect(observe(audioLevel(native(new FakeStream(microphone())), { ...platform, periodMs })).seen).toEqual(['#failed']);
    expect(made).toEqual([]);
  });

  test('a stream without an audio track is missing something, and opens nothing', () => {
    const { made, platform } = fakeAudio();
    expect(observe(audioLevel(native(new FakeStream(new FakeTrack('video'))), platform)).seen).toEqual(['#missing']);
    expect(made).toEqual([]);
  });

  test('a stream that Web Audio refuses is an error, and the context is closed', () => {
    const { made, document, heard, platform } = fakeAudio();
    heard.amplitude = -1;
    expect(observe(audioLevel(native(new FakeStream(microphone())), platform)).seen).toEqual(['#failed']);
    expect(made.map(({ state }) => state)).toEqual(['closed']);
    expect(listenerCount(document, ...GESTURES)).toBe(0);
  });

  test('Web Audio of the page, read on subscription', () => {
    const { made, document, platform } = fakeAudio();
    const level$ = audioLevel(native(new FakeStream(microphone())));
    vi.stubGlobal('AudioContext', platform.AudioContext);
    vi.stubGlobal('document', document);
    const { subscription } = observe(level$);
    vi.unstubAllGlobals();
    expect([made.length, listenerCount(document, ...GESTURES)]).toEqual([1, GESTURES.length]);
    subscription.unsubscribe();
  });

  test('a runtime without Web Audio is unsupported', () => {
    expect(observe(audioLevel(native(new FakeStream(microphone()))).pipe(take(1))).seen).toEqual(['#unsupported']);
  });

  test(
    'without a document there are no gestures to wait for',
    marbles((m) => {
      const { platform } = fakeAudio();
      const level$ = audioLevel(native(new FakeStream(microphone())), { AudioContext: platform.AudioContext });
      m.expect(level$, '^ 150ms !').toBeObservable('100ms s', { s: 0 });
    }),
  );
});

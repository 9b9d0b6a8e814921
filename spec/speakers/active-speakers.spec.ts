import { EMPTY, Subject, asyncScheduler, takeUntil, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import { type ActiveSpeakerOptions, activeSpeakers } from '../../src/speakers/active-speakers.ts';
import type { FakeTransceiver } from '../../src/testing/fake-transceiver.ts';
import { type SpeakersSession, play, speakersSession } from '../support/speakers-session.ts';

type Part = readonly [from: number, to: number, level: number];

/** Somebody who is so loud from here to there, and silent otherwise. */
function voice(transceiver: FakeTransceiver, ...parts: readonly Part[]): void {
  for (let ms = 0; ms < 20_000; ms += 20) {
    const level = parts.find(([from, to]) => ms >= from && ms < to)?.[2] ?? 0.001;
    if (ms === 0) play(transceiver, level);
    else asyncScheduler.schedule(() => play(transceiver, level), ms);
  }
}

/** Who speaks when: `300 a b`. */
function speakersOver(ms: number, run: (made: SpeakersSession) => void, options?: ActiveSpeakerOptions): string[] {
  const lines: string[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const made = speakersSession();
    run(made);
    activeSpeakers(made.session, options)
      .pipe(takeUntil(timer(ms)))
      .subscribe((speakers) => lines.push([asyncScheduler.now(), ...speakers.map(({ connectionId }) => connectionId)].join(' ')));
    flush();
  });
  return lines;
}

describe('activeSpeakers', () => {
  test('who speaks, from soon after the first word until a second after the last', () => {
    const lines = speakersOver(6000, ({ add }) => {
      voice(add('a'), [1000, 3000, 0.2]);
      voice(add('b'));
    });
    expect(lines).toEqual(['0', '1000 a', '3900']);
  });

  test('is told at once to those who come while somebody speaks', () => {
    expect(speakersOver(50, ({ add }) => voice(add('a'), [0, 1000, 0.2]))).toEqual(['0 a']);
  });

  test('a pause between words ends nothing', () => {
    const lines = speakersOver(6000, ({ add }) => voice(add('a'), [1000, 1500, 0.2], [2300, 2800, 0.2], [3600, 4000, 0.2]));
    expect(lines).toEqual(['0', '1000 a', '4900']);
  });

  test('a short noise is no speech', () => {
    expect(speakersOver(4000, ({ add }) => voice(add('a'), [1000, 1020, 0.05], [2000, 2020, 0.05]))).toEqual(['0']);
  });

  test('noise is no speech, whatever the threshold calls so', () => {
    const noise = ({ add }: SpeakersSession): void => voice(add('a'), [0, 20_000, 0.015]);
    expect(speakersOver(4000, noise)).toEqual(['0']);
    expect(speakersOver(4000, noise, { threshold: 0.01 })).toEqual(['0 a']);
  });

  test('the loudest comes first, and nobody takes a place without being clearly louder', () => {
    const lines = speakersOver(20_000, ({ add }) => {
      voice(add('a'), [0, 15_000, 0.1]);
      voice(add('b'), [2000, 6000, 0.12], [6000, 10_000, 0.3], [10_000, 15_000, 0.05]);
    });
    expect(lines).toEqual(['0 a', '2000 a b', '6000 b a', '10800 a b', '15900']);
  });

  test('who leaves does not speak any more', () => {
    const lines = speakersOver(3000, ({ add, remove }) => {
      voice(add('a'), [0, 20_000, 0.1]);
      asyncScheduler.schedule(() => remove('a'), 1050);
    });
    expect(lines).toEqual(['0 a', '1100']);
  });

  test('carries the level, and holds as long as it is told to', () => {
    const levels: number[] = [];
    new TestScheduler(() => undefined).run(({ flush }) => {
      const { session, add } = speakersSession();
      voice(add('a'), [0, 500, 0.2]);
      activeSpeakers(session, { holdMs: 300, periodMs: 50 })
        .pipe(takeUntil(timer(5000)))
        .subscribe(([first]) => levels.push(asyncScheduler.now(), first?.level ?? -1));
      flush();
    });
    expect(levels).toEqual([0, 0.2, 750, -1]);
  });

  test('ends with the session; after it nobody speaks', () => {
    const seen: unknown[] = [];
    new TestScheduler(() => undefined).run(({ flush }) => {
      const endSubject = new Subject<unknown>();
      activeSpeakers(speakersSession(endSubject).session).subscribe({ next: (each) => seen.push(each), complete: () => seen.push('|') });
      asyncScheduler.schedule(() => {
        endSubject.next(0);
        endSubject.complete();
      }, 500);
      flush();
    });
    activeSpeakers(speakersSession(EMPTY).session).subscribe({ error: (error: unknown) => seen.push(error) });
    expect(seen.slice(0, 2)).toEqual([[], '|']);
  });

  test.each([{ threshold: 2 }, { holdMs: -1 }, { periodMs: 0 }, { level: 1 }])(
    'mistakes of the caller are found in the call: %j',
    (options) => {
      expect(() => activeSpeakers(speakersSession().session, options as object)).toThrow(SoraOptionsError);
    },
  );
});

import { Subject, asyncScheduler, takeUntil, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, test } from 'vitest';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import type { Session } from '../../src/session/session.ts';
import { remoteAudioLevels } from '../../src/speakers/remote-audio-levels.ts';
import type { FakeTransceiver } from '../../src/testing/fake-transceiver.ts';
import { type SpeakersSession, play, speakersSession } from '../support/speakers-session.ts';

/** What is told within so many milliseconds: `100 a:0.5 b:-`. */
function levelsOver(ms: number, run: (made: SpeakersSession) => void, periodMs?: number): string[] {
  const lines: string[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const made = speakersSession();
    run(made);
    remoteAudioLevels(made.session, periodMs)
      .pipe(takeUntil(timer(ms)))
      .subscribe(({ at, levels }) => {
        lines.push(
          [at, ...levels.map(({ connectionId, level }) => `${connectionId}:${level === null ? '-' : Number(level.toFixed(3))}`)].join(' '),
        );
      });
    flush();
  });
  return lines;
}
const at = (ms: number, run: () => void): void => void asyncScheduler.schedule(run, ms);
const statistics = ({ receiver }: FakeTransceiver, timestamp: number, energy: number, more: object = {}): Record<string, unknown> => ({
  id: `I${receiver.track.id}`,
  type: 'inbound-rtp',
  kind: 'audio',
  timestamp,
  trackIdentifier: receiver.track.id,
  totalAudioEnergy: energy,
  totalSamplesDuration: timestamp / 1000,
  ...more,
});

test('at once, then every period: what the packets say, without statistics', () => {
  let asked = 0;
  const lines = levelsOver(
    650,
    ({ add, peerConnection }) => {
      const [a, b] = [add('a'), add('b')];
      for (let ms = 0; ms < 600; ms += 20) {
        at(ms, () => play(a, ms / 1000));
        at(ms, () => play(b, 0));
      }
      play(a, 0.5);
      at(640, () => (asked = peerConnection.world.records.filter(({ what }) => what === 'getStats').length));
    },
    200,
  );
  expect(lines).toEqual(['0 a:0.5 b:0', '200 a:0.2 b:0', '400 a:0.4 b:0', '600 a:0.58 b:0']);
  expect(asked).toBe(0);
});

test('a track of which nothing is played any more is silent, although the browser remembers the last frame', () => {
  const lines = levelsOver(650, ({ add }) => {
    const a = add('a');
    at(50, () => play(a, 0.5));
    at(550, () => play(a, 0.4));
  });
  expect(lines).toEqual(['0 a:0', '100 a:0.5', '200 a:0.5', '300 a:0.5', '400 a:0', '500 a:0', '600 a:0.4']);
});

test('who comes and who goes', () => {
  const lines = levelsOver(350, ({ add, remove }) => {
    at(50, () => play(add('a'), 0.5));
    at(250, () => remove('a'));
  });
  expect(lines).toEqual(['0', '100 a:0.5', '200 a:0.5', '300']);
});

test('of several sources the one that was played last', () => {
  const lines = levelsOver(50, ({ add }) => {
    const sources = [2, 3, 1].map((timestamp) => ({ source: timestamp, timestamp, audioLevel: timestamp / 10 }));
    add('a').receiver.synchronizationSources = sources;
  });
  expect(lines).toEqual(['0 a:0.3']);
});

test('statistics tell where packets do not: the energy since the sample before', () => {
  const lines = levelsOver(350, ({ add, peerConnection }) => {
    const [a, b] = [add('a'), add('b')];
    play(a);
    play(b, 0.1);
    const tell = (ms: number, energy: number): void => {
      peerConnection.stats = [{ id: 'O', type: 'outbound-rtp', kind: 'audio' }, statistics(a, ms, energy, { audioLevel: 0.7 })];
    };
    tell(0, 0);
    at(90, () => tell(90, 0));
    at(190, () => tell(190, 0.025));
    at(190, () => play(b, 0.2));
    at(290, () => tell(290, 0.025));
  });
  expect(lines).toEqual(['0 a:- b:0.1', '100 a:0.7 b:0.1', '200 a:0.5 b:0.2', '300 a:0 b:0.2']);
});

test('they are found by the mid where they do not name the track', () => {
  const lines = levelsOver(150, ({ add, peerConnection }) => {
    const a = add('a');
    a.mid = '3';
    play(a);
    peerConnection.stats = [statistics(a, 0, 0, { trackIdentifier: undefined, mid: '3', audioLevel: 0.7 })];
  });
  expect(lines).toEqual(['0 a:-', '100 a:0.7']);
});

test('a runtime that tells nothing is null, one that throws too, and a refusal ends nothing', () => {
  const lines = levelsOver(350, ({ add, peerConnection }) => {
    const a = add('a');
    Object.assign(a.receiver, {
      getSynchronizationSources: () => {
        throw new Error('not now');
      },
    });
    at(150, () => peerConnection.script.next('getStats', { rejects: new Error('not now') }));
    at(250, () => Object.assign(a.receiver, { getSynchronizationSources: undefined }));
  });
  expect(lines).toEqual(['0 a:-', '100 a:-', '300 a:-']);
});

test('ends with the session', () => {
  const seen: string[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const endSubject = new Subject<unknown>();
    const { session } = speakersSession(endSubject);
    remoteAudioLevels(session).subscribe({ next: () => seen.push('sample'), complete: () => seen.push('|') });
    at(150, () => {
      endSubject.next('value');
      seen.push('terminated');
      endSubject.complete();
    });
    flush();
  });
  expect(seen).toEqual(['sample', 'sample', 'terminated', '|']);
});

test('mistakes of the caller are found in the call', () => {
  expect(() => remoteAudioLevels(speakersSession().session, 0)).toThrow(SoraOptionsError);
  expect(() => remoteAudioLevels({} as Session)).toThrow(TypeError);
});

import { TestScheduler } from 'rxjs/testing';
import { asyncScheduler, Subject, take } from 'rxjs';
import { expect, test } from 'vitest';
import { type StatsSample, stats } from '../../src/stats/stats.ts';
import type { PeerConnectionLike } from '../../src/platform/w3c.ts';
import { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import { statsSession } from '../support/stats-session.ts';

const inTime = (run: (peerConnection: FakePeerConnection, samples: StatsSample[]) => void): StatsSample[] => {
  const samples: StatsSample[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    run(new FakePeerConnection(), samples);
    flush();
  });
  return samples;
};
const sample = (peerConnection: () => FakePeerConnection | null, count: number, samples: StatsSample[], periodMs = 1000): void => {
  stats(statsSession(peerConnection as () => PeerConnectionLike | null), periodMs)
    .pipe(take(count))
    .subscribe((each) => samples.push(each));
};
const received = (timestamp: number, bytesReceived: number): Record<string, unknown>[] => [
  { id: 'I', type: 'inbound-rtp', kind: 'audio', timestamp, bytesReceived },
];

test('at once, then every period; each sample in the light of the one before', () => {
  const samples = inTime((peerConnection, seen) => {
    peerConnection.stats = received(0, 0);
    sample(() => peerConnection, 3, seen);
    asyncScheduler.schedule(() => (peerConnection.stats = received(1000, 1000)), 500);
    asyncScheduler.schedule(() => (peerConnection.stats = received(2000, 1500)), 1500);
  });
  expect(samples.map(({ at, inbound }) => [at, inbound[0]!.bitsPerSecond])).toEqual([
    [0, null],
    [1000, 8000],
    [2000, 4000],
  ]);
  expect(samples[1]!.reports).toHaveLength(1);
});

test('the time before there is a peer connection is left out', () => {
  const samples = inTime((peerConnection, seen) => {
    sample(() => (asyncScheduler.now() >= 2000 ? peerConnection : null), 1, seen);
  });
  expect(samples).toEqual([
    { at: 2000, reports: [], inbound: [], outbound: [], path: null, dataChannels: [], playoutGapRatio: undefined, stalled: undefined },
  ]);
});

test('a period that gets no answer is left out, and a refusal ends nothing', () => {
  const samples = inTime((peerConnection, seen) => {
    const held = peerConnection.script.hold('getStats');
    peerConnection.script.next('getStats', { rejects: new Error('not now') });
    sample(() => peerConnection, 2, seen);
    asyncScheduler.schedule(() => held.release(), 1500);
  });
  expect(samples.map(({ at }) => at)).toEqual([1500, 3000]);
});

test('behind a gap nothing is compared', () => {
  const samples = inTime((peerConnection, seen) => {
    peerConnection.stats = received(0, 0);
    sample(() => peerConnection, 3, seen);
    asyncScheduler.schedule(() => {
      peerConnection.stats = received(5000, 1000);
      const held = peerConnection.script.hold('getStats');
      asyncScheduler.schedule(() => held.release(), 4000);
    }, 500);
  });
  expect(samples.map(({ at, inbound }) => [at, inbound[0]!.bitsPerSecond])).toEqual([
    [0, null],
    [4500, null],
    [5000, null],
  ]);
});

test('a runtime without statistics gives empty samples', () => {
  const samples: StatsSample[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const peerConnection = { getStats: undefined } as unknown as PeerConnectionLike;
    stats(statsSession(() => peerConnection))
      .pipe(take(1))
      .subscribe((each) => samples.push(each));
    flush();
  });
  expect(samples[0]!.reports).toEqual([]);
});

test('samples end with the session, also one that is under way', () => {
  const seen: unknown[] = [];
  inTime((peerConnection) => {
    const endSubject = new Subject<unknown>();
    const held = peerConnection.script.hold('getStats');
    stats(statsSession(() => peerConnection, endSubject)).subscribe({
      next: () => seen.push('sample'),
      complete: () => seen.push('|'),
    });
    asyncScheduler.schedule(() => {
      endSubject.next('value');
      endSubject.complete();
      held.release();
    }, 1500);
  });
  expect(seen).toEqual(['|']);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
  'a period of %s is a mistake of the caller, found in the call',
  (periodMs) => {
    expect(() =>
      stats(
        statsSession(() => null),
        periodMs,
      ),
    ).toThrow(SoraOptionsError);
  },
);

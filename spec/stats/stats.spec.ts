import { TestScheduler } from 'rxjs/testing';
import { asyncScheduler, take } from 'rxjs';
import { expect, test } from 'vitest';
import { type StatsSample, sampleStats } from '../../src/stats/stats.ts';
import type { PeerConnectionLike } from '../../src/platform/w3c.ts';
import { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';

const inTime = (run: (peerConnection: FakePeerConnection, samples: StatsSample[]) => void): StatsSample[] => {
  const samples: StatsSample[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    run(new FakePeerConnection(), samples);
    flush();
  });
  return samples;
};
const sample = (peerConnection: () => FakePeerConnection | null, count: number, samples: StatsSample[], periodMs = 1000): void => {
  sampleStats(peerConnection as () => PeerConnectionLike | null, periodMs, () => asyncScheduler.now())
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
    sampleStats(
      () => peerConnection,
      1000,
      () => 0,
    )
      .pipe(take(1))
      .subscribe((each) => samples.push(each));
    flush();
  });
  expect(samples[0]!.reports).toEqual([]);
});

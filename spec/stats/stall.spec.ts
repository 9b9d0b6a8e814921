import { TestScheduler } from 'rxjs/testing';
import { asyncScheduler, take } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { avOffsetMs } from '../../src/stats/av-offset.ts';
import { inboundStats } from '../../src/stats/inbound-stats.ts';
import { byId } from '../../src/stats/stats-report.ts';
import { sampleStats } from '../../src/stats/stats.ts';
import type { PeerConnectionLike } from '../../src/platform/w3c.ts';
import { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';

type Entry = Record<string, unknown>;

const nominated: Entry = { id: 'P', type: 'candidate-pair', state: 'succeeded', nominated: true };
const video: Entry = { id: 'I', type: 'inbound-rtp', kind: 'video', packetsReceived: 9 };
const transport = (bytesReceived: number, more: Entry = {}): Entry => ({
  id: 'T',
  type: 'transport',
  selectedCandidatePairId: 'P',
  dtlsState: 'connected',
  bytesReceived,
  ...more,
});

/** What samples say whose reports are these, one a second; null is a second without an answer. */
function stalledOver(...reports: readonly (readonly Entry[] | null)[]): unknown[] {
  const stalled: unknown[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const peerConnection = new FakePeerConnection();
    const answer = (entries: readonly Entry[] | null | undefined, at: number): void => {
      if (entries === null) peerConnection.script.next('getStats', { rejects: new Error('not now') });
      else peerConnection.stats = (entries ?? []).map((entry) => ({ timestamp: at, ...entry }));
    };
    answer(reports[0], 0);
    reports.slice(1).forEach((entries, index) => {
      asyncScheduler.schedule(() => answer(entries, (index + 1) * 1000), index * 1000 + 500);
    });
    sampleStats(
      () => peerConnection as PeerConnectionLike,
      1000,
      () => asyncScheduler.now(),
    )
      .pipe(take(reports.filter((each) => each !== null).length))
      .subscribe((sample) => stalled.push(sample.stalled));
    flush();
  });
  return stalled;
}

const over = (counts: readonly number[], ...others: readonly Entry[]): unknown[] =>
  stalledOver(...counts.map((bytes) => [transport(bytes), ...others]));

describe('stalled', () => {
  test('after three intervals in which nothing came in, and until something does', () => {
    expect(over([0, 100, 100, 100, 100, 100, 101, 101], nominated, video)).toEqual([null, false, false, false, true, true, false, false]);
  });

  test('counted anew after anything that came', () => {
    expect(over([0, 0, 0, 1, 1, 1, 1], nominated, video)).toEqual([null, false, false, false, false, false, true]);
  });

  test('unknown where no media were received: nothing is expected then', () => {
    const silent = { ...video, packetsReceived: 0 };
    expect(over([5, 5, 5, 5, 5], nominated)).toEqual([null, null, null, null, null]);
    expect(over([5, 5, 5, 5, 5], nominated, silent)).toEqual([null, null, null, null, null]);
  });

  test('unknown while there is no way, or it is not connected', () => {
    expect(over([5, 5, 5, 5], video)).toEqual([null, null, null, null]);
    const connecting = (): Entry[] => [transport(5, { dtlsState: 'connecting' }), nominated, video];
    expect(stalledOver(connecting(), connecting(), connecting(), connecting())).toEqual([null, null, null, null]);
  });

  test('a counter that falls, and a sample behind a gap, begin anew', () => {
    expect(over([9, 9, 9, 1, 1, 1, 1], nominated, video)).toEqual([null, false, false, null, false, false, true]);
    const report = [transport(9), nominated, video];
    expect(stalledOver(report, report, report, null, null, null, report, report)).toEqual([null, false, false, null, false]);
  });

  test('a packet that the pair of candidates tells of is one', () => {
    const at = (lastPacketReceivedTimestamp: number): Entry[] => [transport(9), { ...nominated, lastPacketReceivedTimestamp }, video];
    expect(stalledOver(at(1), at(1), at(1), at(2), at(2), at(2), at(2))).toEqual([null, false, false, false, false, false, true]);
  });

  test('a browser without statistics of the transport tells by the pair', () => {
    const report = [{ ...nominated, bytesReceived: 9 }, video];
    expect(stalledOver(report, report, report, report)).toEqual([null, false, false, true]);
  });

  test('undefined where neither is told', () => {
    const report = [{ id: 'T', type: 'transport', selectedCandidatePairId: 'P' }, nominated, video];
    expect(stalledOver(report, report)).toEqual([undefined, undefined]);
  });
});

describe('avOffsetMs()', () => {
  const row = (kind: string, estimatedPlayoutTimestamp?: number) =>
    inboundStats({ now: byId([{ id: kind, type: 'inbound-rtp', kind, estimatedPlayoutTimestamp }]), before: new Map() })[0]!;

  test.each([
    ['the sound is ahead', 5040, 5000, 40],
    ['the picture is ahead', 5000, 5125, -125],
    ['together', 5000, 5000, 0],
  ])('%s', (_, audio, picture, offset) => {
    expect(avOffsetMs(row('audio', audio), row('video', picture))).toBe(offset);
  });

  test('undefined where one is not told, null while one is not known', () => {
    expect(avOffsetMs(row('audio'), row('video', 1))).toBeUndefined();
    expect(avOffsetMs(row('audio', 1), row('video'))).toBeUndefined();
    expect(avOffsetMs({ playoutTimeMs: null }, row('video', 1))).toBeNull();
  });
});

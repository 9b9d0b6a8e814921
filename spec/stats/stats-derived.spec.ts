import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { type InboundStats, inboundStats } from '../../src/stats/inbound-stats.ts';
import { type OutboundStats, outboundStats } from '../../src/stats/outbound-stats.ts';
import { type DataChannelStats, type PathStats, dataChannelStats, pathStats, playoutGapRatio } from '../../src/stats/path-stats.ts';
import { byId } from '../../src/stats/stats-report.ts';

type Entry = Record<string, unknown>;

const pairOf = (before: readonly Entry[], now: readonly Entry[]) => ({ before: byId(before), now: byId(now) });
const inbound = (before: Entry, now: Entry): InboundStats => inboundStats(pairOf([entry(before, 0)], [entry(now, 2000)]))[0]!;
const entry = (members: Entry, timestamp: number): Entry => ({
  id: 'I',
  type: 'inbound-rtp',
  kind: 'video',
  ssrc: 1,
  timestamp,
  ...members,
});

describe('inbound', () => {
  test('rates are per second of the clock of the statistics', () => {
    expect(inbound({ bytesReceived: 1000, packetsReceived: 10 }, { bytesReceived: 3000, packetsReceived: 20 })).toMatchObject({
      bitsPerSecond: 8000,
      packetsPerSecond: 5,
    });
  });

  test.each([
    [
      'packets that came and packets that were lost',
      { packetsLost: 5, packetsReceived: 0 },
      { packetsLost: 10, packetsReceived: 15 },
      0.25,
    ],
    ['a late packet is no negative loss', { packetsLost: 5, packetsReceived: 0 }, { packetsLost: 3, packetsReceived: 10 }, 0],
    ['below zero as well', { packetsLost: 0, packetsReceived: 0 }, { packetsLost: -3, packetsReceived: 10 }, 0],
    ['nothing came and nothing was lost', { packetsLost: 5, packetsReceived: 9 }, { packetsLost: 5, packetsReceived: 9 }, null],
    ['a runtime that does not tell', { packetsReceived: 0 }, { packetsReceived: 5 }, undefined],
  ])('loss: %s', (_, before, now, ratio) => {
    expect(inbound(before, now).lossRatio).toBe(ratio);
  });

  test('what is told as it stands, seconds as milliseconds', () => {
    expect(inbound({}, { jitter: 0.02, frameWidth: 640, frameHeight: 360 })).toMatchObject({ jitterMs: 20, width: 640, height: 360 });
  });

  test('means over the interval', () => {
    const before = {
      jitterBufferDelay: 0,
      jitterBufferTargetDelay: 0,
      jitterBufferMinimumDelay: 0,
      jitterBufferEmittedCount: 0,
      framesDecoded: 0,
      totalDecodeTime: 0,
      totalProcessingDelay: 0,
      qpSum: 0,
      totalCorruptionProbability: 0,
      corruptionMeasurements: 0,
    };
    const now = {
      jitterBufferDelay: 2,
      jitterBufferTargetDelay: 3,
      jitterBufferMinimumDelay: 1,
      jitterBufferEmittedCount: 50,
      framesDecoded: 60,
      totalDecodeTime: 0.3,
      totalProcessingDelay: 6,
      qpSum: 1200,
      totalCorruptionProbability: 0.5,
      corruptionMeasurements: 10,
    };
    expect(inbound(before, now)).toMatchObject({
      jitterBufferDelayMs: 40,
      jitterBufferTargetDelayMs: 60,
      jitterBufferMinimumDelayMs: 20,
      framesPerSecond: 30,
      decodeTimeMs: 5,
      processingDelayMs: 100,
      quantizer: 20,
      corruption: 0.05,
    });
  });

  test('freezes and pauses', () => {
    const before = { totalFreezesDuration: 1, freezeCount: 1, totalPausesDuration: 0 };
    expect(inbound(before, { totalFreezesDuration: 1.5, freezeCount: 3, totalPausesDuration: 0.25 })).toMatchObject({
      freezeRatio: 0.25,
      freezes: 2,
      pausedMs: 250,
    });
  });

  test('variance of the gaps between frames, by rendered frames where they are told', () => {
    const before = { totalSquaredInterFrameDelay: 0, totalInterFrameDelay: 0, framesDecoded: 0 };
    // Gaps of 0.1 and 0.3 s: mean 0.2, variance 0.01.
    const now = { totalSquaredInterFrameDelay: 0.1, totalInterFrameDelay: 0.4, framesDecoded: 2 };
    expect(inbound(before, now).frameGapVariance).toBeCloseTo(0.01);
    expect(inbound({ ...before, framesRendered: 0 }, { ...now, framesRendered: 4 }).frameGapVariance).toBeCloseTo(0.015);
    expect(inbound(before, { ...before, framesDecoded: 0 }).frameGapVariance).toBeNull();
  });

  test('sound', () => {
    const before = {
      concealedSamples: 0,
      silentConcealedSamples: 0,
      totalSamplesReceived: 0,
      totalAudioEnergy: 0,
      totalSamplesDuration: 0,
    };
    const now = {
      concealedSamples: 300,
      silentConcealedSamples: 100,
      totalSamplesReceived: 1000,
      totalAudioEnergy: 0.5,
      totalSamplesDuration: 2,
    };
    expect(inbound(before, now)).toMatchObject({ concealmentRatio: 0.2, audioLevel: 0.5 });
  });

  test('names and codec', () => {
    const now = [entry({ trackIdentifier: 'T', mid: '3', codecId: 'C' }, 0), { id: 'C', type: 'codec', mimeType: 'video/VP9' }];
    expect(inboundStats(pairOf([], now))[0]).toMatchObject({ id: 'I', kind: 'video', trackIdentifier: 'T', mid: '3', codec: 'video/VP9' });
    expect(inboundStats(pairOf([], [{ id: 'J', type: 'inbound-rtp' }]))[0]).toMatchObject({ id: 'J', kind: '' });
  });
});

describe('three states', () => {
  test('the first sample knows no difference, and says what is not told', () => {
    const [row] = inboundStats(pairOf([], [entry({ bytesReceived: 5, jitter: 0.1 }, 0)]));
    expect([row!.bitsPerSecond, row!.packetsPerSecond, row!.jitterMs]).toEqual([null, undefined, 100]);
  });

  test.each([
    ['a counter that fell', { bytesReceived: 900, packetsReceived: 5 }],
    ['another counter that fell', { bytesReceived: 2000, packetsReceived: 1 }],
    ['another ssrc', { bytesReceived: 2000, packetsReceived: 5, ssrc: 2 }],
    ['another codec', { bytesReceived: 2000, packetsReceived: 5, codecId: 'D' }],
    ['another mid', { bytesReceived: 2000, packetsReceived: 5, mid: '7' }],
    ['a clock that stood still', { bytesReceived: 2000, packetsReceived: 5, timestamp: 0 }],
    ['a clock that went back', { bytesReceived: 2000, packetsReceived: 5, timestamp: -5 }],
    ['no clock at all', { bytesReceived: 2000, packetsReceived: 5, timestamp: 'x' }],
  ])('%s begins anew', (_, now) => {
    expect(inbound({ bytesReceived: 1000, packetsReceived: 5 }, now)).toMatchObject({ bitsPerSecond: null, packetsPerSecond: null });
  });

  test('a member that comes or goes between samples', () => {
    expect(inbound({}, { bytesReceived: 5 }).bitsPerSecond).toBeNull();
    expect(inbound({ bytesReceived: 5 }, {}).bitsPerSecond).toBeUndefined();
    expect(inbound({ bytesReceived: 5 }, { bytesReceived: Number.NaN }).bitsPerSecond).toBeUndefined();
  });

  test('a counter that is not among those that only grow gives no negative growth', () => {
    expect(inbound({ nackCount: 5 }, { nackCount: 4 }).nacksPerSecond).toBeNull();
  });
});

const outbound = (before: readonly Entry[], now: readonly Entry[]): readonly OutboundStats[] => outboundStats(pairOf(before, now));

describe('outbound', () => {
  const layer = (rid: string, timestamp: number, members: Entry = {}): Entry => ({
    id: `O${rid}`,
    type: 'outbound-rtp',
    kind: 'video',
    rid,
    ssrc: rid,
    timestamp,
    ...members,
  });

  test('one row per layer', () => {
    const rows = outbound(
      [layer('r0', 0, { bytesSent: 0 }), layer('r1', 0, { bytesSent: 0 })],
      [layer('r0', 1000, { bytesSent: 1000, active: true }), layer('r1', 1000, { bytesSent: 5000, active: false })],
    );
    expect(rows.map(({ rid, bitsPerSecond, active }) => [rid, bitsPerSecond, active])).toEqual([
      ['r0', 8000, true],
      ['r1', 40_000, false],
    ]);
  });

  test('the target, the limits and the encoder', () => {
    const before = layer('r0', 0, {
      bytesSent: 0,
      packetsSent: 0,
      retransmittedPacketsSent: 0,
      framesEncoded: 0,
      totalEncodeTime: 0,
      qpSum: 0,
      totalPacketSendDelay: 0,
      qualityLimitationDurations: { none: 1, cpu: 0, bandwidth: 0, other: 0 },
      qualityLimitationResolutionChanges: 1,
    });
    const now = layer('r0', 1000, {
      bytesSent: 10_000,
      packetsSent: 100,
      retransmittedPacketsSent: 5,
      framesEncoded: 20,
      totalEncodeTime: 0.1,
      qpSum: 400,
      totalPacketSendDelay: 2,
      targetBitrate: 100_000,
      qualityLimitationReason: 'cpu',
      qualityLimitationDurations: { none: 1.25, cpu: 0.75, bandwidth: 0, other: 0 },
      qualityLimitationResolutionChanges: 3,
    });
    const [row] = outbound([before], [now]);
    expect(row).toMatchObject({
      bitsPerSecond: 80_000,
      packetsPerSecond: 100,
      retransmitRatio: 0.05,
      framesPerSecond: 20,
      encodeTimeMs: 5,
      quantizer: 20,
      pacingDelayMs: 20,
      targetBitsPerSecond: 100_000,
      limitation: 'cpu',
      limitationShares: { none: 0.25, cpu: 0.75, bandwidth: 0, other: 0 },
      resolutionChanges: 2,
    });
    expect(row!.targetGap).toBeCloseTo(0.2);
  });

  test('limits that cannot be known', () => {
    const durations = { qualityLimitationDurations: { none: 1 } };
    expect(outbound([], [layer('r0', 0, durations)])[0]!.limitationShares).toBeNull();
    expect(outbound([layer('r0', 0, durations)], [layer('r0', 1000, durations)])[0]!.limitationShares).toBeNull();
    expect(outbound([layer('r0', 0)], [layer('r0', 1000, durations)])[0]!.limitationShares).toBeNull();
    expect(outbound([layer('r0', 0, durations)], [layer('r0', 1000)])[0]!.limitationShares).toBeUndefined();
    const shrunk = { qualityLimitationDurations: { none: 3, cpu: -1 } };
    expect(outbound([layer('r0', 0, durations)], [layer('r0', 1000, shrunk)])[0]!.limitationShares).toBeNull();
  });

  test('an inactive layer has no target', () => {
    expect(outbound([layer('r0', 0, { bytesSent: 0 })], [layer('r0', 1000, { bytesSent: 0 })])[0]).toMatchObject({ bitsPerSecond: 0 });
    expect(outbound([layer('r0', 0, { bytesSent: 0 })], [layer('r0', 1000, { bytesSent: 0 })])[0]!.targetGap).toBeUndefined();
    expect(outbound([layer('r0', 0, { bytesSent: 0 })], [layer('r0', 1000, { bytesSent: 0, targetBitrate: 0 })])[0]!.targetGap).toBeNull();
  });

  test('what the server reports of it, and what its source gives', () => {
    const remote = (timestamp: number, members: Entry): Entry => ({
      id: 'R',
      type: 'remote-inbound-rtp',
      localId: 'Or0',
      timestamp,
      ...members,
    });
    const source = { id: 'S', type: 'media-source', kind: 'video', timestamp: 0, framesPerSecond: 25 };
    const sent = (timestamp: number, packetsSent: number): Entry => layer('r0', timestamp, { packetsSent, mediaSourceId: 'S' });
    const measured = { roundTripTime: 0.05, jitter: 0.01, totalRoundTripTime: 0, roundTripTimeMeasurements: 0, packetsLost: 0 };
    const before = [sent(0, 0), remote(0, measured)];
    const later = { ...measured, totalRoundTripTime: 0.4, roundTripTimeMeasurements: 4, packetsLost: 10 };
    expect(outbound(before, [sent(1000, 100), remote(1000, later), source])[0]).toMatchObject({
      rttMs: 50,
      meanRttMs: 100,
      jitterMs: 10,
      lossRatio: 0.1,
      sourceFramesPerSecond: 25,
    });
    expect(outbound(before, [sent(1000, 100), remote(1000, { ...later, fractionLost: 0.5 })])[0]!.lossRatio).toBe(0.5);
    expect(outbound([sent(0, 0)], [sent(1000, 100)])[0]!.rttMs).toBeUndefined();
  });
});

describe('path', () => {
  const transport = (timestamp: number, selectedCandidatePairId: string, members: Entry = {}): Entry => ({
    id: 'T',
    type: 'transport',
    timestamp,
    selectedCandidatePairId,
    ...members,
  });
  const candidates = (timestamp: number, members: Entry = {}): Entry => ({
    id: 'P',
    type: 'candidate-pair',
    timestamp,
    localCandidateId: 'L',
    remoteCandidateId: 'R',
    ...members,
  });
  const ends: Entry[] = [
    { id: 'L', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' },
    { id: 'R', type: 'remote-candidate', candidateType: 'host' },
  ];
  const path = (before: readonly Entry[], now: readonly Entry[]): PathStats | null => pathStats(pairOf(before, now));

  test('rates, round trips and how it goes', () => {
    const before = [transport(0, 'P', { bytesSent: 0, bytesReceived: 0 }), candidates(0, { totalRoundTripTime: 0, responsesReceived: 0 })];
    const now = [
      transport(1000, 'P', { bytesSent: 1000, bytesReceived: 500 }),
      candidates(1000, { currentRoundTripTime: 0.02, totalRoundTripTime: 0.2, responsesReceived: 4, availableOutgoingBitrate: 1e6 }),
      ...ends,
    ];
    expect(path(before, now)).toEqual({
      sendBitsPerSecond: 8000,
      receiveBitsPerSecond: 4000,
      availableBitsPerSecond: 1e6,
      rttMs: 20,
      meanRttMs: 50,
      localCandidateType: 'relay',
      remoteCandidateType: 'host',
      protocol: 'udp',
      relayProtocol: 'tls',
    });
  });

  test('another pair is another way', () => {
    const counted = { totalRoundTripTime: 0, responsesReceived: 0 };
    const later = { totalRoundTripTime: 1, responsesReceived: 1 };
    expect(path([transport(0, 'Q'), candidates(0, counted)], [transport(1000, 'P'), candidates(1000, later)])!.meanRttMs).toBeNull();
  });

  test('a browser without transport statistics', () => {
    const sent = (timestamp: number, bytesSent: number): Entry => candidates(timestamp, { selected: true, bytesSent });
    expect(path([sent(0, 0)], [sent(1000, 100)])).toMatchObject({ sendBitsPerSecond: 800 });
    expect(path([], [candidates(0, { nominated: true, state: 'succeeded' })])).not.toBeNull();
    expect(path([], [candidates(0, { nominated: true, state: 'failed' })])).toBeNull();
  });

  test('nothing is in use yet', () => {
    expect(path([], [])).toBeNull();
    expect(path([], [transport(0, 'gone')])).toBeNull();
  });
});

test('channels, told apart by label', () => {
  const channel = (timestamp: number, members: Entry): Entry => ({ id: 'D', type: 'data-channel', label: '#chat', timestamp, ...members });
  const rows = (before: Entry, now: Entry): readonly DataChannelStats[] =>
    dataChannelStats(pairOf([channel(0, before)], [channel(500, now)]));
  const none = { bytesSent: 0, bytesReceived: 0, messagesSent: 0, messagesReceived: 0 };
  expect(rows(none, { bytesSent: 100, bytesReceived: 50, messagesSent: 2, messagesReceived: 1, state: 'open' })).toEqual([
    {
      label: '#chat',
      state: 'open',
      sentBytesPerSecond: 200,
      receivedBytesPerSecond: 100,
      sentMessagesPerSecond: 4,
      receivedMessagesPerSecond: 2,
    },
  ]);
  expect(dataChannelStats(pairOf([], [{ id: 'E', type: 'data-channel' }]))[0]!.label).toBe('');
});

test('playout', () => {
  const played = (timestamp: number, synthesizedSamplesDuration: number, totalSamplesDuration: number): Entry => ({
    id: 'A',
    type: 'media-playout',
    timestamp,
    synthesizedSamplesDuration,
    totalSamplesDuration,
  });
  expect(playoutGapRatio(pairOf([played(0, 0, 0)], [played(1000, 0.1, 1)]))).toBeCloseTo(0.1);
  expect(playoutGapRatio(pairOf([], []))).toBeUndefined();
});

test('what is no entry is left out', () => {
  expect(byId([null, 'x', {}, { id: 7 }, { id: 'A' }]).size).toBe(1);
});

const counters = ['bytesSent', 'packetsSent', 'framesEncoded', 'totalEncodeTime', 'qpSum', 'nackCount', 'retransmittedPacketsSent'];
const received = [
  'bytesReceived',
  'packetsReceived',
  'packetsLost',
  'framesDecoded',
  'totalDecodeTime',
  'jitterBufferDelay',
  'jitterBufferEmittedCount',
  'totalFreezesDuration',
  'totalInterFrameDelay',
  'totalSquaredInterFrameDelay',
  'concealedSamples',
  'silentConcealedSamples',
  'totalSamplesReceived',
  'totalAudioEnergy',
  'totalSamplesDuration',
];

/** A member may be anything that a browser, a polyfill or a fault can give. */
const anyMember = fc.oneof(
  { weight: 8, arbitrary: fc.nat(1_000_000) },
  fc.double(),
  fc.constantFrom<unknown>(undefined, null, 'x', Number.NaN, Number.POSITIVE_INFINITY, -1),
);
const anyEntry = (type: string, members: readonly string[]): fc.Arbitrary<Entry> =>
  fc
    .record(Object.fromEntries(members.map((member) => [member, anyMember])), { requiredKeys: [] })
    .chain((given) => fc.record({ timestamp: anyMember }).map(({ timestamp }) => ({ id: 'X', type, ...given, timestamp })));

const measuresOf = (row: object): unknown[] =>
  Object.values(row).filter((measure) => typeof measure !== 'string' && typeof measure !== 'boolean');
const isMeasure = (measure: unknown): boolean =>
  measure === null || measure === undefined || (typeof measure === 'number' && Number.isFinite(measure)) || typeof measure === 'object';

describe('properties', () => {
  propertyTest.prop([anyEntry('inbound-rtp', received), anyEntry('inbound-rtp', received)])(
    'nothing is ever NaN or infinite',
    (before, now) => {
      const [row] = inboundStats(pairOf([before], [now]));
      expect(measuresOf(row!).every(isMeasure)).toBe(true);
    },
  );

  propertyTest.prop([anyEntry('outbound-rtp', counters), anyEntry('outbound-rtp', counters)])('neither is what is sent', (before, now) => {
    const [row] = outbound([before], [now]);
    expect(measuresOf(row!).every(isMeasure)).toBe(true);
  });

  const growth = fc.record(Object.fromEntries(received.map((member) => [member, fc.nat(10_000)])));
  propertyTest.prop([growth, growth, fc.integer({ min: 1, max: 100_000 })])(
    'what only grows gives no negative rate',
    (start, grown, elapsedMs) => {
      const end = Object.fromEntries(received.map((member) => [member, (start[member] ?? 0) + (grown[member] ?? 0)]));
      const [row] = inboundStats(pairOf([entry(start, 0)], [entry(end, elapsedMs)]));
      expect(measuresOf(row!).every((measure) => typeof measure !== 'number' || measure >= 0)).toBe(true);
      const { lossRatio, bitsPerSecond } = row!;
      expect(lossRatio === null || (lossRatio! >= 0 && lossRatio! <= 1)).toBe(true);
      expect(bitsPerSecond).toBeCloseTo((8 * (grown['bytesReceived'] ?? 0)) / (elapsedMs / 1000));
    },
  );

  propertyTest.prop([growth, growth])('the first sample and the first after a restart know no difference', (first, second) => {
    const [row] = inboundStats(pairOf([], [entry(first, 0)]));
    expect(row!.bitsPerSecond).toBeNull();
    const restarted = { ...second, bytesReceived: -1 };
    const [again] = inboundStats(pairOf([entry(first, 0)], [entry(restarted, 1000)]));
    expect([again!.bitsPerSecond, again!.packetsPerSecond, again!.framesPerSecond]).toEqual([null, null, null]);
  });
});

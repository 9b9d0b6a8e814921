import { type Change, type Measure, combine, difference, divide, firstOf, increase, per, rate, textOf, value } from './stats-change.ts';
import { type ReportPair, changesOf, linked } from './stats-report.ts';

/** One media stream that is received. Times are in milliseconds, ratios from 0 to 1. @source W3C webrtc-stats, RTCInboundRtpStreamStats */
export interface InboundStats {
  readonly id: string;
  readonly kind: string;
  /** Id of the received track. */
  readonly trackIdentifier?: string;
  readonly mid?: string;
  /** Such as `video/VP9`. */
  readonly codec?: string;
  /** Payload without headers. */
  readonly bitsPerSecond: Measure;
  readonly packetsPerSecond: Measure;
  /** Lost packets of all that were sent to us; late ones that arrive after all count against it. */
  readonly lossRatio: Measure;
  readonly jitterMs: Measure;
  /** How long a frame or sample waited in the jitter buffer, and how long it was meant to. */
  readonly jitterBufferDelayMs: Measure;
  readonly jitterBufferTargetDelayMs: Measure;
  readonly jitterBufferMinimumDelayMs: Measure;
  readonly width: Measure;
  readonly height: Measure;
  readonly framesPerSecond: Measure;
  readonly decodeTimeMs: Measure;
  /** From the first packet of a frame to its decoded picture. */
  readonly processingDelayMs: Measure;
  /** Mean quantizer; comparable within one codec only. */
  readonly quantizer: Measure;
  /** Time frozen of all time. A freeze that still goes on is not counted yet: the counter moves when the next frame shows. */
  readonly freezeRatio: Measure;
  readonly freezes: Measure;
  readonly pausedMs: Measure;
  /** Variance of the time between frames, in square seconds; counted by decoded frames where rendered ones are not told. */
  readonly frameGapVariance: Measure;
  /** The moment that is being played, in milliseconds on the sender's clock; `avOffsetMs()` compares those of sound and picture. */
  readonly playoutTimeMs: Measure;
  /** Audible concealed samples of all. */
  readonly concealmentRatio: Measure;
  /** Root mean square of the sound, 0 to 1. */
  readonly audioLevel: Measure;
  readonly nacksPerSecond: Measure;
  readonly plisPerSecond: Measure;
  readonly firsPerSecond: Measure;
  /** Estimated probability that a picture is corrupt. */
  readonly corruption: Measure;
}

export function inboundStats(pair: ReportPair): readonly InboundStats[] {
  return changesOf(pair, 'inbound-rtp').map((change): InboundStats => {
    const { now } = change;
    const [trackIdentifier, mid] = [textOf(now, 'trackIdentifier'), textOf(now, 'mid')];
    const codec = textOf(linked(pair, now, 'codecId').now, 'mimeType');
    return {
      id: textOf(now, 'id') ?? '',
      kind: textOf(now, 'kind') ?? '',
      ...(trackIdentifier !== undefined && { trackIdentifier }),
      ...(mid !== undefined && { mid }),
      ...(codec !== undefined && { codec }),
      bitsPerSecond: rate(change, 'bytesReceived', 8),
      packetsPerSecond: rate(change, 'packetsReceived'),
      lossRatio: lossRatio(change),
      jitterMs: value(change, 'jitter', 1000),
      jitterBufferDelayMs: per(change, 'jitterBufferDelay', 'jitterBufferEmittedCount', 1000),
      jitterBufferTargetDelayMs: per(change, 'jitterBufferTargetDelay', 'jitterBufferEmittedCount', 1000),
      jitterBufferMinimumDelayMs: per(change, 'jitterBufferMinimumDelay', 'jitterBufferEmittedCount', 1000),
      width: value(change, 'frameWidth'),
      height: value(change, 'frameHeight'),
      framesPerSecond: rate(change, 'framesDecoded'),
      decodeTimeMs: per(change, 'totalDecodeTime', 'framesDecoded', 1000),
      processingDelayMs: per(change, 'totalProcessingDelay', 'framesDecoded', 1000),
      quantizer: per(change, 'qpSum', 'framesDecoded'),
      freezeRatio: rate(change, 'totalFreezesDuration'),
      freezes: increase(change, 'freezeCount'),
      pausedMs: increase(change, 'totalPausesDuration', 1000),
      frameGapVariance: frameGapVariance(change),
      playoutTimeMs: value(change, 'estimatedPlayoutTimestamp'),
      concealmentRatio: concealmentRatio(change),
      audioLevel: audioLevel(change),
      nacksPerSecond: rate(change, 'nackCount'),
      plisPerSecond: rate(change, 'pliCount'),
      firsPerSecond: rate(change, 'firCount'),
      corruption: per(change, 'totalCorruptionProbability', 'corruptionMeasurements'),
    };
  });
}

/** `packetsLost` may fall, and below zero: then nothing was lost in this interval. */
function lossRatio(change: Change): Measure {
  return combine([difference(change, 'packetsLost'), increase(change, 'packetsReceived')], ([lost = 0, received = 0]) => {
    const missing = Math.max(0, lost);
    return received + missing > 0 ? missing / (received + missing) : null;
  });
}

function frameGapVariance(change: Change): Measure {
  const frames = firstOf(increase(change, 'framesRendered'), increase(change, 'framesDecoded'));
  const gaps = [increase(change, 'totalSquaredInterFrameDelay'), increase(change, 'totalInterFrameDelay'), frames];
  return combine(gaps, ([squares = 0, sum = 0, count = 0]) => (count > 0 ? Math.max(0, (squares - sum ** 2 / count) / count) : null));
}

function concealmentRatio(change: Change): Measure {
  const concealed = increase(change, 'concealedSamples');
  const audible = combine([concealed, increase(change, 'silentConcealedSamples')], ([all = 0, silent = 0]) => Math.max(0, all - silent));
  return divide(audible, increase(change, 'totalSamplesReceived'));
}

/** @source W3C webrtc-stats, totalAudioEnergy */
export function audioLevel(change: Change): Measure {
  return combine([per(change, 'totalAudioEnergy', 'totalSamplesDuration')], ([power = 0]) => Math.sqrt(power));
}

import { audioLevel } from './inbound-stats.ts';
import { type Change, type Measure, combine, difference, divide, firstOf, increase, per, rate, textOf, value } from './stats-change.ts';
import { NOTHING, type ReportPair, changesOf, linked } from './stats-report.ts';

/** Why a sender does not encode as well as it should, as shares of the time. @source W3C webrtc-stats, qualityLimitationDurations */
export interface LimitationShares {
  readonly none: number;
  readonly cpu: number;
  readonly bandwidth: number;
  readonly other: number;
}

/** One media stream that is sent; of simulcast one layer. Times are in milliseconds. @source W3C webrtc-stats, RTCOutboundRtpStreamStats */
export interface OutboundStats {
  readonly id: string;
  readonly kind: string;
  /** The layer, where there are several. */
  readonly rid?: string;
  readonly mid?: string;
  /** Such as `video/VP9`. */
  readonly codec?: string;
  /** Whether the layer is sent at all. */
  readonly active?: boolean;
  /** Payload without headers. */
  readonly bitsPerSecond: Measure;
  readonly packetsPerSecond: Measure;
  /** Packets that were sent again, of all. */
  readonly retransmitRatio: Measure;
  /** What the server reports as lost. */
  readonly lossRatio: Measure;
  /** Round trip as last measured, and its mean over the interval. */
  readonly rttMs: Measure;
  readonly meanRttMs: Measure;
  readonly jitterMs: Measure;
  readonly width: Measure;
  readonly height: Measure;
  readonly framesPerSecond: Measure;
  /** What the camera or screen gives. */
  readonly sourceFramesPerSecond: Measure;
  readonly encodeTimeMs: Measure;
  /** Mean quantizer; comparable within one codec only. */
  readonly quantizer: Measure;
  /** How long packets waited to be sent. */
  readonly pacingDelayMs: Measure;
  readonly targetBitsPerSecond: Measure;
  /** How far the sender stays below its target, as a ratio. */
  readonly targetGap: Measure;
  /** What limits the quality now: `none`, `cpu`, `bandwidth`, `other`. */
  readonly limitation?: string;
  readonly limitationShares: LimitationShares | null | undefined;
  readonly resolutionChanges: Measure;
  /** Root mean square of the sound, 0 to 1. */
  readonly audioLevel: Measure;
  readonly nacksPerSecond: Measure;
  readonly plisPerSecond: Measure;
  readonly firsPerSecond: Measure;
}

export function outboundStats(pair: ReportPair): readonly OutboundStats[] {
  const remotes = changesOf(pair, 'remote-inbound-rtp');
  return changesOf(pair, 'outbound-rtp').map((change): OutboundStats => {
    const { now } = change;
    const remote = remotes.find((each) => each.now['localId'] === now['id']) ?? NOTHING;
    const source = linked(pair, now, 'mediaSourceId');
    const [rid, mid, limitation] = [textOf(now, 'rid'), textOf(now, 'mid'), textOf(now, 'qualityLimitationReason')];
    const codec = textOf(linked(pair, now, 'codecId').now, 'mimeType');
    const { active } = now;
    const bitsPerSecond = rate(change, 'bytesSent', 8);
    const targetBitsPerSecond = value(change, 'targetBitrate');
    return {
      id: textOf(now, 'id') ?? '',
      kind: textOf(now, 'kind') ?? '',
      ...(rid !== undefined && { rid }),
      ...(mid !== undefined && { mid }),
      ...(codec !== undefined && { codec }),
      ...(typeof active === 'boolean' && { active }),
      bitsPerSecond,
      packetsPerSecond: rate(change, 'packetsSent'),
      retransmitRatio: per(change, 'retransmittedPacketsSent', 'packetsSent'),
      lossRatio: firstOf(value(remote, 'fractionLost'), reportedLoss(remote, change)),
      rttMs: value(remote, 'roundTripTime', 1000),
      meanRttMs: per(remote, 'totalRoundTripTime', 'roundTripTimeMeasurements', 1000),
      jitterMs: value(remote, 'jitter', 1000),
      width: value(change, 'frameWidth'),
      height: value(change, 'frameHeight'),
      framesPerSecond: rate(change, 'framesEncoded'),
      sourceFramesPerSecond: value(source, 'framesPerSecond'),
      encodeTimeMs: per(change, 'totalEncodeTime', 'framesEncoded', 1000),
      quantizer: per(change, 'qpSum', 'framesEncoded'),
      pacingDelayMs: per(change, 'totalPacketSendDelay', 'packetsSent', 1000),
      targetBitsPerSecond,
      targetGap: combine([bitsPerSecond, targetBitsPerSecond], ([bits = 0, target = 0]) => (target > 0 ? 1 - bits / target : null)),
      ...(limitation !== undefined && { limitation }),
      limitationShares: limitationShares(change),
      resolutionChanges: increase(change, 'qualityLimitationResolutionChanges'),
      audioLevel: audioLevel(source),
      nacksPerSecond: rate(change, 'nackCount'),
      plisPerSecond: rate(change, 'pliCount'),
      firsPerSecond: rate(change, 'firCount'),
    };
  });
}

function reportedLoss(remote: Change, sent: Change): Measure {
  const lost = combine([difference(remote, 'packetsLost')], ([packets = 0]) => Math.max(0, packets));
  return divide(lost, increase(sent, 'packetsSent'));
}

function limitationShares({ now, before }: Change): LimitationShares | null | undefined {
  const durations = durationsOf(now);
  if (durations === undefined) return undefined;
  const earlier = before === null ? undefined : durationsOf(before);
  if (earlier === undefined) return null;
  const grown = REASONS.map((reason) => (durations[reason] ?? 0) - (earlier[reason] ?? 0));
  const total = grown.reduce((sum, each) => sum + each, 0);
  if (!(total > 0) || grown.some((each) => !(each >= 0))) return null;
  const [none = 0, cpu = 0, bandwidth = 0, other = 0] = grown.map((each) => each / total);
  return { none, cpu, bandwidth, other };
}

const REASONS = ['none', 'cpu', 'bandwidth', 'other'] as const;

function durationsOf({ qualityLimitationDurations: durations }: Change['now']): Readonly<Record<string, number>> | undefined {
  return typeof durations === 'object' && durations !== null ? (durations as Readonly<Record<string, number>>) : undefined;
}

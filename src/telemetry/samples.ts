import type { Attributes } from '@opentelemetry/api';
import type { DataChannelLike } from '../platform/w3c.ts';
import type { OutboundStats } from '../stats/outbound-stats.ts';
import type { Measure } from '../stats/stats-change.ts';
import type { StatsSample } from '../stats/stats.ts';
import type { Emit } from './events.ts';
import type { Instruments } from './instruments.ts';
import { type RtpGrowth, entriesById, rtpGrowth } from './rtp-growth.ts';
import * as names from './semconv.ts';
import { withoutUndefined } from './session-facts.ts';

/** What the statistics of a session are to telemetry: metrics at each look, events at changes, and the last look at the end. */
export interface Samples {
  readonly take: (sample: StatsSample, channels: readonly DataChannelLike[], sctpState: string | undefined) => void;
  /** The last sample in attributes. @param at milliseconds on the session's clock */
  readonly attributes: (at: number) => Attributes;
}

export function createSamples(instruments: Instruments | null, emit: Emit): Samples {
  let last: StatsSample | null = null;
  let sctp: string | undefined;
  let entries: ReturnType<typeof entriesById> = new Map();
  let isStalled = false;
  const limitations = new Map<string, string>();

  return {
    take(sample, channels, sctpState) {
      const growths = rtpGrowth(sample.reports, entries);
      if (instruments !== null) measure(sample, growths, channels, instruments);
      if (sample.stalled === true && !isStalled) emit(names.EVENT_STALLED, 'WARN', {});
      if (sample.stalled === false && isStalled) emit(names.EVENT_RECOVERED, 'INFO', {});
      isStalled = sample.stalled ?? isStalled;
      for (const row of sample.outbound) noteLimitation(row, limitations, emit);
      if (last !== null) noteFreezes(growths, emit);
      entries = entriesById(sample.reports);
      last = sample;
      sctp = sctpState;
    },
    attributes: (at) => (last === null ? {} : withoutUndefined({ ...sampleAttributes(last, at), [names.ATTR_SCTP_STATE]: sctp })),
  };
}

function measure(
  { path, inbound }: StatsSample,
  growths: readonly RtpGrowth[],
  channels: readonly DataChannelLike[],
  instruments: Instruments,
): void {
  for (const { direction, kind, bytes, packets, packetsLost, freezes, frozenSeconds, limitedSeconds } of growths) {
    const attributes = { [names.ATTR_RTP_DIRECTION]: direction, [names.ATTR_MEDIA_KIND]: kind };
    if (bytes > 0) instruments.rtpIo.add(bytes, attributes);
    if (packets > 0) instruments.packets.add(packets, attributes);
    if (packetsLost > 0) instruments.packetsLost.add(packetsLost, attributes);
    if (freezes > 0) instruments.freezes.add(freezes);
    if (frozenSeconds > 0) instruments.freezeDuration.add(frozenSeconds);
    for (const [reason, seconds] of Object.entries(limitedSeconds)) {
      instruments.limitationDuration.add(seconds, { [names.ATTR_QUALITY_LIMITATION_REASON]: reason });
    }
  }
  if (typeof path?.rttMs === 'number') instruments.rtt.record(path.rttMs / 1000);
  for (const { kind, jitterMs, concealmentRatio } of inbound) {
    if (typeof jitterMs === 'number') instruments.jitter.record(jitterMs / 1000, { [names.ATTR_MEDIA_KIND]: kind });
    if (kind === 'audio' && typeof concealmentRatio === 'number') instruments.concealment.record(concealmentRatio);
  }
  const buffered = new Map<string, number>();
  for (const { label, readyState, bufferedAmount } of channels) {
    if (readyState !== 'open' || typeof bufferedAmount !== 'number') continue;
    // Labels are of the application's choosing, and there may be many.
    const group = label.startsWith('#') ? 'messaging' : 'signaling';
    buffered.set(group, (buffered.get(group) ?? 0) + bufferedAmount);
  }
  for (const [group, bytes] of buffered) instruments.buffered.record(bytes, { [names.ATTR_DATA_CHANNEL_CLASS]: group });
}

function noteLimitation({ id, kind, rid, limitation }: OutboundStats, limitations: Map<string, string>, emit: Emit): void {
  if (limitation === undefined) return;
  const previous = limitations.get(id) ?? 'none';
  limitations.set(id, limitation);
  if (previous === limitation) return;
  const attributes = {
    [names.ATTR_MEDIA_KIND]: kind,
    [names.ATTR_RID]: rid,
    [names.ATTR_QUALITY_LIMITATION_REASON]: limitation,
    [names.ATTR_QUALITY_LIMITATION_PREVIOUS_REASON]: previous,
  };
  emit(names.EVENT_QUALITY_CHANGED, limitation === 'none' ? 'INFO' : 'WARN', withoutUndefined(attributes));
}

function noteFreezes(growths: readonly RtpGrowth[], emit: Emit): void {
  for (const { kind, freezes } of growths) {
    if (freezes > 0) emit(names.EVENT_TRACK_FROZEN, 'WARN', { [names.ATTR_MEDIA_KIND]: kind, [names.ATTR_FREEZE_COUNT]: freezes });
  }
}

function sampleAttributes({ at, path, inbound, outbound, stalled, reports }: StatsSample, now: number): Attributes {
  const [transport] = (reports as readonly { readonly type?: unknown; readonly dtlsState?: unknown }[]).filter(
    ({ type }) => type === 'transport',
  );
  const dtls = transport?.dtlsState;
  return {
    [names.ATTR_SAMPLE_AGE]: Math.max(0, now - at) / 1000,
    [names.ATTR_SAMPLE_RTT]: seconds(path?.rttMs),
    [names.ATTR_SAMPLE_AVAILABLE_BITRATE]: path?.availableBitsPerSecond ?? undefined,
    [names.ATTR_SAMPLE_STALLED]: stalled ?? undefined,
    [names.ATTR_SAMPLE_INBOUND_BITRATE]: sum(inbound.map(({ bitsPerSecond }) => bitsPerSecond)),
    [names.ATTR_SAMPLE_INBOUND_LOSS_RATIO]: most(inbound.map(({ lossRatio }) => lossRatio)),
    [names.ATTR_SAMPLE_INBOUND_JITTER]: seconds(most(inbound.map(({ jitterMs }) => jitterMs))),
    [names.ATTR_SAMPLE_OUTBOUND_BITRATE]: sum(outbound.map(({ bitsPerSecond }) => bitsPerSecond)),
    [names.ATTR_SAMPLE_OUTBOUND_LOSS_RATIO]: most(outbound.map(({ lossRatio }) => lossRatio)),
    [names.ATTR_LOCAL_CANDIDATE_TYPE]: path?.localCandidateType,
    [names.ATTR_REMOTE_CANDIDATE_TYPE]: path?.remoteCandidateType,
    [names.ATTR_RELAY_PROTOCOL]: path?.relayProtocol,
    [names.ATTR_NETWORK_TRANSPORT]: path?.protocol,
    [names.ATTR_DTLS_STATE]: typeof dtls === 'string' ? dtls : undefined,
  };
}

const seconds = (ms: Measure): number | undefined => (typeof ms === 'number' ? ms / 1000 : undefined);

const known = (measures: readonly Measure[]): readonly number[] => measures.filter((measure) => typeof measure === 'number');

const sum = (measures: readonly Measure[]): number | undefined => {
  const numbers = known(measures);
  return numbers.length === 0 ? undefined : numbers.reduce((total, each) => total + each, 0);
};

const most = (measures: readonly Measure[]): number | undefined => {
  const numbers = known(measures);
  return numbers.length === 0 ? undefined : Math.max(...numbers);
};

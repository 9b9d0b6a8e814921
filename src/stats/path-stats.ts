import { type Change, type Measure, type StatsEntry, changeOf, firstOf, per, rate, textOf, value } from './stats-change.ts';
import { type ReportPair, changesOf, linked } from './stats-report.ts';

/** The way on which everything goes. @source W3C webrtc-stats, RTCTransportStats and RTCIceCandidatePairStats */
export interface PathStats {
  readonly sendBitsPerSecond: Measure;
  readonly receiveBitsPerSecond: Measure;
  /** What the browser believes it can send. */
  readonly availableBitsPerSecond: Measure;
  /** Round trip as last measured, and its mean over the interval; unknown after a change of the pair. */
  readonly rttMs: Measure;
  readonly meanRttMs: Measure;
  /** `host`, `srflx`, `prflx`, `relay`. */
  readonly localCandidateType?: string;
  readonly remoteCandidateType?: string;
  /** `udp` or `tcp`, and how the TURN server is reached. */
  readonly protocol?: string;
  readonly relayProtocol?: string;
}

/** One DataChannel. @source W3C webrtc-stats, RTCDataChannelStats */
export interface DataChannelStats {
  readonly label: string;
  readonly state?: string;
  readonly sentBytesPerSecond: Measure;
  readonly receivedBytesPerSecond: Measure;
  readonly sentMessagesPerSecond: Measure;
  readonly receivedMessagesPerSecond: Measure;
}

/** Null while there is no pair of candidates in use. */
export function pathStats(pair: ReportPair): PathStats | null {
  const [transport] = changesOf(pair, 'transport');
  const selected = selectedPair(pair, transport);
  if (selected === null) return null;
  const local = linked(pair, selected.now, 'localCandidateId').now;
  const remote = linked(pair, selected.now, 'remoteCandidateId').now;
  const texts = {
    localCandidateType: textOf(local, 'candidateType'),
    remoteCandidateType: textOf(remote, 'candidateType'),
    protocol: textOf(local, 'protocol'),
    relayProtocol: textOf(local, 'relayProtocol'),
  };
  return {
    sendBitsPerSecond: firstOf(transport && rate(transport, 'bytesSent', 8), rate(selected, 'bytesSent', 8)),
    receiveBitsPerSecond: firstOf(transport && rate(transport, 'bytesReceived', 8), rate(selected, 'bytesReceived', 8)),
    availableBitsPerSecond: value(selected, 'availableOutgoingBitrate'),
    rttMs: value(selected, 'currentRoundTripTime', 1000),
    meanRttMs: per(selected, 'totalRoundTripTime', 'responsesReceived', 1000),
    ...(Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== undefined)) as Partial<Record<keyof typeof texts, string>>),
  };
}

/** Another pair than before is another way, with another round trip. Browsers without transport statistics mark the pair itself. */
export function selectedPair(pair: ReportPair, transport: Change | undefined): Change | null {
  const id = transport && textOf(transport.now, 'selectedCandidatePairId');
  const marked = [...pair.now.values()].find((entry) => entry['type'] === 'candidate-pair' && isInUse(entry));
  const found = id === undefined ? marked : pair.now.get(id);
  if (found === undefined) return null;
  const same = id === undefined || transport?.before?.['selectedCandidatePairId'] === id;
  return changeOf(found, same ? pair.before.get(textOf(found, 'id') ?? '') : undefined);
}

const isInUse = ({ selected, nominated, state }: StatsEntry): boolean => selected === true || (nominated === true && state === 'succeeded');

export function dataChannelStats(pair: ReportPair): readonly DataChannelStats[] {
  return changesOf(pair, 'data-channel').map((change): DataChannelStats => {
    const state = textOf(change.now, 'state');
    return {
      label: textOf(change.now, 'label') ?? '',
      ...(state !== undefined && { state }),
      sentBytesPerSecond: rate(change, 'bytesSent'),
      receivedBytesPerSecond: rate(change, 'bytesReceived'),
      sentMessagesPerSecond: rate(change, 'messagesSent'),
      receivedMessagesPerSecond: rate(change, 'messagesReceived'),
    };
  });
}

/** How much of what was played had to be made up. @source W3C webrtc-stats, RTCAudioPlayoutStats */
export function playoutGapRatio(pair: ReportPair): Measure {
  const [playout] = changesOf(pair, 'media-playout');
  return playout && per(playout, 'synthesizedSamplesDuration', 'totalSamplesDuration');
}

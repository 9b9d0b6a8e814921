import { selectedPair } from '../stats/path-stats.ts';
import { type Change, type Measure, difference, firstOf, increase, value } from '../stats/stats-change.ts';
import { type ReportPair, changesOf } from '../stats/stats-report.ts';

/** What has come and gone on a connection from one look to the next. */
export interface Growth {
  /** Bytes that came in; null where that cannot be known, as at the first look. Answers to checks of ICE are none. */
  readonly bytes: number | null;
  /** Milliseconds since the last packet came in, by the clock of the browser; null where it does not tell. */
  readonly quietMs: number | null;
  /** Packets of media that came in. */
  readonly media: number;
  /** Other packets that came in: with what is sent, mostly the server's reports on it. */
  readonly feedback: number;
  /** Packets of media that were lost on their way here. */
  readonly lost: number;
  /** Packets of media that were sent, and how many of them the server reported as lost. */
  readonly sent: number;
  readonly sentLost: number;
  /** Checks of ICE that were sent, and answers to them. */
  readonly checks: number;
  readonly answers: number;
  readonly roundTripMs: number | null;
  /** Whether a DataChannel carries signaling; null where the browser does not tell of channels. */
  readonly isSignalingOpen: boolean | null;
}

/**
 * What the statistics of two looks say; null where they tell of no connection.
 *
 * @source W3C webrtc-stats, RTCTransportStats, RTCIceCandidatePairStats, RTCInboundRtpStreamStats, RTCRemoteInboundRtpStreamStats
 */
export function growthOf(pair: ReportPair): Growth | null {
  const [transport] = changesOf(pair, 'transport');
  const selected = selectedPair(pair, transport);
  if (selected === null) return null;
  const both = (member: string): Measure => firstOf(transport && increase(transport, member), increase(selected, member));
  const [inbound, outbound, reports] = [
    changesOf(pair, 'inbound-rtp'),
    changesOf(pair, 'outbound-rtp'),
    changesOf(pair, 'remote-inbound-rtp'),
  ];
  const media = sum(inbound, (each) => grown(pair, each, 'packetsReceived'));
  const packets = both('packetsReceived');
  return {
    bytes: both('bytesReceived') ?? null,
    quietMs: quietMs(selected),
    media,
    // Where packets are not counted for the connection, the reports themselves are: each one brings a new timestamp.
    feedback: typeof packets === 'number' ? Math.max(0, packets - media) : reports.filter(({ seconds }) => seconds > 0).length,
    lost: sum(inbound, (each) => difference(each, 'packetsLost')),
    sent: sum(outbound, (each) => grown(pair, each, 'packetsSent')),
    sentLost: sum(reports, (each) => difference(each, 'packetsLost')),
    // Chromium has counted those of a connection that stands in a member of their own.
    checks: Math.max(known(increase(selected, 'requestsSent')), known(increase(selected, 'consentRequestsSent'))),
    answers: known(increase(selected, 'responsesReceived')),
    roundTripMs: roundTripMs(selected, reports),
    isSignalingOpen: isSignalingOpen(pair),
  };
}

const known = (measure: Measure): number => measure ?? 0;

const sum = (changes: readonly Change[], part: (change: Change) => Measure): number =>
  changes.reduce((total, change) => total + known(part(change)), 0);

/** A stream that was not there at the look before has grown from nothing. */
function grown(pair: ReportPair, change: Change, member: string): Measure {
  const { id } = change.now;
  const isNew = pair.before.size > 0 && typeof id === 'string' && !pair.before.has(id);
  return isNew ? value(change, member) : increase(change, member);
}

function quietMs({ now: { timestamp, lastPacketReceivedTimestamp: last } }: Change): number | null {
  return typeof timestamp === 'number' && typeof last === 'number' && last > 0 ? Math.max(0, timestamp - last) : null;
}

function roundTripMs(selected: Change, reports: readonly Change[]): number | null {
  const ofPair = value(selected, 'currentRoundTripTime', 1000);
  if (typeof ofPair === 'number') return ofPair;
  const told = reports.map((each) => value(each, 'roundTripTime', 1000)).filter((each) => typeof each === 'number');
  return told.length > 0 ? Math.max(...told) : null;
}

function isSignalingOpen({ now }: ReportPair): boolean | null {
  const entries = [...now.values()];
  if (!entries.some(({ type }) => type === 'data-channel' || type === 'peer-connection')) return null;
  return entries.some(({ type, label, state }) => type === 'data-channel' && label === 'signaling' && state === 'open');
}

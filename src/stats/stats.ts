import { type Observable, exhaustMap, filter, last, map, scan, takeUntil, timer } from 'rxjs';
import { longestDelayMs, numberFrom } from '../session/option-check.ts';
import type { Session } from '../session/session.ts';
import { type InboundStats, inboundStats } from './inbound-stats.ts';
import { type OutboundStats, outboundStats } from './outbound-stats.ts';
import { type DataChannelStats, type PathStats, dataChannelStats, pathStats, playoutGapRatio } from './path-stats.ts';
import { type Reading, reading } from './reading.ts';
import { stallOf } from './stall.ts';
import type { Measure, StatsEntry } from './stats-change.ts';
import { byId } from './stats-report.ts';

/** The statistics of one moment, with what they say about the time since the moment before. */
export interface StatsSample {
  /** Milliseconds on the session's clock. */
  readonly at: number;
  /** The report's entries as a flat list. @source W3C webrtc-stats */
  readonly reports: readonly RTCStats[];
  /** What is received, one row per stream. */
  readonly inbound: readonly InboundStats[];
  /** What is sent, one row per stream; of simulcast one per layer. */
  readonly outbound: readonly OutboundStats[];
  /** The way on which everything goes; null while there is none. */
  readonly path: PathStats | null;
  readonly dataChannels: readonly DataChannelStats[];
  /** How much of the sound that was played had to be made up, as a ratio. */
  readonly playoutGapRatio: Measure;
  /**
   * Whether nothing has come in for three samples in a row, although the way is connected and media were received: often seconds before ICE says
   * so. Null where nothing is expected, and behind a gap; undefined where the runtime does not tell. A sole sender that falls silent looks alike.
   */
  readonly stalled: boolean | null | undefined;
}

interface Progress {
  readonly at: number;
  readonly entries: ReadonlyMap<string, StatsEntry>;
  /** Samples in a row in which nothing came in. */
  readonly quiet: number;
  readonly sample: StatsSample;
}

/** So many periods late, a sample stands behind a time in which the page slept: its differences would say nothing. */
const GAP_PERIODS = 3;

/**
 * Statistics of the peer connection, with what they say about the time since the sample before, every `periodMs` milliseconds from when there is a peer
 * connection. A period in which the browser has not answered yet is left out. Cold: each subscription samples by itself; ends with the session, never errors.
 *
 * @throws SoraOptionsError for a period below 1
 * @example
 * ```ts
 * stats(session).subscribe(({ path, stalled }) => console.log(path, stalled));
 * ```
 * @source W3C webrtc-stats
 */
export function stats(session: Session, periodMs = 1000): Observable<StatsSample> {
  const reading$ = reading(session);
  numberFrom(1, longestDelayMs)(periodMs, 'periodMs');
  return timer(0, periodMs).pipe(
    exhaustMap(() => reading$),
    scan<Reading, Progress | null>((before, current) => follow(before, current, periodMs), null),
    filter((progress) => progress !== null),
    map(({ sample }) => sample),
    takeUntil(session.termination$.pipe(last())), // like every stream: after the value was emitted
  );
}

/** What a reading says, in the light of the one before it. */
function follow(last: Progress | null, { at, reports }: Reading, periodMs: number): Progress {
  const isComparable = last !== null && at - last.at <= periodMs * GAP_PERIODS;
  const entries = byId(reports);
  const pair = { now: entries, before: isComparable ? last.entries : new Map<string, StatsEntry>() };
  const { quiet, stalled } = stallOf(pair, isComparable ? last.quiet : 0);
  return {
    at,
    entries,
    quiet,
    sample: {
      at,
      reports,
      inbound: inboundStats(pair),
      outbound: outboundStats(pair),
      path: pathStats(pair),
      dataChannels: dataChannelStats(pair),
      playoutGapRatio: playoutGapRatio(pair),
      stalled,
    },
  };
}

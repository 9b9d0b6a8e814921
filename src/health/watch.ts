import type { StatsEntry } from '../stats/stats-change.ts';
import type { Health, HealthState } from './evidence.ts';
import { type Growth, growthOf } from './growth.ts';
import type { Heard } from './heard.ts';

/** What one look at a connection saw. */
export interface Sight {
  /** Milliseconds on the session's clock. */
  readonly at: number;
  /** The state of ICE; null without a peer connection. */
  readonly ice: string | null;
  /** The server's `unstable_level` of `network.status`; null as long as it has told none. */
  readonly networkLevel: number | null;
  readonly heard: Heard;
  /** The statistics by id; null where there was no answer. */
  readonly entries: ReadonlyMap<string, StatsEntry> | null;
}

/** What came and went in a time in which data came in. */
interface Span extends Growth {
  readonly at: number;
  readonly ms: number;
}

/** What is remembered from look to look. */
export interface Watch {
  readonly sight: Sight;
  /** The statistics that the next ones are compared with, and when they were taken. */
  readonly measured: { readonly at: number; readonly entries: ReadonlyMap<string, StatsEntry> } | null;
  /** What the last statistics said. */
  readonly growth: Growth | null;
  /** Since when looks have followed one another without a gap. */
  readonly since: number;
  /** How long the gap before was in which nothing was looked at; null where there was none. */
  readonly gapMs: number | null;
  /** The health from before that gap, as long as nothing has shown that it is over. */
  readonly held: HealthState;
  /** When data came in last, as far as is known. */
  readonly arrivedAt: number | null;
  /** When a check of ICE was last seen to be answered. */
  readonly answeredAt: number | null;
  /** The last five seconds in which data came in. */
  readonly flow: readonly Span[];
  /** Since the last data: packets of media that were sent, checks without an answer, and whether one of them was answered meanwhile. */
  readonly sentInSilence: number;
  readonly checksUnanswered: number;
  readonly isAnsweredInSilence: boolean;
  /** Since when the round trip has been too long. */
  readonly slowSince: number | null;
  /** When there was last a reason for less than good. */
  readonly badAt: number | null;
  readonly health: Health;
  /** Milliseconds until the next look; null where only an event can bring news. */
  readonly nextMs: number | null;
}

/** A look that is so late stands behind a time in which the page slept or its timers were held back: what did not come in it says nothing. */
const GAP_MS = 2000;
/** How much of the past the flow is measured by. */
const FLOW_MS = 5000;

const NOTHING_YET = {
  measured: null,
  growth: null,
  gapMs: null,
  held: 'good',
  arrivedAt: null,
  answeredAt: null,
  flow: [],
  sentInSilence: 0,
  checksUnanswered: 0,
  isAnsweredInSilence: false,
  slowSince: null,
  badAt: null,
} as const;

/** What is remembered after a look, without what follows from it. */
export type Remembered = Omit<Watch, 'health' | 'nextMs'>;

/** The first look. */
export const begun = (sight: Sight): Remembered => ({ ...NOTHING_YET, sight, since: sight.at });

/** What is remembered after the next look. */
export function remembered(before: Watch, sight: Sight, roundTripLimitMs: number): Remembered {
  const lateMs = before.nextMs === null ? 0 : sight.at - before.sight.at - before.nextMs;
  const base = lateMs > GAP_MS ? afterGap(before, sight, lateMs) : before;
  const { entries } = sight;
  if (entries === null) return { ...base, sight };
  const growth = growthOf({ now: entries, before: before.measured?.entries ?? new Map<string, StatsEntry>() });
  const next: Remembered = { ...base, sight, growth, measured: { at: sight.at, entries } };
  if (growth === null) return next;
  const ms = sight.at - (before.measured?.at ?? sight.at);
  const isSlow = growth.roundTripMs !== null && growth.roundTripMs >= roundTripLimitMs;
  return {
    ...next,
    ...(growth.bytes !== null && growth.bytes > 0 ? arrived(next, growth, ms) : silent(next, growth)),
    answeredAt: growth.answers > 0 ? sight.at : next.answeredAt,
    held: growth.answers > 0 || number(growth.bytes) > 0 ? 'good' : next.held,
    slowSince: isSlow ? (next.slowSince ?? sight.at) : null,
  };
}

const number = (value: number | null): number => value ?? 0;

/** Nothing that did not come in a gap counts against the call: everything is watched from now on. */
function afterGap(before: Watch, { at }: Sight, gapMs: number): Remembered {
  const { arrivedAt, answeredAt, measured, health } = before;
  return { ...before, ...NOTHING_YET, arrivedAt, answeredAt, measured, since: at, gapMs, held: health.state };
}

function arrived(watch: Remembered, growth: Growth, ms: number): Partial<Watch> {
  const { at } = watch.sight;
  const flow = [...watch.flow, { ...growth, at, ms }].filter((span) => span.at > at - FLOW_MS);
  return {
    arrivedAt: at - Math.min(growth.quietMs ?? 0, ms),
    // What came in a gap may have come at its beginning.
    flow: watch.since === at ? [] : flow,
    sentInSilence: 0,
    checksUnanswered: 0,
    isAnsweredInSilence: false,
  };
}

function silent(watch: Remembered, { quietMs, sent, checks, answers }: Growth): Partial<Watch> {
  const { at, heard } = watch.sight;
  const isAnswered = answers > 0;
  return {
    // The first look learns from the browser when data last came in.
    arrivedAt: watch.arrivedAt ?? (quietMs === null ? null : at - quietMs),
    // Who has left, or sends something else, is not missed.
    flow: watch.flow.filter((span) => span.at > heard.changedAt),
    sentInSilence: watch.sentInSilence + sent,
    checksUnanswered: isAnswered ? 0 : watch.checksUnanswered + checks,
    isAnsweredInSilence: watch.isAnsweredInSilence || isAnswered,
  };
}

import type { HealthEvidence, HealthState } from './evidence.ts';
import type { ResolvedLimits } from './limits.ts';
import { type Silence, pingsMissing } from './silence.ts';
import type { Remembered, Watch } from './watch.ts';

/** A state with what it is read from. */
export interface Verdict {
  readonly state: HealthState;
  readonly evidence: readonly HealthEvidence[];
  /** Whether something of this moment speaks against the call. */
  readonly isCaused: boolean;
}

/** The states of ICE in which there is a connection. */
const CONNECTED = ['connected', 'completed'];
/** How long nothing may come in while it still counts as receiving: reports on a quiet call come every five seconds. */
const RECEIVING_MS = 10_000;
/** How long an answer to a check counts: browsers check every 2.5 to 5 s. */
const ANSWERED_MS = 10_000;
/** Data that came so lately say that a connection which ICE calls disconnected still lives. */
const ALIVE_MS = 2000;
/** How long a round trip has to be too long. */
const SLOW_MS = 2000;
/** How long it has to go well before it is good again. */
const SETTLE_MS = 2000;
/** How long after a gap the health from before may stand without anything that speaks for or against it. */
const HELD_MS = 5000;
/** Fewer packets than these say nothing about how many are lost. */
const FEWEST_PACKETS = 50;
/** From look to look as long as all is good; half of it otherwise. */
const PERIOD_MS = 1000;
const SHORTEST_MS = 50;
/** A measure that was over its limit has to fall below this part of it. */
const LEEWAY = 0.8;

/** What the watch says now. */
export function verdictOf(watch: Remembered, silence: Silence, before: Watch | null, limits: ResolvedLimits): Verdict {
  const stalled = stalledBy(watch, silence);
  const unstable = unstableBy(watch, silence, before, limits);
  if (stalled.length > 0) return { state: 'stalled', evidence: [...stalled, ...unstable], isCaused: true };
  if (unstable.length > 0) return { state: 'unstable', evidence: unstable, isCaused: true };
  const { at, entries } = watch.sight;
  const held = heldBy(watch);
  if (held !== null) return { ...held, isCaused: false };
  // The browser has not answered this time: what it said before stands.
  if (entries === null && watch.growth !== null && before !== null) return { ...before.health, isCaused: false };
  // A doubt that an answered check has ended leaves nothing to recover from.
  const wellMs = watch.badAt === null || watch.isAnsweredInSilence ? SETTLE_MS : at - watch.badAt;
  if (wellMs < SETTLE_MS) return { state: 'unstable', evidence: [{ kind: 'recovering', forMs: wellMs }], isCaused: false };
  return { state: 'good', evidence: [nothingWorse(watch, silence)], isCaused: false };
}

function stalledBy(watch: Remembered, silence: Silence): readonly HealthEvidence[] {
  const { ice } = watch.sight;
  const isDead = ice === 'failed' || ice === 'closed' || (ice === 'disconnected' && !isAlive(watch));
  return isDead ? [{ kind: 'ice', state: ice }, ...silence.stalled] : silence.stalled;
}

function unstableBy(watch: Remembered, silence: Silence, before: Watch | null, limits: ResolvedLimits): readonly HealthEvidence[] {
  const { sight } = watch;
  const found: HealthEvidence[] = [];
  if (sight.ice === 'disconnected' && isAlive(watch)) found.push({ kind: 'ice', state: sight.ice });
  found.push(...silence.unstable);
  const pings = pingsMissing(watch);
  if (pings !== null) found.push(pings);
  if (sight.heard.hasLeftWebSocket && watch.growth?.isSignalingOpen === false) found.push({ kind: 'no-signaling' });
  const { networkLevel: level } = sight;
  if ((level === 1 || level === 2 || level === 3) && level >= limits.networkLevel) found.push({ kind: 'network-status', level });
  found.push(...lossOf(watch, before, limits.lossRatio));
  const { roundTripMs } = watch.growth ?? {};
  if (watch.slowSince !== null && sight.at - watch.slowSince >= SLOW_MS && typeof roundTripMs === 'number') {
    found.push({ kind: 'round-trip', roundTripMs: Math.round(roundTripMs) });
  }
  return found;
}

function isAlive({ sight, arrivedAt }: Remembered): boolean {
  return arrivedAt !== null && sight.at - arrivedAt < ALIVE_MS;
}

function lossOf({ flow }: Remembered, before: Watch | null, limit: number): readonly HealthEvidence[] {
  const total = (part: 'media' | 'lost' | 'sent' | 'sentLost'): number => flow.reduce((sum, span) => sum + span[part], 0);
  const lost = Math.max(0, total('lost'));
  const found = [
    { direction: 'received', lost, all: total('media') + lost },
    { direction: 'sent', lost: Math.max(0, total('sentLost')), all: total('sent') },
  ] as const;
  return found.flatMap(({ direction, lost: missing, all }): HealthEvidence[] => {
    const wasOver = before?.health.evidence.some((each) => each.kind === 'loss' && each.direction === direction) === true;
    const ratio = all < FEWEST_PACKETS ? 0 : Math.min(1, missing / all);
    return ratio > 0 && ratio >= (wasOver ? limit * LEEWAY : limit) ? [{ kind: 'loss', direction, ratio }] : [];
  });
}

/** Behind a gap the health from before stands until something shows that it is over. */
function heldBy({ sight: { at }, since, gapMs, held, arrivedAt, answeredAt }: Remembered): Pick<Verdict, 'state' | 'evidence'> | null {
  const isShown = Math.max(arrivedAt ?? 0, answeredAt ?? 0) >= since;
  if (gapMs === null || isShown || at - since >= HELD_MS) return null;
  return { state: held, evidence: [{ kind: 'paused', forMs: gapMs }] };
}

function nothingWorse(watch: Remembered, { isEnded }: Silence): HealthEvidence {
  const { sight, growth, flow, arrivedAt, answeredAt } = watch;
  const { at, ice } = sight;
  if (ice === null || !CONNECTED.includes(ice)) return { kind: 'not-connected' };
  if (growth === null || growth.bytes === null) return { kind: 'unmeasured' };
  const isLate = arrivedAt === null || at - arrivedAt >= RECEIVING_MS;
  if (!isLate && !isEnded) {
    const [bytes, ms] = [flow.reduce((sum, span) => sum + (span.bytes ?? 0), 0), flow.reduce((sum, span) => sum + span.ms, 0)];
    return { kind: 'receiving', bytesPerSecond: ms > 0 ? Math.round((bytes * 1000) / ms) : 0 };
  }
  if (answeredAt !== null && at - answeredAt < ANSWERED_MS) return { kind: 'checks-answered', roundTripMs: growth.roundTripMs };
  return { kind: 'nothing-expected' };
}

/** Milliseconds until the next look: sooner where a silence is about to mean more. */
export function nextLook({ sight: { ice } }: Remembered, { nextInMs }: Silence, state: HealthState): number | null {
  if (ice === null || ice === 'new' || ice === 'checking' || ice === 'closed') return null;
  const usual = state === 'good' ? PERIOD_MS : PERIOD_MS / 2;
  return nextInMs === null ? usual : Math.min(usual, Math.max(SHORTEST_MS, nextInMs));
}

import type { HealthEvidence } from './evidence.ts';
import type { Remembered } from './watch.ts';

/** What a time in which nothing comes in says. */
export interface Silence {
  readonly stalled: readonly HealthEvidence[];
  readonly unstable: readonly HealthEvidence[];
  /** Milliseconds until it says more, if it goes on; null where it never will. */
  readonly nextInMs: number | null;
  /** Media flowed, stopped, and nothing is wrong: others have stopped sending. */
  readonly isEnded: boolean;
}

/** Shorter than these, a silence is an encoder that pauses, a burst that is lost, a network that changes. */
const DOUBT_MS = 1300;
const PROOF_MS = 1600;
/** The flow has to be known for so long before its end says something. */
const KNOWN_MS = 2000;
/** Less time than this tells no rate. */
const SHORTEST_SPAN_MS = 100;
/** Packets per second below which media, and the server's reports, are too rare to be missed. */
const RAREST_MEDIA = 1;
const RAREST_FEEDBACK = 0.5;
/** How many packets have to be missing. */
const MEDIA_MISSING = 5;
const FEEDBACK_DOUBTED = 2;
const FEEDBACK_MISSING = 3;
/** Packets that have to be sent into the silence: who sends nothing gets no reports. */
const FEWEST_SENT = 5;
/** One check may be lost, and one is always under way; browsers send more of them as soon as one is not answered. */
const FEWEST_CHECKS = 3;
/** Pings vary, and wait behind other messages. */
const PING_PERIODS = 2.5;
const PING_LEEWAY_MS = 1000;

/**
 * How long nothing has come in, against what flowed before it.
 *
 * Others may stop sending on purpose, so media alone that stop are a doubt, which an answered check ends. The server's reports on what this client
 * goes on sending are owed, as are the answers to checks: where they stop, the call has stalled.
 */
export function silenceOf(watch: Remembered): Silence {
  const { sight, since, arrivedAt, flow, sentInSilence, checksUnanswered, isAnsweredInSilence } = watch;
  if (sight.entries === null) return { stalled: [], unstable: [], nextInMs: null, isEnded: false };
  const forMs = Math.round(sight.at - Math.max(arrivedAt ?? since, since));
  const [media, feedback] = [perSecond(flow, 'media'), perSecond(flow, 'feedback')];
  const isEnded = media >= RAREST_MEDIA && isAnsweredInSilence;
  const isMediaDue = media >= RAREST_MEDIA && !isEnded;
  const isFeedbackDue = feedback >= RAREST_FEEDBACK;
  const mediaDoubtMs = isMediaDue ? Math.max(DOUBT_MS, (MEDIA_MISSING * 1000) / media) : Number.POSITIVE_INFINITY;
  const feedbackDoubtMs = isFeedbackDue ? Math.max(DOUBT_MS, (FEEDBACK_DOUBTED * 1000) / feedback) : Number.POSITIVE_INFINITY;
  const feedbackProofMs = isFeedbackDue ? Math.max(PROOF_MS, (FEEDBACK_MISSING * 1000) / feedback) : Number.POSITIVE_INFINITY;
  const isSending = sentInSilence >= FEWEST_SENT;

  const stalled: HealthEvidence[] = [];
  const unstable: HealthEvidence[] = [];
  if (checksUnanswered >= FEWEST_CHECKS && forMs >= PROOF_MS) stalled.push({ kind: 'checks-unanswered', count: checksUnanswered, forMs });
  if (isSending && forMs >= feedbackDoubtMs) {
    (forMs >= feedbackProofMs ? stalled : unstable).push({ kind: 'nothing-received', expected: 'feedback', forMs });
  } else if (forMs >= mediaDoubtMs) unstable.push({ kind: 'nothing-received', expected: 'media', forMs });
  const later = [mediaDoubtMs, feedbackDoubtMs, feedbackProofMs].map((limit) => limit - forMs).filter((each) => each > 0);
  const nextInMs = Math.min(...later);
  return { stalled, unstable, nextInMs: Number.isFinite(nextInMs) ? nextInMs : null, isEnded };
}

/** Packets per second, in the middle of the spans: neither a burst nor the span in which the silence begins counts. */
function perSecond(flow: Remembered['flow'], part: 'media' | 'feedback'): number {
  const spans = flow.filter(({ ms }) => ms >= SHORTEST_SPAN_MS);
  if (spans.reduce((sum, { ms }) => sum + ms, 0) < KNOWN_MS) return 0;
  const rates = spans.map((span) => (span[part] * 1000) / span.ms).sort((a, b) => a - b);
  return rates[Math.floor(rates.length / 2)] ?? 0;
}

/** The server's pings came at a steady pace and have stopped: a socket that is dead on one side says nothing else. */
export function pingsMissing({ sight: { at, heard }, since }: Remembered): HealthEvidence | null {
  const { pingAt, pingPeriodMs: periodMs } = heard;
  if (pingAt === null || periodMs === null) return null;
  const forMs = at - pingAt;
  const watchedMs = at - Math.max(pingAt, since);
  return watchedMs > periodMs * PING_PERIODS + PING_LEEWAY_MS ? { kind: 'pings-missing', periodMs, forMs } : null;
}

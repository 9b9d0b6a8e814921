import fc from 'fast-check';
import type { RetryDecision } from '../../../src/reconnect/policy.ts';
import type { TerminationKind } from '../../../src/termination/reason.ts';

/** What befalls a call at a moment, from the network, the server, the page or the user. */
export const happenings = [
  'server-up',
  'server-down',
  'server-refuses',
  'server-silent',
  'kick',
  'cut',
  'peer-failed',
  'offline',
  'online',
  'offline-unnoticed',
  'online-unnoticed',
  'now',
  'pagehide',
  'pageshow',
  'first-pageshow',
  'disconnect',
  'leave',
] as const;
export type Happening = (typeof happenings)[number];

/** Numbers and rows of a policy. */
export interface HistoryPolicy {
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly settleMs: number;
  readonly maxAttempts: number;
  readonly maxElapsedMs: number;
  readonly decide: { readonly [Kind in TerminationKind]?: RetryDecision };
}

/** The story of a call as far as it is not the call's own doing. */
export interface History {
  readonly policy: HistoryPolicy;
  /** What the policy draws, again and again. */
  readonly randoms: readonly number[];
  /** Milliseconds from each step of connecting to the next. */
  readonly latencyMs: number;
  /** In order of time. */
  readonly events: readonly { readonly at: number; readonly what: Happening }[];
}

/** When the last event may come, and until when is looked. */
export const LAST_EVENT_MS = 40_000;
export const OBSERVED_MS = 100_000;

const decision = fc.constantFrom<RetryDecision>('never', 'at-once', 'backoff');

/** Ends that a call does not survive are rare, or histories would be short. */
const happening = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom<Happening>('server-up', 'cut', 'online', 'now') },
  { weight: 12, arbitrary: fc.constantFrom<Happening>('server-down', 'offline', 'peer-failed', 'pageshow', 'first-pageshow') },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Happening>('server-silent', 'server-refuses', 'offline-unnoticed', 'online-unnoticed', 'pagehide'),
  },
  { weight: 2, arbitrary: fc.constantFrom<Happening>('kick', 'disconnect', 'leave') },
);

/** Moments crowd where things happen: several in one instant, and in the short time in which a session connects. */
const gapMs = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 60 }) },
  { weight: 5, arbitrary: fc.integer({ min: 61, max: 3000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 3001, max: 15_000 }) },
);

const events = fc.array(fc.record({ gapMs, what: happening }), { minLength: 3, maxLength: 40, size: 'max' }).map((list) => {
  let at = 1;
  return list.map(({ gapMs: gap, what }) => ({ at: (at += gap), what })).filter((event) => event.at <= LAST_EVENT_MS);
});

export const history: fc.Arbitrary<History> = fc.record({
  policy: fc.record({
    initialDelayMs: fc.constantFrom(0, 50, 500),
    maxDelayMs: fc.constantFrom(100, 1000, 30_000),
    settleMs: fc.constantFrom(0, 1000),
    maxAttempts: fc.constantFrom(1, 3, 5, 10),
    maxElapsedMs: fc.constantFrom(2000, 20_000, 300_000, 300_000),
    decide: fc.record(
      {
        'server-close': decision,
        'websocket-error': decision,
        'websocket-closed': decision,
        'connect-timeout': decision,
        'client-disconnect': decision,
      },
      { requiredKeys: [] },
    ),
  }),
  randoms: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
  latencyMs: fc.constantFrom(1, 20, 200),
  events,
});

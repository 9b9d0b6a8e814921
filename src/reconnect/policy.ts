import { type Observable, NEVER } from 'rxjs';
import type { EventSource } from '../platform/w3c.ts';
import { type Check, callable, delayMs, groupOf, integerFrom, mustBe, oneOf } from '../session/option-check.ts';
import type { Termination, TerminationKind, TerminationOf } from '../termination/reason.ts';

/**
 * What follows the end of a session: nothing, an attempt without a wait, or an attempt after a wait that grows. Where an attempt without a wait does not
 * last, the next one waits all the same.
 */
export type RetryDecision = 'never' | 'at-once' | 'backoff';

/** A row of the decision table: what follows ends of one kind, or a function that looks at code, phase and the rest; undefined leaves the default. */
export type RetryRow<Kind extends TerminationKind> = RetryDecision | ((termination: TerminationOf<Kind>) => RetryDecision | undefined);

/** Rows of the decision table that differ from the default, or one function that decides; undefined leaves the default. */
export type RetryDecisions =
  { readonly [Kind in TerminationKind]?: RetryRow<Kind> | undefined } | ((termination: Termination) => RetryDecision | undefined);

/** How a call comes back. Every member has a default. */
export interface ReconnectPolicy {
  /**
   * What follows which end. By default the `retry` hint decides: `yes` is `backoff`, everything else is `never`. The exception is a page that went away and
   * returns from the back-forward cache: it comes back `at-once`.
   */
  readonly decide?: RetryDecisions | undefined;
  /**
   * Milliseconds that the wait before attempt 1, the first after a connected session, is chosen from, at random between 0 and this; doubled for each further
   * attempt, so that the wait before attempt 2 is at most twice as long. Default: 500.
   */
  readonly initialDelayMs?: number | undefined;
  /** The longest wait in milliseconds, without `settleMs`. Default: 30000. */
  readonly maxDelayMs?: number | undefined;
  /** Milliseconds that the first wait after a connected session is longer, so that the server has let go of it. Default: 1000. */
  readonly settleMs?: number | undefined;
  /** Attempts since the call was last connected. Default: 10. */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds since the call was last connected, or since it began, after which no attempt begins; offline too. Default: 300000. */
  readonly maxElapsedMs?: number | undefined;
  /** Ends a wait: a button, say. Subscribed to for the whole call; what it emits outside a wait has no effect. Its error is the error of the call. */
  readonly now$?: Observable<unknown> | undefined;
  /** Target of `online`, `offline` and `pageshow`. Default: the window, where there is one. */
  readonly page?: EventSource | null | undefined;
  /** Whether the network may be used; asked when an attempt is due and with every event of the page. Default: `navigator.onLine`, where there is one. */
  readonly isOnline?: (() => boolean) | undefined;
  /** A number from 0 to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** A policy with its defaults. */
export type ResolvedPolicy = {
  readonly [Name in keyof ReconnectPolicy]-?: Exclude<ReconnectPolicy[Name], undefined>;
};

const hasMethod = (value: unknown, name: string): boolean =>
  typeof (value as Readonly<Record<string, unknown>> | null | undefined)?.[name] === 'function';

const checkDecision = oneOf<RetryDecision>('never', 'at-once', 'backoff');

const row: Check<never> = (value, path) => (typeof value === 'function' ? value : checkDecision(value, path)) as never;

const checkTable = groupOf<{ readonly [Kind in TerminationKind]: never }>({
  'client-disconnect': row,
  'server-close': row,
  'websocket-closed': row,
  'websocket-error': row,
  'peer-connection-failed': row,
  'ice-failed': row,
  'ice-disconnected-timeout': row,
  'datachannel-closed': row,
  'datachannel-error': row,
  'signaling-invalid': row,
  'connect-timeout': row,
  'internal-error': row,
});

const check = groupOf<ReconnectPolicy>({
  decide: (value, path) => (typeof value === 'function' ? (value as RetryDecisions) : checkTable(value, path)),
  initialDelayMs: delayMs,
  maxDelayMs: delayMs,
  settleMs: delayMs,
  maxAttempts: integerFrom(1, Number.MAX_SAFE_INTEGER),
  maxElapsedMs: delayMs,
  now$: mustBe<Observable<unknown>>('an Observable', (value) => hasMethod(value, 'subscribe')),
  page: mustBe<EventSource | null>('an EventTarget or null', (value) => typeof value === 'object'),
  isOnline: callable(),
  random: callable(),
});

interface Globals {
  readonly window?: EventSource & { readonly document?: unknown };
  readonly navigator?: { readonly onLine?: boolean };
}

/** Reads the globals now and never at import. Throws a SoraOptionsError for a wrong member. */
export function resolvePolicy(policy: ReconnectPolicy): ResolvedPolicy {
  const globals = globalThis as unknown as Globals;
  return {
    decide: {},
    initialDelayMs: 500,
    maxDelayMs: 30_000,
    settleMs: 1000,
    maxAttempts: 10,
    maxElapsedMs: 300_000,
    now$: NEVER,
    page: globals.window?.document === undefined ? null : globals.window,
    isOnline: () => globals.navigator?.onLine !== false,
    random: Math.random,
    ...check(policy, ''),
  };
}

/** What the policy says of an end, or what its hint stands for. Throws what the policy throws, and a SoraOptionsError for an unknown word. */
export function decisionFor(termination: Termination, { decide }: Pick<ResolvedPolicy, 'decide'>): RetryDecision {
  const row = typeof decide === 'function' ? decide : decide[termination.kind];
  // A row gets terminations of its own kind only, which the compiler cannot see.
  const own = typeof row === 'function' ? row(termination as never) : row;
  if (own !== undefined) return checkDecision(own, 'decide');
  return isPageHide(termination) ? 'at-once' : termination.retry === 'yes' ? 'backoff' : 'never';
}

/** The page went away: it may be in the back-forward cache and return. */
export const isPageHide = (termination: Termination): boolean =>
  termination.kind === 'client-disconnect' && termination.trigger === 'pagehide';

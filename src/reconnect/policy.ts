import type { Observable } from 'rxjs';
import type { EventSource } from '../platform/w3c.ts';
import { delayMs, groupOf, integerFrom, mustBe, callable } from '../session/option-check.ts';
import type { Termination, TerminationKind } from '../termination/reason.ts';

/** What follows the end of a session: nothing, an attempt now, or an attempt after a wait that grows. */
export type RetryDecision = 'never' | 'at-once' | 'backoff';

/** Rows of the decision table that differ from the default, or a function that decides; undefined leaves the default. */
export type RetryDecisions =
  { readonly [Kind in TerminationKind]?: RetryDecision } | ((termination: Termination) => RetryDecision | undefined);

/** How a call comes back. Every member has a default. */
export interface ReconnectPolicy {
  /**
   * What follows which end. By default the `retry` hint decides: `yes` is `backoff`, everything else is `never`. A page that returns from the back-forward
   * cache comes back at once.
   */
  readonly decide?: RetryDecisions | undefined;
  /** Milliseconds that the first wait is chosen from, at random between 0 and this; doubles with each attempt. Default: 500. */
  readonly initialDelayMs?: number | undefined;
  /** The longest wait in milliseconds. Default: 30000. */
  readonly maxDelayMs?: number | undefined;
  /** Milliseconds before the first attempt after a session that had connected, so that the server has let go of it. Default: 1000. */
  readonly settleMs?: number | undefined;
  /** Attempts since the call was last connected. Default: 10. */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds since the call was last connected, or since it began. Default: 300000. */
  readonly maxElapsedMs?: number | undefined;
  /** Ends a wait: a button, say. Subscribed to during waits only. */
  readonly now$?: Observable<unknown> | undefined;
  /** Target of `online` and `pageshow`. Default: the window, where there is one. */
  readonly page?: EventSource | null | undefined;
  /** Whether the network may be used. Default: `navigator.onLine`, where there is one. */
  readonly isOnline?: (() => boolean) | undefined;
  /** A number from 0 to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** A policy with its defaults. */
export type ResolvedPolicy = {
  readonly [Name in keyof ReconnectPolicy]-?: Exclude<ReconnectPolicy[Name], undefined>;
};

const any = mustBe<never>('given', () => true);

const check = groupOf<ReconnectPolicy>({
  decide: any,
  initialDelayMs: delayMs,
  maxDelayMs: delayMs,
  settleMs: delayMs,
  maxAttempts: integerFrom(1, Number.MAX_SAFE_INTEGER),
  maxElapsedMs: delayMs,
  now$: mustBe<Observable<unknown>>(
    'an Observable',
    (value) => typeof (value as { readonly subscribe?: unknown } | null)?.subscribe === 'function',
  ),
  page: any,
  isOnline: callable<() => boolean>(),
  random: callable<() => number>(),
});

interface Globals {
  readonly window?: EventSource & { readonly document?: unknown };
  readonly navigator?: { readonly onLine?: boolean };
}

/** @throws SoraOptionsError for a wrong member */
export function resolvePolicy(policy: ReconnectPolicy, never$: Observable<never>): ResolvedPolicy {
  const globals = globalThis as unknown as Globals;
  return {
    decide: {},
    initialDelayMs: 500,
    maxDelayMs: 30_000,
    settleMs: 1000,
    maxAttempts: 10,
    maxElapsedMs: 300_000,
    now$: never$,
    page: globals.window?.document === undefined ? null : globals.window,
    isOnline: () => globals.navigator?.onLine !== false,
    random: Math.random,
    ...check(policy, ''),
  };
}

/** The policy's row for an end, or the row that its hint stands for. */
export function decisionFor(termination: Termination, { decide }: Pick<ResolvedPolicy, 'decide'>): RetryDecision {
  const own = typeof decide === 'function' ? decide(termination) : decide[termination.kind];
  return own ?? (isPageHide(termination) ? 'at-once' : termination.retry === 'yes' ? 'backoff' : 'never');
}

/** The page went away: it may be in the back-forward cache and return. */
export const isPageHide = (termination: Termination): boolean =>
  termination.kind === 'client-disconnect' && termination.trigger === 'pagehide';

import { type Observable, concat, connect, defer, filter, map, of, switchMap, take } from 'rxjs';
import { closing } from './closing.ts';
import type { Termination } from './reason.ts';
import type { TerminationConfig, TerminationSources } from './sources.ts';
import { stepsOf } from './steps.ts';
import { type Verdict, verdict } from './verdict.ts';

/** The two moments of an end: the cause is latched and nothing but the goodbye may be sent; everything is closed and the value is there. */
export type Ending = { readonly kind: 'ending'; readonly verdict: Verdict } | { readonly kind: 'ended'; readonly termination: Termination };

/** The end of one connection: `ending` when a rule has won, before anything is sent; then `ended`, and completion. Cold; never errors. */
export function endingOf(sources: TerminationSources, config: TerminationConfig): Observable<Ending> {
  return defer(() =>
    stepsOf(sources, config).pipe(
      connect((steps$) =>
        verdict(steps$, config, sources.port).pipe(
          switchMap((latched) =>
            concat(
              of<Ending>({ kind: 'ending', verdict: latched }),
              closing(latched, steps$, config, sources.port).pipe(map((termination): Ending => ({ kind: 'ended', termination }))),
            ),
          ),
        ),
      ),
      take(2),
    ),
  );
}

/**
 * The heart: why and when a connection ends, as one value. A race of one stream per rule, then the closing procedure, then one Termination
 * and completion.
 *
 * Cold: each subscription runs the rules anew over its sources. Never errors; emits nothing without a terminal input. Timers run on RxJS's
 * `asyncScheduler`, so `TestScheduler.run` reaches them.
 *
 * @example
 * ```ts
 * termination({ webSocket$, peerConnection$, disconnect$, port }, config).subscribe((t) => console.log(describe(t)));
 * ```
 * @source rules T01-T29 and decisions Q01-Q83 in docs/termination.md
 */
export function termination(sources: TerminationSources, config: TerminationConfig): Observable<Termination> {
  return endingOf(sources, config).pipe(
    filter((ending) => ending.kind === 'ended'),
    map((ending) => ending.termination),
  );
}

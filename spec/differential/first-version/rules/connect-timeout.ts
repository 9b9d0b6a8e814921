import { EMPTY, type Observable, filter, map, merge, switchMap, take, takeUntil, timer, withLatestFrom } from 'rxjs';
import type { ConnectTimeout } from '../reason.ts';
import type { TerminationConfig } from '../sources.ts';
import type { Facts, Step } from '../steps.ts';
import { type Cause, onStep } from './rule.ts';

/**
 * T25 T26, Q52: the connection does not come up within `connectionMs`, counted from the first opening through redirects and all phases up to
 * connected; 0 switches the limit off (Q81). Or no signaling URL opened within its own limit.
 */
export function connectTimeout(steps$: Observable<Step>, config: TerminationConfig): Observable<Cause> {
  return merge(
    onStep(steps$, ({ input, facts }) => (input.source === 'unreachable' ? timeoutIn(facts) : null)),
    config.connectionMs === 0 ? EMPTY : limit(steps$, config.connectionMs),
  );
}

function limit(steps$: Observable<Step>, connectionMs: number): Observable<Cause> {
  return steps$.pipe(
    filter(({ input }) => input.source === 'progress'),
    take(1),
    switchMap(() => timer(connectionMs)),
    withLatestFrom(steps$),
    map(([, { facts }]) => timeoutIn(facts)),
    takeUntil(steps$.pipe(filter(({ facts }) => facts.phase === 'connected'))),
  );
}

function timeoutIn({ phase }: Facts): ConnectTimeout {
  return { kind: 'connect-timeout', during: phase === 'signaling' || phase === 'negotiating' ? phase : 'opening' };
}

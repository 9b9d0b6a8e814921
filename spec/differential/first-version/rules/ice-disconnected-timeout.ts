import { type Observable, NEVER, distinctUntilChanged, filter, map, switchMap, timer } from 'rxjs';
import { quietly } from '../quietly.ts';
import { type Step, broken, healthOf } from '../steps.ts';
import type { TerminationConfig, TerminationPort } from '../sources.ts';
import type { Cause } from './rule.ts';

/**
 * T28 T29: ICE stays disconnected for `iceDisconnectedMs`. Any change of state starts from zero (Q43).
 *
 * By default only where `connectionState` is undefined (T27), everywhere with the rule `always` (Q44). A timer that fires late, after sleep
 * say, looks at the state again and tells what was really waited (Q45, Q73).
 */
export function iceDisconnectedTimeout(steps$: Observable<Step>, config: TerminationConfig, port: TerminationPort): Observable<Cause> {
  const iceState = (): string | null => quietly(() => port.iceConnectionState(), null);
  const applies = (): boolean => config.iceDisconnectedRule === 'always' || quietly(() => port.connectionState(), null) === undefined;
  return steps$.pipe(
    filter(({ input }) => input.source === 'peer-connection' && input.event.kind === 'iceconnectionstatechange' && applies()),
    map(iceState),
    distinctUntilChanged(),
    switchMap((state) => {
      if (state !== 'disconnected') return NEVER;
      const since = config.clock.elapsed();
      return timer(config.iceDisconnectedMs).pipe(
        // A peer connection that has ended in the meantime is for the verdict to name (Q02).
        filter(() => iceState() === 'disconnected' || broken(healthOf(port))),
        map((): Cause => ({ kind: 'ice-disconnected-timeout', waitedMs: config.clock.elapsed() - since })),
      );
    }),
  );
}

import { type OperatorFunction, distinctUntilChanged, filter, map } from 'rxjs';
import type { NotifyMessage } from '../signaling/notify.ts';

/** How stable the server finds this client's network: 0 is stable, 3 is worst. */
export type NetworkStatus = 0 | 1 | 2 | 3;

/**
 * How stable the server finds the network, as often as it changes. Nothing until the server has told. Cold; ends and errors with the source.
 *
 * @source Sora signaling notify, network.status
 */
export function networkStatus(): OperatorFunction<NotifyMessage, NetworkStatus> {
  return (notify$) =>
    notify$.pipe(
      map((message) => (message.event_type === 'network.status' ? message.unstable_level : undefined)),
      filter((level) => level !== undefined),
      distinctUntilChanged(),
    );
}

import { type Observable, filter } from 'rxjs';
import type { Session } from '../session/session.ts';
import type { NotifyMessage } from '../wire/notify.ts';
import { stateOfNotify } from './state-of-notify.ts';

/** How stable the server finds the network of this client: 0 is stable, 3 is worst. */
export type NetworkStatus = 0 | 1 | 2 | 3;

/**
 * How stable the server finds the network, now and after every change; nothing until the server has reported it. Cold; ends with the session, never
 * errors.
 *
 * @example
 * ```ts
 * networkStatus(session).subscribe((level) => console.log(`unstable level ${level}`));
 * ```
 * @source Sora signaling notify, network.status
 */
export function networkStatus(session: Session): Observable<NetworkStatus> {
  return stateOfNotify<NetworkStatus | null>(session, null, fold).pipe(filter((level) => level !== null));
}

const fold = (level: NetworkStatus | null, message: NotifyMessage): NetworkStatus | null =>
  message.event_type === 'network.status' ? (message.unstable_level ?? level) : level;

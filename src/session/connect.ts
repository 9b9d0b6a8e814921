import { Observable } from 'rxjs';
import { ownSession } from './create-session.ts';
import { type ConnectOptions, checkOptions } from './options.ts';
import { platformNow } from './runtime-check.ts';
import type { Session } from './session.ts';

/**
 * A session as a stream: subscribing connects, unsubscribing disconnects.
 *
 * Cold. Emits one Session synchronously, before anything is opened, and completes after the session has ended. A failed connection is not an error but a
 * value of `session.termination$`; the stream errors only for programmer mistakes, with a SoraOptionsError, before anything is opened. `take(1)` and
 * `firstValueFrom` unsubscribe and so disconnect at once: use {@link createSession} where one value is wanted.
 *
 * @example
 * ```ts
 * connect({ signalingUrl, channelId: 'room', role: 'sendrecv', stream })
 *   .pipe(switchMap((session) => session.termination$))
 *   .subscribe((t) => console.log(describeTermination(t)));
 * ```
 */
export function connect(options: ConnectOptions): Observable<Session> {
  return new Observable<Session>((subscriber) => {
    const config = checkOptions(options);
    platformNow(config.platform); // throws before a session is handed over that cannot start
    const { session, start, unsubscribe } = ownSession(config, true);
    // Listen, hand over, react: a session that is over at once is still seen, and a disconnect() in the receiver is not lost.
    subscriber.add(unsubscribe);
    subscriber.add(session.termination$.subscribe({ complete: () => subscriber.complete() }));
    subscriber.next(session);
    if (!subscriber.closed) start();
  });
}

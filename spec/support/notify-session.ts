import { Subject } from 'rxjs';
import { withInternals } from '../../src/session/internals.ts';
import { createPresence } from '../../src/session/presence.ts';
import type { Session } from '../../src/session/session.ts';
import type { NotifyMessage } from '../../src/wire/notify.ts';

/** As much of a session as the functions need that fold `notify$`. */
export interface NotifySession {
  readonly session: Session;
  readonly receive: (...messages: readonly NotifyMessage[]) => void;
  readonly end: () => void;
}

export function notifySession(): NotifySession {
  const notifySubject = new Subject<NotifyMessage>();
  const presence = createPresence();
  const internals = { live: () => ({ presence }) };
  return {
    session: withInternals({ notify$: notifySubject.asObservable() }, internals as never),
    receive(...messages) {
      for (const message of messages) {
        presence.take(message);
        notifySubject.next(message);
      }
    },
    end: () => notifySubject.complete(),
  };
}

export const notifyMessage = (event: string, members: object = {}): NotifyMessage =>
  ({ type: 'notify', event_type: event, ...members }) as NotifyMessage;

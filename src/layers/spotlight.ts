import type { Observable } from 'rxjs';
import type { Session } from '../session/session.ts';
import { presentIn } from '../session/presence.ts';
import type { NotifyMessage, NotifySpotlightChanged, NotifySpotlightFocused } from '../wire/notify.ts';
import { stateOfNotify } from './state-of-notify.ts';

/** A sender in focus: received in full while the others are not. */
export interface FocusedSender {
  readonly connectionId: string;
  readonly clientId?: string;
  /** Whether the server's API and not voice put it there. */
  readonly fixed: boolean;
  readonly audio?: boolean;
  readonly video?: boolean;
  /** Its place in the spotlight, where an old server numbers them. */
  readonly spotlightId?: string;
}

const NOBODY: readonly FocusedSender[] = [];

/**
 * Who is in the spotlight, now and after every change; whoever came last stands last. Right whenever it is subscribed to. Cold; ends with the session, never
 * errors.
 *
 * @example
 * ```ts
 * spotlight(session).subscribe((focused) => console.log(focused.map(({ connectionId }) => connectionId)));
 * ```
 * @source Sora signaling notify, spotlight.focused, .unfocused and .changed
 */
export function spotlight(session: Session): Observable<readonly FocusedSender[]> {
  return stateOfNotify(session, NOBODY, fold);
}

function fold(focused: readonly FocusedSender[], message: NotifyMessage): readonly FocusedSender[] {
  switch (message.event_type) {
    case 'spotlight.focused':
      return [...without(focused, message.connection_id), ...senderOf(message)];
    case 'spotlight.unfocused':
    case 'connection.destroyed':
      return without(focused, message.connection_id);
    case 'spotlight.changed': {
      // The old form: one place of the spotlight has another sender, or none.
      const { spotlight_id: place } = message;
      const others = place === undefined ? focused : focused.filter(({ spotlightId }) => spotlightId !== place);
      return [...without(others, message.connection_id), ...senderOf(message)];
    }
    case 'connection.created':
      return presentIn(message) === undefined || focused.length === 0 ? focused : NOBODY; // a session begins
    default:
      return focused;
  }
}

function without(focused: readonly FocusedSender[], connectionId: string | null | undefined): readonly FocusedSender[] {
  return focused.some((sender) => sender.connectionId === connectionId)
    ? focused.filter((sender) => sender.connectionId !== connectionId)
    : focused;
}

function senderOf(message: NotifySpotlightFocused | NotifySpotlightChanged): readonly FocusedSender[] {
  const { connection_id: connectionId, client_id: clientId, fixed = false, audio, video } = message;
  if (typeof connectionId !== 'string') return [];
  const spotlightId = message.event_type === 'spotlight.changed' ? message.spotlight_id : undefined;
  return [
    {
      connectionId,
      ...(typeof clientId === 'string' && { clientId }),
      fixed,
      ...(audio !== undefined && { audio }),
      ...(video !== undefined && { video }),
      ...(spotlightId !== undefined && { spotlightId }),
    },
  ];
}

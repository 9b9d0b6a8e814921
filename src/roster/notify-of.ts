import { type OperatorFunction, filter } from 'rxjs';
import type { NotifyEvents, NotifyMessage, NotifyOf } from '../signaling/notify.ts';

/** An event type that is known, or any other text. */
export type NotifyEventType = keyof NotifyEvents | (string & Record<never, never>);

/**
 * Keeps the messages of some event types, each with the type of its event.
 *
 * @example
 * ```ts
 * session.notify$.pipe(notifyOf('connection.created')).subscribe(({ client_id }) => greet(client_id));
 * ```
 */
export function notifyOf<EventType extends NotifyEventType>(
  ...eventTypes: readonly EventType[]
): OperatorFunction<NotifyMessage, NotifyOf<EventType>> {
  const wanted = new Set<string>(eventTypes);
  return filter((message): message is NotifyMessage & NotifyOf<EventType> => wanted.has(message.event_type));
}

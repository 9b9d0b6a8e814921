import { type OperatorFunction, filter } from 'rxjs';
import type { NotifyEvents, NotifyMessage, NotifyOf } from '../wire/notify.ts';

/** A known event type, or any other text. */
export type NotifyEventType = keyof NotifyEvents | (string & Record<never, never>);

/**
 * Keeps the messages of some event types, each narrowed to the type of its event. Cold; ends and errors with the source.
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

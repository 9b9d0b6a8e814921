import { type Observable, filter, map } from 'rxjs';
import type { ReceivedMessage } from '../signaling/messages.ts';
import type { Received } from './input.ts';

/** A message of one type that is in place, with where it came from. */
export interface ActedOn<Type extends ReceivedMessage['type']> {
  readonly message: Extract<ReceivedMessage, { type: Type }>;
  readonly received: Received;
}

/** The messages of these types that are to be acted on. */
export function acted<Type extends ReceivedMessage['type']>(
  received$: Observable<Received>,
  ...types: readonly Type[]
): Observable<ActedOn<Type>> {
  return received$.pipe(
    map((received) =>
      received.checked.kind === 'message' && received.admission === 'act' ? { message: received.checked.message, received } : null,
    ),
    filter((each): each is ActedOn<Type> => each !== null && types.includes(each.message.type as Type)),
  );
}

import { type Observable, defer, distinctUntilChanged, scan, startWith } from 'rxjs';
import { internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';
import type { NotifyMessage } from '../wire/notify.ts';

/** A state that `notify$` reports, now and after every change: what still holds is folded first, so that late subscribers get the same value. */
export function stateOfNotify<State>(
  session: Session,
  none: State,
  fold: (state: State, message: NotifyMessage) => State,
): Observable<State> {
  return defer(() => {
    const known = internalsOf(session).live()?.presence.others ?? new Map<string, NotifyMessage>();
    const now = [...known.values()].reduce(fold, none);
    return session.notify$.pipe(scan(fold, now), startWith(now), distinctUntilChanged());
  });
}

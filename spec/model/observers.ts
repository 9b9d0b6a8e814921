import type { Observable } from 'rxjs';
import { rpc } from '../../src/index.ts';
import type { Session } from '../../src/session/session.ts';
import { allStreams } from '../support/session-streams.ts';

const streamsOf = (session: Session): Observable<unknown>[] => allStreams(session).map(([, stream$]) => stream$);

/** What they throw; RxJS hands it to its hook for errors that nobody catches. */
export const observerError = new Error('an observer threw');

/** Throws whenever anything is told. */
export function throwAtEverything(session: Session): void {
  for (const stream$ of streamsOf(session)) {
    stream$.subscribe(() => {
      throw observerError;
    });
  }
}

const ignored = (promise: PromiseLike<unknown>): void => void promise.then(undefined, () => undefined);

/** Looks again at everything from within, and calls whatever must not matter any more once the session is ending. */
export function reenter(session: Session): void {
  let ending = false;
  const again = (): void => {
    for (const stream$ of streamsOf(session)) stream$.subscribe().unsubscribe();
    if (!ending) return;
    ignored(session.disconnect());
    ignored(session.connect());
    ignored(session.send('#chat', 'from within'));
    ignored(rpc(session, 'RequestSimulcastRid', { rid: 'r1' }));
  };
  session.state$.subscribe((state) => (ending = state === 'ending' || state === 'ended'));
  for (const stream$ of streamsOf(session)) stream$.subscribe(again);
}

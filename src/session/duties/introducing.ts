import {
  EMPTY,
  type Observable,
  catchError,
  concat,
  filter,
  forkJoin,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  switchMap,
  takeUntil,
  tap,
} from 'rxjs';
import { call } from '../../operators/call.ts';
import { remember } from '../../operators/remember.ts';
import { connectMessage } from '../../signaling/connect-message.ts';
import { StepError } from '../../signaling/failure.ts';
import type { JsonValue } from '../../signaling/json.ts';
import { throwAwayOffer } from '../../signaling/preparation.ts';
import { version } from '../../version.ts';
import type { SessionInput } from '../input.ts';
import { json } from '../option-check.ts';
import type { SessionContext } from '../session-context.ts';

/**
 * Says `connect` on every socket that comes to count, as soon as it is open and what goes into the message is there. Both come about at the
 * same time; what goes into the message is made once and serves after a redirect too.
 */
export function introducing(context: SessionContext): Observable<SessionInput> {
  const { config, platform } = context;
  // What is remembered outlives its subscribers; a peer connection whose offer hangs must not outlive the session.
  const offer$ = throwAwayOffer(platform).pipe(takeUntil(context.ending$));
  const sdp$ = offer$.pipe(remember());
  const metadata$ = metadataOf(context).pipe(remember());
  const sockets$ = context.of('socket').pipe(filter(({ sighting }) => sighting.standing === 'current' && sighting.what.kind === 'open'));
  return merge(
    sdp$.pipe(ignoreElements()),
    metadata$.pipe(
      ignoreElements(),
      catchError((error: unknown) => of(failed(new StepError('metadata', error, 'the metadata function failed')))),
    ),
    sockets$.pipe(
      switchMap((_, redirects) =>
        forkJoin([sdp$, metadata$.pipe(catchError(() => EMPTY))]).pipe(
          mergeMap(([sdp, metadata]) => {
            const facts = { sdp, metadata, redirect: redirects > 0, environment: platform.userAgent, soraClient: `rx-sora ${version}` };
            return concat(context.send('websocket', connectMessage(config, facts)), of(CONNECT_SENT));
          }),
          catchError((error: unknown) => of(failed(new StepError('send-connect', error)))),
        ),
      ),
    ),
  );
}

const CONNECT_SENT: SessionInput = { kind: 'progress', progress: { kind: 'connect-sent' } };

const failed = ({ failure }: StepError): SessionInput => ({ kind: 'failure', failure });

/** A function is asked once for each attempt; what it gives must be JSON, as that is all that can be sent. */
function metadataOf({ config: { metadata }, secrets }: SessionContext): Observable<JsonValue | undefined> {
  if (typeof metadata !== 'function') return of(metadata);
  return call<JsonValue | undefined>(metadata).pipe(
    map((given) => (given === undefined ? given : json(given, 'metadata'))),
    tap((given) => secrets.learn(given)),
  );
}

import { EMPTY, type Observable, Subject, catchError, concat, concatMap, defer, groupBy, mergeMap, takeUntil, tap } from 'rxjs';
import { hint } from '../media/content-hint.ts';
import { preferDegradation } from '../media/degradation-preference.ts';
import { replaceTrack, senderOf } from '../media/replace-track.ts';
import { SoraTrackError } from '../media/track-error.ts';
import { keep } from '../operators/keep.ts';
import type { MediaStreamTrackLike } from '../platform/w3c.ts';
import type { Termination } from '../termination/reason.ts';
import type { OpenSession } from './open-session.ts';

type Kind = 'audio' | 'video';

/** Changes what a session sends. */
export interface TrackClient {
  replace(kind: Kind, track: MediaStreamTrackLike | null): Promise<void>;
}

interface Request {
  readonly kind: Kind;
  readonly track: MediaStreamTrackLike | null;
  readonly done: (error: unknown) => void;
}

/** Replacements of one kind are made one after another: a removal takes a while, and what was asked for last must be what stays. */
export function createTrackClient(open: OpenSession): TrackClient {
  const { termination$ } = open;
  const requestSubject = new Subject<Request>();
  const pending = new Set<Request>();
  let ended: Termination | null = null;

  const settle = (request: Request, error: unknown): void => {
    if (pending.delete(request)) request.done(error);
  };
  keep(
    requestSubject.pipe(
      groupBy(({ kind }) => kind),
      mergeMap((sameKind$) =>
        sameKind$.pipe(
          concatMap((request) =>
            replacing(open, request).pipe(
              tap({ complete: () => settle(request, null) }),
              catchError((error: unknown) => {
                settle(request, error);
                return EMPTY;
              }),
            ),
          ),
        ),
      ),
      takeUntil(termination$),
    ),
  );
  keep(
    termination$.pipe(
      tap((termination) => {
        ended = termination;
        for (const request of pending) settle(request, new SoraTrackError('ended', request.kind, termination));
      }),
    ),
  );
  return {
    replace: (kind, track) =>
      new Promise((resolve, reject) => {
        if (ended !== null) {
          reject(new SoraTrackError('ended', kind, ended));
          return;
        }
        const request: Request = {
          kind,
          track,
          done: (error) => {
            if (error === null) resolve();
            // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what the platform said is handed on as it is
            else reject(error);
          },
        };
        pending.add(request);
        requestSubject.next(request);
      }),
  };
}

function replacing({ context, tell }: OpenSession, { kind, track }: Request): Observable<never> {
  return defer(() => {
    const { live, config, clock } = context;
    const { peerConnection, offer } = live;
    const sender = peerConnection === null ? undefined : senderOf(peerConnection, kind, offer?.mid?.[kind]);
    if (sender === undefined || config.role === 'recvonly') throw new SoraTrackError('no-sender', kind);
    const encodings = kind === 'video' && offer?.simulcast === true ? (offer.encodings ?? null) : null;
    const preference = kind === 'video' && track !== null ? config.degradationPreference : undefined;
    if (track !== null) hint(track, { ...config.contentHint });
    return concat(
      replaceTrack({ sender, track, stream: config.stream ?? null, encodings }),
      preference === undefined
        ? EMPTY
        : preferDegradation(sender, preference).pipe(
            catchError(() => {
              tell({ at: clock.elapsed(), source: 'sdk', what: 'degradation-preference-refused' });
              return EMPTY;
            }),
          ),
    );
  });
}

import {
  EMPTY,
  type Observable,
  Subject,
  catchError,
  concat,
  concatMap,
  defer,
  finalize,
  ignoreElements,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { call } from '../platform/call.ts';
import { release } from '../platform/release.ts';
import type { EncodingLike, MediaStreamTrackLike, RtpSenderLike } from '../platform/w3c.ts';
import { type SessionInternals, internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';
import { setEncodings } from './sender-encodings.ts';
import { senderOf } from './sender-of.ts';
import { SoraTrackError } from './track-error.ts';

/** How long a track is switched off before it is removed, in milliseconds: otherwise viewers keep its last frame. */
const PAUSE_MS = 100;

type Kind = 'audio' | 'video';

/**
 * Sends another track of a kind, or none: then the old one is switched off for 100 ms, stopped, and removed from the local stream. Replacements of one kind
 * are made one after another; simulcast layers are applied again. While connecting it waits for the sender.
 *
 * Rejects with a {@link SoraTrackError} (`not-connected`, `no-sender`, `ended`) or with what the browser threw; the session goes on. A track that is being
 * removed is stopped even if the session ends meanwhile.
 *
 * @example
 * ```ts
 * const [screen] = (await navigator.mediaDevices.getDisplayMedia()).getVideoTracks();
 * await replaceTrack(session, 'video', screen ?? null);
 * ```
 * @source W3C WebRTC 5.2, replaceTrack
 */
export async function replaceTrack(session: Session, kind: Kind, track: MediaStreamTrack | null): Promise<void> {
  const internals = internalsOf(session);
  return internals.onceStarted(
    () =>
      new Promise((resolve, reject) => {
        const termination = internals.ended();
        if (termination !== null) throw new SoraTrackError('ended', kind, termination);
        if (internals.live() === null) throw new SoraTrackError('not-connected', kind);
        queueOf(session, internals, kind).next({ track, resolve, reject });
      }),
  );
}

interface Replacement {
  readonly track: MediaStreamTrackLike | null;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const queues = new WeakMap<Session, Map<Kind, Subject<Replacement>>>();

/** Replacements of one kind wait for one another: what was asked for last must be what stays. */
function queueOf(session: Session, internals: SessionInternals, kind: Kind): Subject<Replacement> {
  const known = queues.get(session) ?? new Map<Kind, Subject<Replacement>>();
  queues.set(session, known);
  const knownSubject = known.get(kind);
  if (knownSubject !== undefined) return knownSubject;
  const replacementSubject = new Subject<Replacement>();
  known.set(kind, replacementSubject);
  const pending = new Set<Replacement>();
  const settle = (replacement: Replacement, error: unknown): void => {
    if (!pending.delete(replacement)) return;
    if (error === null) replacement.resolve();
    else replacement.reject(error);
  };
  const replacements$ = replacementSubject.pipe(
    tap((replacement) => pending.add(replacement)),
    concatMap((replacement) =>
      replaced(internals, kind, replacement.track).pipe(
        tap({ complete: () => settle(replacement, null) }),
        catchError((error: unknown) => {
          settle(replacement, error);
          return EMPTY;
        }),
      ),
    ),
    takeUntil(session.termination$),
  );
  // eslint-disable-next-line rxjs-x/no-ignored-subscription -- ends with the session
  replacements$.subscribe();
  // eslint-disable-next-line rxjs-x/no-ignored-subscription -- ends with the session
  session.termination$.subscribe((termination) => {
    // What was to be taken away is stopped all the same: whoever asked for it has no more use for it.
    let sent: readonly MediaStreamTrackLike[] = (internals.config.stream?.getTracks() ?? []).filter((track) => track.kind === kind);
    for (const replacement of [...pending]) {
      if (replacement.track === null) for (const track of sent) release(() => track.stop?.());
      sent = replacement.track === null ? [] : [replacement.track];
      settle(replacement, new SoraTrackError('ended', kind, termination));
    }
  });
  return replacementSubject;
}

/** One replacement. Cold; completes when it is done. */
function replaced(internals: SessionInternals, kind: Kind, track: MediaStreamTrackLike | null): Observable<never> {
  const { config, live, streams } = internals;
  const isReady$ = defer(() => (live()?.hasAnswered() === true ? EMPTY : streams.events('answered').pipe(take(1), ignoreElements())));
  const replace$ = defer(() => {
    const peerConnection = live()?.peerConnection() ?? null;
    const offer = live()?.offer();
    const sender = peerConnection === null ? undefined : senderOf(peerConnection, kind, offer?.mid?.[kind]);
    if (sender === undefined || config.role === 'recvonly') throw new SoraTrackError('no-sender', kind);
    const old = sender.track ?? null;
    const { stream } = config;
    return concat(
      track === null && old !== null ? switchedOff(old) : EMPTY,
      call(() => sender.replaceTrack?.(track as never)),
      call(() => {
        if (old !== null) stream?.removeTrack?.(old as never);
        if (track !== null) stream?.addTrack?.(track as never);
      }),
      kind === 'video' && track !== null && offer?.simulcast === true && offer.encodings
        ? encoded(sender, offer.encodings as readonly EncodingLike[])
        : EMPTY,
    );
  });
  return concat(isReady$, replace$).pipe(ignoreElements());
}

/** A browser that refuses a member gets the essential ones alone. */
function encoded(sender: RtpSenderLike, encodings: readonly EncodingLike[]): Observable<unknown> {
  return call(() => setEncodings(sender, encodings, 'all')).pipe(
    catchError(() => call(() => setEncodings(sender, encodings, 'essential'))),
  );
}

/** The track is stopped after the pause, or as soon as nobody waits for it any more. */
function switchedOff(track: MediaStreamTrackLike): Observable<unknown> {
  return defer(() => {
    track.enabled = false;
    return timer(PAUSE_MS).pipe(finalize(() => release(() => track.stop?.())));
  });
}

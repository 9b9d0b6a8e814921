import { type Observable, concatMap, firstValueFrom, ignoreElements, map } from 'rxjs';
import { call } from '../platform/call.ts';
import { internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';
import { senderOf } from './sender-of.ts';
import { SoraTrackError } from './track-error.ts';

/** @source W3C mst-content-hint 5, RTCDegradationPreference */
export type DegradationPreference = 'balanced' | 'maintain-framerate' | 'maintain-resolution' | 'maintain-framerate-and-resolution';

/**
 * Tells the browser what to give up first when it lacks bandwidth or power for the video that a session sends. A browser that does not know the parameter
 * ignores it; one that refuses it rejects. Call it once connected, and again after `replaceTrack()`.
 *
 * @throws SoraTrackError as a rejection, `no-sender` where the session sends no video
 * @example
 * ```ts
 * await preferDegradation(session, 'maintain-resolution');
 * ```
 * @source W3C mst-content-hint 5
 */
export function preferDegradation(session: Session, degradationPreference: DegradationPreference): Promise<void> {
  const live = internalsOf(session).live();
  const peerConnection = live?.peerConnection() ?? null;
  const sender = peerConnection === null ? undefined : senderOf(peerConnection, 'video', live?.offer()?.mid?.video);
  if (sender === undefined) return Promise.reject(new SoraTrackError('no-sender', 'video'));
  const set$: Observable<never> = call<object | undefined>(() => sender.getParameters?.()).pipe(
    map((parameters) => ({ ...parameters, degradationPreference })),
    concatMap((parameters) => call(() => sender.setParameters?.(parameters as never))),
    ignoreElements(),
  );
  return firstValueFrom(set$, { defaultValue: undefined });
}

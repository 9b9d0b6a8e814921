import { type Observable, catchError, concatMap, map } from 'rxjs';
import { call } from '../platform/call.ts';
import type { EncodingLike, RtpSenderLike } from '../platform/w3c.ts';
import { type EncodingMembers, mergeEncodings } from './encodings.ts';

/**
 * Makes a sender encode what the server asks for, layer by layer; a browser that refuses a member gets the essential ones alone on a second
 * attempt. Cold; completes when the parameters are set, errors with what the browser said to the second attempt.
 *
 * @source W3C WebRTC 5.2, setParameters
 */
export function applyEncodings(sender: RtpSenderLike, offered: readonly EncodingLike[]): Observable<unknown> {
  function set(members: EncodingMembers): Observable<unknown> {
    return call<{ encodings?: EncodingLike[] } | undefined>(() => sender.getParameters?.()).pipe(
      map((parameters) => ({ ...parameters, encodings: mergeEncodings(parameters?.encodings ?? [], offered, members) })),
      concatMap((parameters) => call(() => sender.setParameters?.(parameters as never))),
    );
  }
  return set('all').pipe(catchError(() => set('essential')));
}

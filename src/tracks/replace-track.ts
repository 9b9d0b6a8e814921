import { EMPTY, type Observable, concat, defer, ignoreElements, timer } from 'rxjs';
import { call } from '../platform/call.ts';
import type { EncodingLike, MediaStreamLike, MediaStreamTrackLike, PeerConnectionLike, RtpSenderLike } from '../platform/w3c.ts';
import { applyEncodings } from './sender-encodings.ts';

/** How long a track is switched off before it goes; milliseconds. Without the pause viewers keep its last frame. */
const PAUSE_MS = 100;

/** Finds what sends a kind of media: the transceiver that the offer meant for it, or one that sends such a track already. */
export function senderOf(peerConnection: PeerConnectionLike, kind: string, mid: string | undefined): RtpSenderLike | undefined {
  const transceivers = peerConnection.getTransceivers?.() ?? [];
  const meant = mid === undefined ? undefined : transceivers.find((transceiver) => transceiver.mid === mid);
  return (meant ?? transceivers.find(({ sender }) => sender.track?.kind === kind))?.sender;
}

export interface Replacement {
  readonly sender: RtpSenderLike;
  readonly track: MediaStreamTrackLike | null;
  /** The local stream, which is kept in step. */
  readonly stream: MediaStreamLike | null;
  /** The server's encodings, where simulcast is sent: a browser may lose them with the old track. */
  readonly encodings: readonly EncodingLike[] | null;
}

/**
 * Sends another track, or none. Going without one switches the old one off and stops it after a pause. Cold; completes when it is done.
 *
 * @source W3C WebRTC 5.2, replaceTrack
 */
export function replaceTrack({ sender, track, stream, encodings }: Replacement): Observable<never> {
  return defer(() => {
    const old = sender.track ?? null;
    const leave$ = track === null && old !== null ? switchOff(old) : EMPTY;
    return concat(
      leave$,
      call(() => sender.replaceTrack?.(track as never)),
      call(() => {
        if (old !== null) stream?.removeTrack?.(old as never);
        if (track !== null) stream?.addTrack?.(track as never);
      }),
      track !== null && encodings !== null ? applyEncodings(sender, encodings) : EMPTY,
    ).pipe(ignoreElements());
  });
}

function switchOff(track: MediaStreamTrackLike): Observable<unknown> {
  track.enabled = false;
  return concat(
    timer(PAUSE_MS),
    call(() => {
      track.stop?.();
    }),
  );
}

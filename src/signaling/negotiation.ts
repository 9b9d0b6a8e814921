import { EMPTY, type Observable, catchError, concat, concatMap, defer, from, ignoreElements, map, throwError } from 'rxjs';
import { hint } from '../media/content-hint.ts';
import { applyEncodings } from '../media/sender-encodings.ts';
import { call } from '../operators/call.ts';
import type { EncodingLike, MediaStreamLike, PeerConnectionLike, TransceiverLike } from '../platform/w3c.ts';
import { StepError } from './failure.ts';
import { restoreReleasedSections, withStereo } from './sdp.ts';

/** What stays the same for all offers of a session. */
export interface NegotiationContext {
  readonly peerConnection: PeerConnectionLike;
  /** What is sent; undefined for a role that only receives. */
  readonly stream?: MediaStreamLike | undefined;
  /** The `mid` of the first offer: where audio and video are to be sent. */
  readonly mid: { readonly audio?: string; readonly video?: string };
  /** The encodings of the first offer, where simulcast is sent; re-offers carry none. */
  readonly encodings: readonly EncodingLike[] | null;
  readonly forceStereoOutput: boolean;
  /** Content hints by kind of track. */
  readonly contentHint: Readonly<Record<string, string | undefined>>;
  /** What the application does before each answer is made. */
  readonly beforeAnswer?: ((peerConnection: never) => unknown) | undefined;
  /** Whether released media lines must look alive: a quirk of Firefox that would confuse others. */
  readonly restoresReleased: boolean;
}

/** A platform call whose failure knows the step it belongs to. */
export function step<Value>(where: string, run: () => unknown, told?: string): Observable<Value> {
  return call<Value>(run).pipe(catchError((error: unknown) => throwError(() => new StepError(where, error, told))));
}

/** Answers the first offer: the description is set, tracks are added to the transceivers that it made, then the answer is. Emits its SDP. */
export function answerOffer(sdp: string, context: NegotiationContext): Observable<string> {
  return concat(
    setRemote(sdp, context),
    defer(() => from(context.stream?.getTracks() ?? [])).pipe(
      concatMap((track) =>
        step('add-track', () => context.peerConnection.addTrack?.(hint(track, context.contentHint) as never, context.stream as never)),
      ),
      ignoreElements(),
    ),
    step('direction', () => sendOnOfferedSections(context)).pipe(ignoreElements()),
    answer(sdp, context),
  );
}

/** Answers a later offer of the server. Emits the SDP of the answer. */
export function answerReOffer(sdp: string, context: NegotiationContext): Observable<string> {
  return concat(setRemote(sdp, context), answer(sdp, context));
}

function setRemote(sdp: string, { peerConnection, restoresReleased }: NegotiationContext): Observable<never> {
  const description = { type: 'offer', sdp: restoresReleased ? restoreReleasedSections(sdp) : sdp };
  return step('set-remote-description', () => peerConnection.setRemoteDescription(description as never)).pipe(ignoreElements());
}

function answer(sdp: string, context: NegotiationContext): Observable<string> {
  const { peerConnection, forceStereoOutput, beforeAnswer } = context;
  return concat(
    simulcast(sdp, context),
    // Its message is the application's and may hold anything.
    step('before-answer', () => beforeAnswer?.(peerConnection as never), 'beforeAnswer failed').pipe(ignoreElements()),
    step<{ readonly type?: string; readonly sdp?: string }>('create-answer', () => peerConnection.createAnswer()).pipe(
      map((made) => ({ type: 'answer', sdp: forceStereoOutput ? withStereo(made.sdp ?? '') : (made.sdp ?? '') })),
      concatMap((description) =>
        step('set-local-description', () => peerConnection.setLocalDescription(description as never)).pipe(
          map(() => peerConnection.localDescription?.sdp ?? description.sdp),
        ),
      ),
    ),
  );
}

/**
 * Applies the server's encodings before and after the description is set once more: otherwise a browser does not take `active` over.
 */
function simulcast(sdp: string, context: NegotiationContext): Observable<never> {
  const { encodings, peerConnection, mid } = context;
  if (encodings === null) return EMPTY;
  return defer(() => {
    const sender = videoTransceiver(peerConnection, mid.video)?.sender;
    if (sender === undefined) return EMPTY;
    const applied$ = applyEncodings(sender, encodings).pipe(
      catchError((error: unknown) => throwError(() => new StepError('set-parameters', error))),
      ignoreElements(),
    );
    return concat(applied$, setRemote(sdp, context), applied$);
  });
}

function videoTransceiver(peerConnection: PeerConnectionLike, mid: string | undefined): TransceiverLike | undefined {
  return peerConnection
    .getTransceivers?.()
    .find(
      (transceiver) =>
        typeof transceiver.mid === 'string' &&
        transceiver.sender.track != null &&
        (mid === undefined ? transceiver.mid.includes('video') : transceiver.mid === mid),
    );
}

/** A section on which the server expects media must be able to send, even without a track yet. */
function sendOnOfferedSections({ peerConnection, mid }: NegotiationContext): void {
  for (const wanted of [mid.audio, mid.video]) {
    const transceiver = peerConnection.getTransceivers?.().find((each) => wanted !== undefined && each.mid === wanted);
    if (transceiver?.direction === 'recvonly') transceiver.direction = 'sendrecv';
  }
}

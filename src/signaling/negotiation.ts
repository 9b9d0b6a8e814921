import { EMPTY, type Observable, catchError, concat, concatMap, defer, forkJoin, ignoreElements, map, throwError } from 'rxjs';
import { call } from '../platform/call.ts';
import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import type { EncodingLike, MediaStreamLike, MediaStreamTrackLike, PeerConnectionLike, TransceiverLike } from '../platform/w3c.ts';
import { applyEncodings } from '../tracks/sender-encodings.ts';
import type { OfferMessage } from '../wire/messages.ts';
import { type MediaSection, mediaSections, withStereo } from './sdp.ts';

/** What stays the same for all offers of a session. */
export interface NegotiationConfig {
  readonly platform: Pick<Platform, 'RTCPeerConnection' | 'userAgent'>;
  /** What is sent; undefined for a role that only receives. */
  readonly stream: MediaStreamLike | undefined;
  /** Whether several layers will be requested. */
  readonly simulcast: boolean;
  readonly forceStereoOutput: boolean;
  readonly rtcConfiguration: ((offered: never) => unknown) | undefined;
  /** What the application does before each answer. */
  readonly beforeAnswer: ((peerConnection: never) => unknown) | undefined;
}

/** A step that failed; `where` names it in the Termination (T26). */
export class StepError extends Error {
  override readonly name = 'StepError';
  readonly where: string;

  /** @param message what to report instead of the error's own message, where the application wrote that (P29) */
  constructor(where: string, cause: unknown, message?: string) {
    super(message, { cause });
    this.where = where;
  }
}

/** Offer and answer of one session. */
export interface Negotiation {
  /** Makes the peer connection and adds the tracks while the WebSocket opens, where the offer may allow to use it. */
  readonly prepare: () => void;
  /** The peer connection that the offer asks for. Throws a {@link StepError}. */
  readonly peerConnection: (offer: OfferMessage) => PeerConnectionLike;
  /** Answers an offer; emits the SDP of the answer. Cold; errors with a {@link StepError}. Subscribe for one offer after the other. */
  answer(sdp: string): Observable<string>;
  /** Closes a peer connection that was made and not used. */
  readonly discard: () => void;
}

export function createNegotiation(config: NegotiationConfig): Negotiation {
  const { platform, stream, beforeAnswer, forceStereoOutput } = config;
  const { RTCPeerConnection } = platform;
  const isCareful = config.simulcast || forceStereoOutput || beforeAnswer !== undefined;
  let early: PeerConnectionLike | null = null;
  let peerConnection: PeerConnectionLike;
  let first: OfferMessage;
  let isSending = false;
  let isQuick = false;

  function discard(): void {
    const unused = early;
    early = null;
    if (unused !== null) release(() => unused.close());
  }

  /** Takes the early peer connection for an offer that it suits. Configurations that cannot be set later make it throw. */
  function adopt(offer: OfferMessage, configuration: unknown): PeerConnectionLike | null {
    const suits =
      early !== null && (offer.simulcast !== true || stream === undefined) && sendsWhereOffered(offer, stream?.getTracks() ?? []);
    try {
      if (early === null || !suits) return null;
      early.setConfiguration?.(configuration as never);
      const adopted = early;
      early = null;
      return adopted;
    } catch {
      return null;
    } finally {
      discard();
    }
  }

  /** One after the other; the quick way leaves the order to the operations chain of the peer connection. @source W3C WebRTC 4.4.1.2 */
  function answerQuickly(sdp: string): Observable<string> {
    return forkJoin([setRemote(sdp), step('set-local-description', () => peerConnection.setLocalDescription())]).pipe(
      map(() => peerConnection.localDescription?.sdp ?? ''),
    );
  }

  function answerCarefully(sdp: string): Observable<string> {
    const before$ = concat(
      setRemote(sdp),
      call(send),
      simulcast(sdp),
      // Its message belongs to the application and may contain anything.
      beforeAnswer === undefined ? EMPTY : step('before-answer', () => beforeAnswer(peerConnection as never), 'beforeAnswer failed'),
    ).pipe(ignoreElements());
    const answer$ = step<{ readonly sdp?: string }>('create-answer', () => peerConnection.createAnswer()).pipe(
      map(({ sdp: created = '' }) => ({ type: 'answer', sdp: forceStereoOutput ? withStereo(created) : created })),
      concatMap((description) =>
        step('set-local-description', () => peerConnection.setLocalDescription(description as never)).pipe(
          map(() => peerConnection.localDescription?.sdp ?? description.sdp),
        ),
      ),
    );
    return concat(before$, answer$);
  }

  /** Once, before the first answer. */
  function send(): void {
    if (isSending) return;
    isSending = true;
    inStep('add-track', () => stream?.getTracks().forEach((track) => peerConnection.addTrack?.(track as never, stream as never)));
    inStep('direction', () => sendOnOfferedSections(peerConnection, first.mid));
  }

  function setRemote(sdp: string): Observable<unknown> {
    return step('set-remote-description', () => peerConnection.setRemoteDescription({ type: 'offer', sdp } as never));
  }

  /**
   * Applies the encodings of the first offer, as re-offers carry none. Chromium takes `active` over only when the description is set once more; in
   * Firefox setting it again would remove every remote track and add it anew.
   */
  function simulcast(sdp: string): Observable<unknown> {
    const { encodings, simulcast: isOffered, mid } = first;
    if (isOffered !== true || encodings == null || stream === undefined) return EMPTY;
    return defer(() => {
      const sender = videoTransceiver(peerConnection, mid?.video)?.sender;
      if (sender === undefined) return EMPTY;
      const applied$ = applyEncodings(sender, encodings as readonly EncodingLike[]).pipe(
        catchError((error: unknown) => throwError(() => new StepError('set-parameters', error))),
      );
      return /firefox/i.test(platform.userAgent ?? '') ? applied$ : concat(applied$, setRemote(sdp), applied$);
    });
  }

  return {
    prepare() {
      if (isCareful || !('setConfiguration' in ((RTCPeerConnection.prototype as object | undefined) ?? {}))) return;
      try {
        early = new RTCPeerConnection();
        for (const track of stream?.getTracks() ?? []) early.addTrack?.(track as never, stream as never);
      } catch {
        discard(); // the careful way reports it
      }
    },
    peerConnection(offer) {
      const offered = offer.config ?? {};
      const configuration = inStep(
        'rtc-configuration',
        () => config.rtcConfiguration?.(offered as never) ?? offered,
        'rtcConfiguration threw',
      );
      const adopted = adopt(offer, configuration);
      first = offer;
      isQuick = adopted !== null;
      peerConnection = adopted ?? inStep('peer-connection', () => new RTCPeerConnection(configuration as never));
      return peerConnection;
    },
    // eslint-disable-next-line rxjs-x/finnish -- the name that the rest of signaling calls it by
    answer(sdp) {
      return isQuick ? answerQuickly(sdp) : answerCarefully(sdp);
    },
    discard,
  };
}

/** A call to the platform whose failure knows the step it belongs to. */
function step<Value>(where: string, run: () => unknown, message?: string): Observable<Value> {
  return call(run, (error) => new StepError(where, error, message));
}

function inStep<Value>(where: string, run: () => Value, message?: string): Value {
  try {
    return run();
  } catch (error) {
    throw new StepError(where, error, message);
  }
}

/**
 * Whether tracks that were added before the description is set end up on the lines that the server means: each kind that it wants has one track, and
 * its first line is the one meant. @source RFC 8829 5.10
 */
function sendsWhereOffered({ mid, sdp }: OfferMessage, tracks: readonly MediaStreamTrackLike[]): boolean {
  const sections = mediaSections(sdp);
  const firstOf = (kind: string): MediaSection | undefined => sections.find((section) => section.kind === kind);
  return (['audio', 'video'] as const).every((kind) => {
    const count = tracks.filter((track) => track.kind === kind).length;
    return count === 0 ? mid?.[kind] == null : count === 1 && firstOf(kind)?.mid === mid?.[kind];
  });
}

/** A line on which the server expects media must be able to send, even before there is a track. */
function sendOnOfferedSections(peerConnection: PeerConnectionLike, mid: OfferMessage['mid']): void {
  for (const wanted of [mid?.audio, mid?.video]) {
    const transceiver = peerConnection.getTransceivers?.().find((each) => wanted !== undefined && each.mid === wanted);
    if (transceiver?.direction === 'recvonly') transceiver.direction = 'sendrecv';
  }
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

import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import { settle } from '../platform/settle.ts';
import type {
  EncodingLike,
  MediaStreamLike,
  MediaStreamTrackLike,
  PeerConnectionLike,
  RtpSenderLike,
  TransceiverLike,
} from '../platform/w3c.ts';
import { setEncodings } from '../tracks/sender-encodings.ts';
import type { OfferMessage } from '../wire/messages.ts';
import type { Role } from '../wire/words.ts';
import { type MediaSection, mediaSections, withStereo } from './sdp.ts';

/** What stays the same for all offers of a session. */
export interface NegotiationConfig {
  readonly platform: Pick<Platform, 'RTCPeerConnection' | 'userAgent'>;
  readonly role: Role;
  /** What is sent, unless the role is to receive only. */
  readonly stream?: MediaStreamLike | undefined;
  /** Whether several layers will be requested. */
  readonly simulcast?: boolean | undefined;
  readonly forceStereoOutput: boolean;
  readonly rtcConfiguration?: ((offered: never) => unknown) | undefined;
  /** What the application does before each answer. */
  readonly beforeAnswer?: ((peerConnection: never) => unknown) | undefined;
  /** Whether the session has ended: then no further step is taken. */
  readonly isOver: () => boolean;
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

/** What begins when it is called, and then calls one of the two, once. */
type Task = (next: (value: unknown) => void, fail: (error: unknown) => void) => void;

/** Offer and answer of one session. */
export interface Negotiation {
  /** Makes the peer connection and adds the tracks before the offer comes, where the offer may allow to use it. Another call changes nothing. */
  readonly prepare: () => void;
  /** Prepares at once where both audio and video will be sent, and hands the peer connection out, as its offer describes the runtime; otherwise null. */
  readonly sender: () => PeerConnectionLike | null;
  /** The peer connection that the offer asks for. Throws a {@link StepError}. */
  readonly peerConnection: (offer: OfferMessage) => PeerConnectionLike;
  /** Answers an offer, one after the other: the SDP of the answer goes to `next`, or the {@link StepError} to `fail`. */
  readonly answer: (sdp: string, next: (sdp: string) => void, fail: (error: unknown) => void) => void;
  /** Closes a peer connection that was made and not used. */
  readonly discard: () => void;
}

export function createNegotiation(config: NegotiationConfig): Negotiation {
  const { platform, beforeAnswer, forceStereoOutput } = config;
  const { RTCPeerConnection } = platform;
  const isSending = config.role !== 'recvonly';
  const stream = isSending ? config.stream : undefined;
  let isCareful = (isSending && config.simulcast === true) || forceStereoOutput || beforeAnswer !== undefined;
  let early: PeerConnectionLike | null = null;
  /** What the early one sends. */
  let added: readonly MediaStreamTrackLike[] = [];
  let peerConnection: PeerConnectionLike;
  let first: OfferMessage;
  let areTracksAdded = false;
  let isQuick = false;

  function discard(): void {
    const unused = early;
    early = null;
    if (unused !== null) release(() => unused.close());
  }

  /** Takes the early peer connection for an offer that it suits. Configurations that cannot be set later make it throw. */
  function adopt(offer: OfferMessage, configuration: unknown): PeerConnectionLike | null {
    const tracks = stream?.getTracks() ?? [];
    const suits =
      early !== null &&
      (offer.simulcast !== true || stream === undefined) &&
      tracks.length === added.length &&
      tracks.every((track) => added.includes(track)) && // the application may have exchanged one since
      sendsWhereOffered(offer, tracks);
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

  /** Without waiting in between: the operations chain of the peer connection keeps the order. @source W3C WebRTC 4.4.1.2 */
  function answerQuickly(sdp: string, next: (sdp: string) => void, fail: (error: unknown) => void): void {
    let open = 2;
    const done = (): void => {
      open -= 1;
      if (open === 0) settle(() => peerConnection.localDescription?.sdp ?? '', next, fail);
    };
    const failed = (error: unknown): void => {
      if (open > 0) fail(error);
      open = 0;
    };
    setRemote(sdp)(done, failed);
    step('set-local-description', () => peerConnection.setLocalDescription())(done, failed);
  }

  /** Each step waits for the one before it. */
  function* answerCarefully(sdp: string): Generator<Task, string, unknown> {
    yield setRemote(sdp);
    send();
    yield* simulcast(sdp);
    // Its message belongs to the application and may contain anything.
    if (beforeAnswer !== undefined) yield step('before-answer', () => beforeAnswer(peerConnection as never), 'beforeAnswer failed');
    const { sdp: created = '' } = (yield step('create-answer', () => peerConnection.createAnswer())) as { readonly sdp?: string };
    const description = { type: 'answer', sdp: forceStereoOutput ? withStereo(created) : created };
    yield step('set-local-description', () => peerConnection.setLocalDescription(description as never));
    return peerConnection.localDescription?.sdp ?? description.sdp;
  }

  /** Runs a generator as if it were an async function, but in one go where its tasks do not have to wait. */
  function run<Result>(steps: Generator<Task, Result, unknown>, next: (result: Result) => void, fail: (error: unknown) => void): void {
    function resume(advance: () => IteratorResult<Task, Result>): void {
      if (config.isOver()) return;
      let step: IteratorResult<Task, Result>;
      try {
        step = advance();
      } catch (error) {
        fail(error);
        return;
      }
      if (step.done === true) next(step.value);
      else {
        step.value(
          (result) => resume(() => steps.next(result)),
          (error) => resume(() => steps.throw(error)),
        );
      }
    }
    resume(() => steps.next());
  }

  /** Once, before the first answer. */
  function send(): void {
    if (areTracksAdded) return;
    areTracksAdded = true;
    inStep('add-track', () => stream?.getTracks().forEach((track) => peerConnection.addTrack?.(track as never, stream as never)));
    inStep('direction', () => sendOnOfferedSections(peerConnection, first.mid));
  }

  function setRemote(sdp: string): Task {
    return step('set-remote-description', () => peerConnection.setRemoteDescription({ type: 'offer', sdp } as never));
  }

  /**
   * Applies the encodings of the first offer, as re-offers carry none. Chromium takes `active` over only when the description is set once more; in
   * Firefox setting it again would remove every remote track and add it anew.
   */
  function* simulcast(sdp: string): Generator<Task, void> {
    const { encodings, simulcast: isOffered, mid } = first;
    if (isOffered !== true || encodings == null || stream === undefined) return;
    const sender = videoTransceiver(peerConnection, mid?.video)?.sender;
    if (sender === undefined) return;
    yield* encode(sender, encodings);
    if (/firefox/i.test(platform.userAgent ?? '')) return;
    yield setRemote(sdp);
    yield* encode(sender, encodings);
  }

  function prepare(): void {
    if (early !== null || isCareful || !('setConfiguration' in ((RTCPeerConnection.prototype as object | undefined) ?? {}))) return;
    try {
      early = new RTCPeerConnection();
      added = stream?.getTracks() ?? [];
      for (const track of added) early.addTrack?.(track as never, stream as never);
    } catch {
      discard();
      isCareful = true; // the careful way reports what is wrong
    }
  }

  return {
    prepare,
    sender() {
      const kinds = stream?.getTracks().map(({ kind }) => kind);
      if (!['audio', 'video'].every((kind) => kinds?.includes(kind) === true)) return null;
      prepare();
      return early;
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
    answer(sdp, next, fail) {
      if (isQuick) answerQuickly(sdp, next, fail);
      else run(answerCarefully(sdp), next, fail);
    },
    discard,
  };
}

/** A call to the platform whose failure knows the step it belongs to. */
function step(where: string, run: () => unknown, message?: string): Task {
  return (next, fail) => settle(run, next, (error) => fail(new StepError(where, error, message)));
}

/** A browser that refuses a member gets the essential ones alone. */
function* encode(sender: RtpSenderLike, encodings: readonly EncodingLike[]): Generator<Task, void> {
  try {
    yield step('set-parameters', () => setEncodings(sender, encodings, 'all'));
  } catch {
    yield step('set-parameters', () => setEncodings(sender, encodings, 'essential'));
  }
}

export function inStep<Value>(where: string, run: () => Value, message?: string): Value {
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
  const firstOf = (kind: string): MediaSection | undefined => mediaSections(sdp).find((section) => section.kind === kind);
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

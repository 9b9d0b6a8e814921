import {
  EMPTY,
  type Observable,
  catchError,
  concat,
  concatMap,
  filter,
  ignoreElements,
  map,
  merge,
  of,
  switchMap,
  take,
  takeUntil,
  tap,
} from 'rxjs';
import { remember } from '../../operators/remember.ts';
import type { PeerConnectionLike } from '../../platform/w3c.ts';
import type { OfferMessage } from '../../signaling/messages.ts';
import { StepError, failureOf } from '../../signaling/failure.ts';
import { type NegotiationContext, answerOffer, answerReOffer } from '../../signaling/negotiation.ts';
import { offeredChannels } from '../../signaling/offered-channels.ts';
import { certificate } from '../../signaling/preparation.ts';
import { fromPeerConnection } from '../../transports/peer-connection.ts';
import type { PeerConnectionEvent } from '../../transports/peer-connection-event.ts';
import type { SessionInput } from '../input.ts';
import { type ActedOn, acted } from '../received.ts';
import type { SessionContext } from '../session-context.ts';

/** A peer connection with its events, listened to from the tick in which it was made. */
export interface Peer {
  readonly offer: OfferMessage;
  readonly peerConnection: PeerConnectionLike;
  readonly events$: Observable<PeerConnectionEvent>;
}

type AnyOffer = ActedOn<'offer' | 're-offer' | 'update'>;

/** Answers in the words of the offer. */
const ANSWERS = { offer: 'answer', 're-offer': 're-answer', update: 'update' } as const;

/**
 * The peer connection that the offer asks for. Its certificate is made while the socket opens. Replayed; errors with a StepError; makes none
 * once the end has begun.
 */
export function peerOf(context: SessionContext): Observable<Peer> {
  const certificate$ = certificate(context.platform).pipe(remember());
  const made$ = acted(context.of('received'), 'offer').pipe(
    take(1),
    switchMap(({ message }) => certificate$.pipe(map((made) => createPeer(message, made, context)))),
  );
  return remembered(merge(certificate$.pipe(ignoreElements()), made$).pipe(takeUntil(context.ending$)));
}

/** Nobody may lose the peer connection that was made, nor make a second one. */
function remembered(peer$: Observable<Peer>): Observable<Peer> {
  return peer$.pipe(remember());
}

/** What the peer connection tells, until everything is closed. */
export function peerInputs(peer$: Observable<Peer>, { live }: SessionContext): Observable<SessionInput> {
  return peer$.pipe(
    switchMap(({ events$ }) => events$),
    tap((event) => {
      if (event.kind === 'datachannel') live.channels.expect(event.channel);
    }),
    map((event): SessionInput => ({ kind: 'peer', event })),
    catchError(() => EMPTY), // the one that wanted to answer says so
  );
}

/** Answers the offer and every later one, one after the other, over the transport it came from (Q12). */
export function negotiating(context: SessionContext, peer$: Observable<Peer>): Observable<SessionInput> {
  const received$ = context.of('received');
  return merge(
    acted(received$, 'offer').pipe(map(({ message }) => accept(message, context))),
    acted(received$, 'offer', 're-offer', 'update').pipe(
      concatMap((offer) =>
        peer$.pipe(
          take(1),
          concatMap((peer) => answered(offer, peer, context)),
          catchError((error: unknown) => of<SessionInput>({ kind: 'failure', failure: failureOf(error, offer.message.type) })),
        ),
      ),
    ),
  );
}

/** What the offer decided, for all who look at it later (Q66). */
function accept(offer: OfferMessage, { config, live, secrets }: SessionContext): SessionInput {
  const channels = offeredChannels(offer);
  secrets.learnOffer(offer);
  live.offer = offer;
  live.offered = new Map(channels.map((channel) => [channel.label, channel]));
  return {
    kind: 'progress',
    progress: {
      kind: 'offer',
      dataChannelSignaling: offer.data_channel_signaling ?? config.dataChannelSignaling ?? false,
      ignoreDisconnectWebSocket: offer.ignore_disconnect_websocket ?? config.ignoreDisconnectWebSocket ?? false,
      labels: channels.map(({ label }) => label),
    },
  };
}

function createPeer(offer: OfferMessage, made: unknown, { config, platform, live, clock }: SessionContext): Peer {
  const offered = { ...offer.config, ...(made !== undefined && { certificates: [made] }) } as RTCConfiguration;
  const configuration = inStep('rtc-configuration', () => config.rtcConfiguration?.(offered) ?? offered, 'rtcConfiguration threw');
  const peerConnection = inStep('peer-connection', () => new platform.RTCPeerConnection(configuration as never));
  live.peerConnection = peerConnection;
  return { offer, peerConnection, events$: fromPeerConnection(peerConnection, () => clock.elapsed()) };
}

function inStep<Value>(where: string, run: () => Value, told?: string): Value {
  try {
    return run();
  } catch (error) {
    throw new StepError(where, error, told);
  }
}

function answered({ message, received }: AnyOffer, { offer, peerConnection }: Peer, context: SessionContext): Observable<SessionInput> {
  const { config } = context;
  const sends = config.role !== 'recvonly';
  const negotiation: NegotiationContext = {
    peerConnection,
    ...(sends && config.stream !== undefined && { stream: config.stream }),
    mid: offer.mid ?? {},
    encodings: sends && offer.simulcast === true ? (offer.encodings ?? null) : null,
    forceStereoOutput: config.forceStereoOutput,
    contentHint: { ...config.contentHint },
    beforeAnswer: config.beforeAnswer,
    restoresReleased: /firefox/i.test(context.platform.userAgent ?? ''),
  };
  const sdp$ = message.type === 'offer' ? answerOffer(message.sdp, negotiation) : answerReOffer(message.sdp, negotiation);
  const type = ANSWERS[message.type];
  return sdp$.pipe(
    concatMap((sdp) =>
      concat(
        context.send(received.via, { type, sdp } as { readonly type: string }, received.label).pipe(
          catchError((error: unknown) => {
            throw new StepError(`send-${type}`, error);
          }),
        ),
        of<SessionInput>({ kind: 'answered', via: received.via }),
      ),
    ),
  );
}

/**
 * The candidates as they are gathered, over the WebSocket and not after `switched`, which no server needs; none before the answer, as nobody
 * would know what they belong to.
 */
export function sendingCandidates({ config, of: inputsOf, send }: SessionContext): Observable<SessionInput> {
  if (config.skipIceCandidateEvent) return EMPTY;
  const isAnswered$ = inputsOf('answered').pipe(take(1), remember());
  const candidates$ = inputsOf('peer').pipe(
    map(({ event }) => (event.kind === 'icecandidate' ? event.candidate : null)),
    filter((candidate) => candidate !== null),
  );
  return merge(
    isAnswered$.pipe(ignoreElements()),
    candidates$.pipe(
      concatMap((candidate) => isAnswered$.pipe(concatMap(() => send('websocket', { type: 'candidate', ...candidate })))),
      catchError(() => EMPTY), // the server can do without
      takeUntil(acted(inputsOf('received'), 'switched')),
    ),
  );
}

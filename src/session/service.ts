import { Subscription, timer } from 'rxjs';
import type { IceCandidate, SessionEvent, SignalingEvent } from '../model/session-event.ts';
import type { Via } from '../model/words.ts';
import type { Platform } from '../platform/platform.ts';
import { quietly } from '../platform/quietly.ts';
import { release } from '../platform/release.ts';
import { settle } from '../platform/settle.ts';
import type { PeerConnectionLike } from '../platform/w3c.ts';
import { type Negotiation, StepError } from '../signaling/negotiation.ts';
import type { Outbox } from '../signaling/outbox.ts';
import { createRedirects } from '../signaling/redirect.ts';
import type { Sockets } from '../signaling/sockets.ts';
import type { ThrowAway } from '../signaling/throw-away-offer.ts';
import type { RemoteTracks } from '../tracks/remote-tracks.ts';
import { version } from '../version.ts';
import { connectMessage } from '../wire/connect-message.ts';
import type { Serializable } from '../wire/json.ts';
import type { OfferMessage } from '../wire/messages.ts';
import { secretsIn } from './failure.ts';
import { json } from './option-check.ts';
import type { SessionConfig } from './options.ts';
import type { ConnectedInfo } from './session.ts';

/** What the service works with. */
export interface Serving {
  readonly config: SessionConfig;
  readonly platform: Platform;
  readonly negotiation: Negotiation;
  readonly now: () => number;
  readonly inTurn: (task: () => void) => void;
  readonly sockets: Sockets;
  readonly outbox: Outbox;
  readonly remoteTracks: RemoteTracks;
  readonly offer: () => OfferMessage | null;
  readonly peerConnection: () => PeerConnectionLike | null;
  readonly isSignalingOpen: () => boolean;
  readonly apply: (event: SessionEvent) => void;
  readonly fail: (error: unknown, where: string) => void;
  readonly accept: (offer: OfferMessage) => void;
  readonly observe: (peerConnection: PeerConnectionLike) => void;
  /** Throws what the socket throws. */
  readonly sendOverWebSocket: (message: { readonly type: string }) => void;
  readonly noteSent: (via: Via, message: { readonly type: string }, text: string, label?: string) => void;
  readonly connected: (info: ConnectedInfo) => void;
  /** In a task of its own after that: time for what nobody waits for. */
  readonly idle: () => void;
  /** The first answer was sent. */
  readonly answered: () => void;
}

/**
 * What a session does from its start until the cause of its end is latched: it introduces itself, answers offers, pings and requests, follows redirects and
 * moves to DataChannels. It sends and reports, and decides nothing about the end.
 */
export interface Service {
  /** Prepares what `connect` contains while the socket opens. */
  readonly start: (throwAway: ThrowAway) => void;
  readonly webSocketOpened: () => void;
  /** Acts on a message that is in place. */
  readonly serve: (event: SignalingEvent & { readonly kind: 'message' }) => void;
  readonly candidate: (candidate: IceCandidate | null) => void;
  readonly channelChanged: () => void;
  readonly connected: (connectedAt: number) => void;
  readonly hasAnswered: () => boolean;
  /** What went through the session and must not be reported about it. */
  readonly secrets: () => readonly unknown[];
  readonly stop: () => void;
  /** Closes a peer connection that was made and not used. */
  readonly discard: () => void;
}

/** Where a message came from, and where its answer goes. */
interface Place {
  readonly via: Via;
  readonly label: string;
}

interface PendingOffer extends Place {
  readonly type: 'offer' | 're-offer' | 'update';
  readonly sdp: string;
}

interface Introduction {
  readonly sdp: string | undefined;
  readonly metadata: Serializable | undefined;
}

/** The types of answers, by the type of the offer. */
const ANSWERS = { offer: 'answer', 're-offer': 're-answer', update: 'update' } as const;

/** How long a WebSocket may outlive `switched`, in milliseconds (Q12). */
const LONGEST_OVERLAP_MS = 10_000;

export function createService(live: Serving): Service {
  const { config, platform, negotiation, now, inTurn, sockets, apply, fail, sendOverWebSocket } = live;
  const { metadata: givenMetadata } = config;
  const redirects = createRedirects();
  /** The first is being answered, the others wait for it. */
  const offers: PendingOffer[] = [];
  /** What runs until the cause: results that arrive later are dropped (Q61). */
  const running = new Subscription();
  /** Candidates that were gathered before the answer; null once it was sent. */
  let candidates: IceCandidate[] | null = [];
  let introduction: Introduction | null = null;
  let metadata: unknown = typeof givenMetadata === 'function' ? undefined : givenMetadata;
  /** Takes some milliseconds of the processor, which are free once the session is connected. */
  let closeThrowAway = (): void => undefined;
  let isOpen = false;
  let contactUrl: string | null = null;
  let connectedUrl = '';
  let redirectUrls: readonly string[] = [];
  /** Offers that came over the WebSocket and wait for their answer. */
  let unanswered = 0;
  let hasSwitched = false;
  let isLeavingWebSocket = false;
  let isConnected = false;

  /** A function is called once for each attempt; its result must be JSON, as nothing else can be sent. */
  function prepareMetadata(next: (value: Serializable | undefined) => void): void {
    if (typeof givenMetadata !== 'function') {
      next(givenMetadata);
      return;
    }
    const failed = (error: unknown): void =>
      inTurn(() => fail(new StepError('metadata', error, 'the metadata function failed'), 'metadata')); // its message belongs to the application (P29)
    const made = (value: Serializable | undefined): void => {
      metadata = value;
      const check = (): unknown => value !== undefined && json(value, 'metadata');
      settle(check, () => next(value), failed);
    };
    settle(givenMetadata as () => unknown, made, failed);
  }

  /** Sends `connect` on every socket that comes to count, as soon as it is open and everything that it contains is known. */
  function introduce(): void {
    if (introduction === null || !isOpen) return;
    contactUrl ??= sockets.url();
    const facts = { redirect: redirectUrls.length > 0, environment: platform.userAgent, soraClient: `rx-sora ${version}` };
    try {
      sendOverWebSocket(connectMessage(config, { ...introduction, ...facts }));
    } catch (error) {
      fail(error, 'send-connect');
      return;
    }
    apply({ source: 'session', kind: 'connect-sent', at: now() });
    negotiation.prepare(); // while the server thinks about its offer
  }

  function accept(offer: OfferMessage): void {
    connectedUrl = sockets.url() ?? '';
    live.accept(offer);
    try {
      live.observe(negotiation.peerConnection(offer));
    } catch (error) {
      fail(error, 'offer');
    }
    live.outbox.flush();
  }

  /** Answers the first offer over the transport that it came from (Q12), then the others. A step that fails is a failure of the session. */
  function answerOffers(): void {
    const [offer] = offers;
    if (offer === undefined || running.closed) return;
    const answered = (sdp: string): void => {
      inTurn(() => sendAnswer(offer, sdp));
      offers.shift();
      answerOffers();
    };
    negotiation.answer(offer.sdp, answered, (error) => inTurn(() => fail(error, offer.type)));
  }

  function sendAnswer({ type: offered, sdp: offerSdp, ...place }: PendingOffer, sdp: string): void {
    if (running.closed) return;
    live.remoteTracks.applied(offerSdp);
    const type = ANSWERS[offered];
    const message = { type, sdp };
    send(place, message, (error) => {
      if (error !== null) {
        fail(error, `send-${type}`);
        return;
      }
      if (place.via === 'websocket') unanswered -= 1;
      const waiting = candidates;
      candidates = null;
      waiting?.forEach(candidate);
      if (waiting !== null) live.answered();
      closeWebSocketIfReady();
    });
  }

  /** Over the WebSocket after the answer and before `switched`; the server can do without them. */
  function candidate(found: IceCandidate | null): void {
    if (found === null || hasSwitched || config.skipIceCandidateEvent) return;
    if (candidates !== null) candidates.push(found);
    else release(() => sendOverWebSocket({ type: 'candidate', ...found }));
  }

  /** Statistics that take their time hold up no other answer. An answer that cannot be sent ends nothing: the server will notice. */
  function reply(place: Place, hasStats: boolean, toMessage: (stats: readonly unknown[] | null) => { readonly type: string }): void {
    const answer = (stats: readonly unknown[] | null): void =>
      inTurn(() => {
        if (!running.closed) send(place, toMessage(stats), () => undefined);
      });
    settle<ReportLike | null | undefined>(
      () => (hasStats ? live.peerConnection()?.getStats?.() : null),
      (report) => answer(report === null ? null : quietly(() => [...(report?.values() ?? [])], null)),
      () => answer(null),
    );
  }

  /** Sends now over the WebSocket, or in its turn over a channel; `settle` gets null or the error. */
  function send({ via, label }: Place, message: { readonly type: string }, settle: (error: unknown) => void): void {
    if (via === 'datachannel') {
      const text = JSON.stringify(message);
      live.outbox.queue(label, text, (error) => {
        if (error === null) live.noteSent(via, message, text, label);
        settle(error);
      });
      return;
    }
    try {
      sendOverWebSocket(message);
    } catch (error) {
      settle(error);
      return;
    }
    settle(null);
  }

  function redirect(location: string): void {
    redirectUrls = [...redirectUrls, location];
    const target = redirects.follow(sockets.url() ?? '', location);
    if ('what' in target) {
      apply({ source: 'signaling', kind: 'invalid', at: now(), what: target.what });
      return;
    }
    isOpen = false;
    apply({ source: 'session', kind: 'opening', at: now() });
    sockets.open([target.url]);
  }

  /** After `switched` with the ignore flag: as soon as `signaling` is open and no offer of the WebSocket waits for its answer (Q12). */
  function closeWebSocketIfReady(): void {
    if (!isLeavingWebSocket || unanswered > 0 || !live.isSignalingOpen()) return;
    isLeavingWebSocket = false;
    sockets.closeCurrent();
  }

  return {
    start({ whenMade, close }) {
      running.add(close);
      closeThrowAway = close;
      prepareMetadata((prepared) =>
        whenMade((sdp) =>
          inTurn(() => {
            introduction = { sdp, metadata: prepared };
            if (!running.closed) introduce();
          }),
        ),
      );
    },
    webSocketOpened() {
      isOpen = true;
      introduce();
    },
    serve({ via = 'websocket', label = 'signaling', message: received }) {
      const place: Place = { via, label };
      const message = received as Readonly<Record<string, unknown>> & { readonly type: string };
      const { type } = message;
      switch (type) {
        case 'offer':
        case 're-offer':
        case 'update':
          if (type === 'offer') accept(received as OfferMessage);
          if (via === 'websocket') unanswered += 1;
          if (live.peerConnection() === null) break;
          offers.push({ ...place, type, sdp: message['sdp'] as string });
          if (offers.length === 1) answerOffers();
          break;
        case 'redirect':
          redirect(message['location'] as string);
          break;
        case 'switched':
          hasSwitched = true;
          if (message['ignore_disconnect_websocket'] !== true) break;
          isLeavingWebSocket = true;
          running.add(timer(LONGEST_OVERLAP_MS).subscribe(sockets.closeCurrent));
          closeWebSocketIfReady();
          break;
        case 'ping':
          reply(place, message['stats'] === true, (stats) => ({ type: 'pong', ...(stats && { stats }) }));
          break;
        case 'req-stats':
          reply(place, true, (stats) => ({ type: 'stats', reports: stats ?? [] }));
      }
    },
    candidate,
    channelChanged: closeWebSocketIfReady,
    connected(connectedAt) {
      const offer = live.offer();
      if (offer === null || isConnected) return;
      isConnected = true;
      const url = contactUrl ?? connectedUrl;
      sockets.report(url);
      const idle = timer(0).subscribe(() => {
        closeThrowAway();
        live.idle();
      });
      running.add(idle);
      live.connected(infoOf(offer, url, connectedUrl, config.channelId, connectedAt));
    },
    hasAnswered: () => candidates === null,
    secrets() {
      const offer = live.offer();
      const texts = [...config.signalingUrls, ...redirectUrls, offer?.sdp ?? ''];
      return [metadata, config.signalingNotifyMetadata, offer?.metadata, offer?.config?.iceServers, texts.map(secretsIn)];
    },
    stop() {
      if (!isConnected) sockets.report(null);
      running.unsubscribe();
    },
    discard: negotiation.discard,
  };
}

interface ReportLike {
  values(): Iterable<unknown>;
}

function infoOf(offer: OfferMessage, contactUrl: string, connectedUrl: string, channelId: string, connectedAt: number): ConnectedInfo {
  const { connection_id: connectionId, session_id: sessionId, metadata: authMetadata } = offer;
  return {
    connectionId,
    clientId: offer.client_id ?? connectionId,
    bundleId: offer.bundle_id ?? connectionId,
    ...(sessionId && { sessionId }),
    channelId: offer.channel_id ?? channelId,
    contactUrl,
    connectedUrl,
    simulcast: offer.simulcast ?? false,
    spotlight: offer.spotlight ?? false,
    rpcMethods: offer.rpc_methods ?? [],
    ...(authMetadata !== undefined && { authMetadata }),
    connectedAt,
  };
}

import type { DisconnectTrigger } from '../model/words.ts';
import { quietly } from '../platform/quietly.ts';
import { isOwn } from '../signaling/offered-channels.ts';
import { SoraSendError } from '../signaling/send-error.ts';
import type { Termination } from '../termination/reason.ts';
import type { TimelineItem } from '../timeline/timeline-item.ts';
import { type Received, receivedData, viewOf } from '../transports/bytes.ts';
import { createHistory } from './history.ts';
import { internalsOf, withInternals } from './internals.ts';
import { type LiveSession, startSession } from './live-session.ts';
import { type ConnectOptions, type SessionConfig, checkOptions } from './options.ts';
import { rehearseEnds } from './rehearsal.ts';
import { platformNow } from './runtime-check.ts';
import type { AsyncDisposal, ConnectedInfo, DataMessage, Session, SessionState } from './session.ts';
import { createStreams } from './streams.ts';
import { SoraTerminatedError } from './terminated-error.ts';

/** A session with what only its owner may do. */
export interface OwnedSession {
  readonly session: Session;
  /** @throws SoraOptionsError where the runtime lacks a constructor */
  readonly start: () => void;
  readonly unsubscribe: () => void;
}

/**
 * A session as an object, for code without RxJS at hand. Nothing happens until `session.connect()`.
 *
 * @throws SoraOptionsError for a wrong option, at once; `session.connect()` reports missing runtime features, as no global is read before
 * @example
 * ```ts
 * const session = createSession({ signalingUrl, channelId: 'room', role: 'recvonly' });
 * session.termination$.subscribe((t) => console.log(describeTermination(t)));
 * const { connectionId } = await session.connect();
 * ```
 */
export function createSession(options: ConnectOptions): Session {
  return ownSession(checkOptions(options)).session;
}

const refusal = (termination: Termination): SoraTerminatedError =>
  new SoraTerminatedError(termination, 'connect().catch(() => undefined), where termination$ is enough');

/** Streams of events: nothing is replayed. */
export const EVENT_STREAMS = [
  'webSocket$',
  'dataChannel$',
  'peerConnection$',
  'signaling$',
  'offer$',
  'notify$',
  'push$',
  'switched$',
  'track$',
  'removeTrack$',
] as const;

type EventStream = (typeof EVENT_STREAMS)[number];

/** The getters that need nothing but the name of their stream: all sessions share them, as ten of their own would weigh kilobytes. */
const eventStreams = /* @__PURE__ */ EVENT_STREAMS.reduce(
  (shared, name) =>
    Object.defineProperty(shared, name, {
      get(this: Session) {
        return internalsOf(this).streams.events(name);
      },
      enumerable: true,
    }),
  {},
);

/** One for every message that went out in the call of `send()`. */
const SENT: Promise<void> = /* @__PURE__ */ Promise.resolve();

/**
 * Streams are made when they are asked for, everything else when the session starts.
 *
 * @param isHandedOver whether somebody has the session in hand who is about to start it
 */
export function ownSession(config: SessionConfig, isHandedOver = false): OwnedSession {
  const streams = createStreams();
  const { emit, events, state, complete } = streams;
  const history = createHistory({ source: 'session', kind: 'state', at: 0, state: 'idle' });
  let current: SessionState = 'idle';
  let info: ConnectedInfo | undefined;
  let ended: Termination | undefined;
  let live: LiveSession | null = null;
  let connecting: Deferred<ConnectedInfo> | null = null;
  let disconnecting: Deferred<Termination> | null = null;
  /** While sockets are made, a URL policy or a constructor of the application may call back: what it asks for comes after. */
  let isBeginning = false;
  let endMeanwhile: DisconnectTrigger | null = null;

  function record(item: TimelineItem, size = 0): void {
    history.push(item, size);
    emit('timeline', item);
  }

  function changeState(next: SessionState): void {
    if (next === current) return;
    current = next;
    record({ source: 'session', kind: 'state', at: live?.now() ?? 0, state: next });
    emit('state$', next);
  }

  /** Runs what needs a session that has started: at once, or after the call that is about to start it (Q87). */
  function onceStarted<Value>(run: () => Promise<Value>): Promise<Value> {
    const isStarting = isHandedOver || isBeginning;
    return live === null && isStarting ? Promise.resolve().then(run) : run();
  }

  function begin(urls: readonly string[]): LiveSession {
    const platform = urls.length === 0 ? (config.platform as ReturnType<typeof platformNow>) : platformNow(config.platform);
    isBeginning = true;
    try {
      live = startSession(config, platform, urls, {
        ...streams,
        record,
        changeState,
        connected(connected) {
          info = connected;
          emit('connected$', info);
          complete('connected$');
          connecting?.resolve(info);
        },
        idle: () => rehearseEnds(ownSession),
        ended(termination) {
          changeState('ended');
          ended = termination;
          live?.outbox.stop((label) => new SoraSendError('ended', label, { termination }));
          emit('termination$', termination);
          complete('termination$');
          streams.completeAll();
          if (info === undefined) connecting?.reject(refusal(termination));
          disconnecting?.resolve(termination);
        },
      });
    } catch (error) {
      isBeginning = false;
      if (endMeanwhile !== null) begin([]);
      throw error;
    }
    isBeginning = false;
    if (urls.length > 0 && config.signal?.aborted === true) endMeanwhile ??= 'abort-signal';
    if (endMeanwhile !== null) live.end(endMeanwhile);
    live.start();
    return live;
  }

  function start(): void {
    if (isBeginning || live !== null || ended !== undefined) return;
    // A signal that has aborted opens nothing (Q79).
    if (config.signal?.aborted === true) end('abort-signal');
    else begin(config.signalingUrls);
  }

  function end(trigger: DisconnectTrigger): void {
    if (isBeginning) endMeanwhile ??= trigger;
    else if (ended === undefined) (live ?? begin([])).end(trigger);
  }

  /** The live session that a message can be sent over. */
  function sending(label: string): LiveSession {
    if (typeof label !== 'string' || !isOwn(label)) throw new SoraSendError('unknown-label', label);
    if (ended !== undefined) throw new SoraSendError('ended', label, { termination: ended });
    if (live === null) throw new SoraSendError('not-connected', label);
    return live;
  }

  function send(label: string, data: unknown): Promise<void> {
    try {
      const { outbox } = sending(label);
      const message = sendable(label, data);
      if (outbox.sendNow(label, message)) return SENT;
      return new Promise((resolve, reject) => {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- for a label of the application it is a SoraSendError
        outbox.queue(label, message, (error) => (error === null ? resolve() : reject(error)));
      });
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a SoraSendError
      return Promise.reject(error);
    }
  }

  const own: Omit<Session, keyof AsyncDisposal | EventStream> = {
    get state$() {
      return state('state$', current);
    },
    get connected$() {
      return state('connected$', info);
    },
    get termination$() {
      return state('termination$', ended);
    },
    get remoteStreams$() {
      return state('remoteStreams$', live?.remoteStreams() ?? []);
    },
    get dataChannels$() {
      return state('dataChannels$', live?.dataChannels() ?? []);
    },
    // A label of the application begins with #, which the name of no stream does; on any other label nothing comes.
    messages: (label) => events<DataMessage>(label === undefined ? 'messages' : isOwn(label) ? label : `no ${label}`),
    connect() {
      if (ended !== undefined) return Promise.reject(refusal(ended)); // Q88
      if (connecting !== null) return connecting.promise;
      connecting = deferred();
      try {
        if (info === undefined) start();
        else connecting.resolve(info);
      } catch (error) {
        connecting.reject(error);
      }
      return connecting.promise;
    },
    disconnect() {
      if (disconnecting !== null) return disconnecting.promise;
      disconnecting = deferred();
      if (ended === undefined) end('api');
      else disconnecting.resolve(ended);
      return disconnecting.promise;
    },
    send(label, data) {
      if (live !== null) return send(label, data);
      const kept = keptFor(data);
      return onceStarted(() => send(label, kept));
    },
    get peerConnection() {
      return (live?.peerConnection() ?? null) as RTCPeerConnection | null;
    },
  };
  const session = Object.setPrototypeOf(own, eventStreams) as Omit<Session, keyof AsyncDisposal>;
  if ('asyncDispose' in Symbol) {
    const dispose = async (): Promise<void> => {
      await session.disconnect();
    };
    Object.defineProperty(session, Symbol.asyncDispose, { value: dispose });
  }
  return {
    session: withInternals(session, {
      config,
      streams,
      record,
      live: () => live,
      ended: () => ended ?? null,
      onceStarted,
      history: history.latest,
    }),
    start,
    unsubscribe: () => end('unsubscribe'),
  };
}

interface Deferred<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** A promise and what settles it, as `Promise.withResolvers()` is younger than some runtimes. It is known before what it waits for begins and calls back. */
function deferred<Value>(): Deferred<Value> {
  let resolve: Deferred<Value>['resolve'] = () => undefined;
  let reject: Deferred<Value>['reject'] = () => undefined;
  const promise = new Promise<Value>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

/** What is sent later: the memory is the application's again when the call returns (Q86). */
function keptFor(data: unknown): unknown {
  const bytes = quietly(() => viewOf(data), null);
  return bytes === null ? data : new Uint8Array(bytes);
}

/** Text or bytes that can be sent; a Blob is read first. Throws a SoraSendError for anything else (Q86). */
function sendable(label: string, data: unknown): Exclude<Received, null> {
  let cause: unknown;
  try {
    const message = receivedData(data);
    if (message !== null) return message;
  } catch (error) {
    cause = error;
  }
  throw new SoraSendError('not-sendable', label, { cause });
}

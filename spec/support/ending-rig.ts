import { type Observable, Observable as RxObservable, Subject, asyncScheduler, merge } from 'rxjs';
import { expect } from 'vitest';
import type {
  DataChannelEvent,
  DisconnectEvent,
  FailureEvent,
  PeerConnectionEvent,
  ProgressEvent,
  SessionEvent,
  SignalingEvent,
  WebSocketEvent,
} from '../../src/model/session-event.ts';
import type { DisconnectTrigger, SignalingProblem, Via } from '../../src/model/words.ts';
import type { DisconnectMessage, TerminationConfig, TerminationPort, WebSocketState } from '../../src/termination/port.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { termination } from '../../src/termination/termination.ts';
import { driveMarbles, type MarbleDiagrams, type MarbleTool, type MarbleValues } from '../../src/testing/marble-inputs.ts';
import { parseInput, type ScenarioInput } from '../../src/testing/scenario-event.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';

export const STARTED_AT = 1_767_225_600_000;
export const LABELS: readonly string[] = ['signaling', 'notify', 'push', 'stats'];
const STARTS: readonly ScenarioStart[] = ['idle', 'opening', 'signaling', 'negotiating', 'connected', 'switched'];
export const SIGNALING_URL = 'wss://sora.test/signaling';

type Timeouts = TerminationConfig['timeouts'];

/** The configuration of the rules, flat. */
export type EndingConfig = Omit<TerminationConfig, 'timeouts'> & Timeouts;

const defaultTimeouts: Timeouts = { connectionMs: 60_000, disconnectMs: 3000, iceDisconnectedMs: 10_000, dataChannelGraceMs: 500 };

/** The product's defaults, with the virtual clock. */
export const defaults: TerminationConfig = {
  channelId: 'sora-channel',
  dataChannelSignaling: false,
  ignoreDisconnectWebSocket: false,
  disconnectPolicy: 'graceful',
  iceDisconnectedRule: 'when-undefined',
  timeouts: defaultTimeouts,
  clock: { startedAt: STARTED_AT, elapsed: () => asyncScheduler.now() },
};

/** What the rules may read and do, set by hand; every method can be made to throw. */
export class FakePort implements TerminationPort {
  socket: WebSocketState = null;
  readonly channels = new Map<string, string>();
  connection: string | undefined | null = null;
  ice: string | null = null;
  /** When a cause was latched. */
  readonly latches: number[] = [];
  /** `time via reason` of every message that was handed over. */
  readonly sent: string[] = [];
  /** When `close()` was called. */
  readonly closings: number[] = [];
  /** The names that `close()` returns. */
  failedClosings: readonly string[] = [];
  /** Whether a transport takes the message. */
  takes = true;
  readonly throwing = new Set<keyof TerminationPort>();
  whileLatching: () => void = () => undefined;
  /** Runs inside `close()`, as when a native close fires events at once. */
  whileClosing: () => void = () => undefined;

  latched(): void {
    this.latches.push(asyncScheduler.now());
    this.whileLatching();
    this.#maybeThrow('latched');
  }

  send(via: Via, { type, reason }: DisconnectMessage): boolean {
    expect(type).toBe('disconnect');
    this.#maybeThrow('send');
    if (this.takes) this.sent.push(`${asyncScheduler.now()} ${via} ${reason}`);
    return this.takes;
  }

  close(): readonly string[] {
    this.closings.push(asyncScheduler.now());
    this.whileClosing();
    this.#maybeThrow('close');
    return this.failedClosings;
  }

  webSocketState(): WebSocketState {
    this.#maybeThrow('webSocketState');
    return this.socket;
  }

  dataChannelStates(): ReadonlyMap<string, string> {
    this.#maybeThrow('dataChannelStates');
    return this.channels;
  }

  connectionState(): string | undefined | null {
    this.#maybeThrow('connectionState');
    return this.connection;
  }

  iceConnectionState(): string | null {
    this.#maybeThrow('iceConnectionState');
    return this.ice;
  }

  #maybeThrow(method: keyof TerminationPort): void {
    if (this.throwing.has(method)) throw new Error(`${method} was made to throw`);
  }
}

export interface EndingSetup {
  readonly mode?: ScenarioMode;
  readonly start?: ScenarioStart;
  /** False for a runtime without `connectionState` (T27). */
  readonly connectionState?: boolean;
  readonly config?: Partial<EndingConfig>;
}

type WithoutTime<Event> = Event extends SessionEvent ? Omit<Event, 'at'> : never;

/**
 * `termination()` alone over one hot stream per source: events are written in the words of the scenario notation, the port records what is
 * done. An event also changes what the port shows, as it does with real objects.
 */
export class EndingRig {
  readonly port: FakePort = new FakePort();
  readonly config: TerminationConfig;
  readonly subjects = {
    webSocket$: new Subject<WebSocketEvent>(),
    dataChannel$: new Subject<DataChannelEvent>(),
    peerConnection$: new Subject<PeerConnectionEvent>(),
    signaling$: new Subject<SignalingEvent>(),
    progress$: new Subject<ProgressEvent>(),
    failure$: new Subject<FailureEvent>(),
    disconnect$: new Subject<DisconnectEvent>(),
  };
  readonly event$: Observable<SessionEvent>;
  readonly #mode: ScenarioMode;
  readonly #start: ScenarioStart;
  readonly #hasConnectionState: boolean;

  constructor({ mode = 'W', start = 'connected', connectionState = true, config = {} }: EndingSetup = {}) {
    this.#mode = mode;
    this.#start = start;
    this.#hasConnectionState = connectionState;
    const { connectionMs, disconnectMs, iceDisconnectedMs, dataChannelGraceMs, ...rest } = { ...defaultTimeouts, ...config };
    this.config = {
      ...defaults,
      dataChannelSignaling: mode !== 'W',
      ignoreDisconnectWebSocket: mode === 'D',
      ...rest,
      timeouts: { connectionMs, disconnectMs, iceDisconnectedMs, dataChannelGraceMs },
    };
    const { webSocket$, dataChannel$, peerConnection$, signaling$, progress$, failure$, disconnect$ } = this.subjects;
    this.event$ = merge(webSocket$, dataChannel$, peerConnection$, signaling$, progress$, failure$, disconnect$);
  }

  /** The termination of a session to which this happens. Cold. */
  when(tool: MarbleTool, diagrams: MarbleDiagrams, values: MarbleValues = {}): Observable<Termination> {
    return new RxObservable((subscriber) => {
      subscriber.add(termination(this.event$, this.port, this.config).subscribe(subscriber));
      this.begin();
      subscriber.add(driveMarbles(tool, this, diagrams, values));
    });
  }

  /** Plays the way to the start state, at once. */
  begin(): void {
    const goal = STARTS.indexOf(this.#start);
    const { port } = this;
    if (goal >= 1) {
      port.socket = 'connecting';
      this.emit({ source: 'session', kind: 'opening' });
    }
    if (goal >= 2) {
      this.does('ws.open');
      this.emit({ source: 'session', kind: 'connect-sent' });
    }
    if (goal >= 3) this.offer();
    if (goal >= 4) {
      this.does('ice connected');
      this.does('pc connected');
      if (this.#mode !== 'W') for (const label of LABELS) this.does(`dc.open ${label}`);
    }
    if (goal >= 5) {
      this.does(`rx.switched ${this.#mode === 'D' ? 'T' : 'F'}`);
      if (this.#mode === 'D') port.socket = 'closed';
    }
  }

  /** Emits an event now, on the stream of its source. */
  emit(event: WithoutTime<SessionEvent>): void {
    const { webSocket$, dataChannel$, peerConnection$, signaling$, progress$, failure$, disconnect$ } = this.subjects;
    const sources: Readonly<Record<SessionEvent['source'], { next(event: SessionEvent): void }>> = {
      websocket: webSocket$,
      datachannel: dataChannel$,
      'peer-connection': peerConnection$,
      signaling: signaling$,
      session: progress$,
      sdk: failure$,
      application: disconnect$,
    };
    sources[event.source].next({ ...event, at: asyncScheduler.now() });
  }

  offer(mode: ScenarioMode = this.#mode, labels: readonly string[] = mode === 'W' ? [] : LABELS): void {
    this.port.connection = this.#hasConnectionState ? 'new' : undefined;
    this.port.ice = 'new';
    this.receive({
      type: 'offer',
      sdp: '',
      channel_id: 'sora-channel@server',
      connection_id: 'CONNECTION',
      session_id: 'SESSION',
      data_channel_signaling: mode !== 'W',
      ignore_disconnect_websocket: mode === 'D',
      data_channels: labels.map((label) => ({ label, compress: false })),
    });
  }

  /** A message of the server; `ignored` where it has no effect (Q29, Q64). */
  receive(message: { readonly type: string; readonly [member: string]: unknown }, ignored = false): void {
    const event = { source: 'signaling', kind: 'message', message, ...(ignored && { ignored }) };
    this.emit(event as unknown as WithoutTime<SignalingEvent>);
  }

  invalid(what: SignalingProblem): void {
    this.emit({ source: 'signaling', kind: 'invalid', what });
  }

  /** No signaling SIGNALING_URL opened in time (Q52). */
  unreachable(): void {
    this.emit({ source: 'session', kind: 'unreachable' });
  }

  /** One of several signaling URLs failed (Q49). */
  urlFailed(url: string, what = 'error'): void {
    this.emit({ source: 'session', kind: 'url-failed', url, what });
  }

  disconnect(trigger: DisconnectTrigger): void {
    this.emit({ source: 'application', kind: 'disconnect', trigger });
  }

  /** An input in words. */
  does(words: string): void {
    this.apply(parseInput(words));
  }

  apply(input: ScenarioInput): void {
    const { port } = this;
    switch (input.kind) {
      case 'ws.open':
        port.socket = 'open';
        this.emit({ source: 'websocket', kind: 'open', url: SIGNALING_URL });
        break;
      case 'ws.closing':
        port.socket = 'closing';
        break;
      case 'ws.error':
        this.emit({ source: 'websocket', kind: 'error', url: SIGNALING_URL });
        break;
      case 'ws.close': {
        const { code, reason = '', wasClean = code !== 1006 } = input;
        port.socket = 'closed';
        this.emit({ source: 'websocket', kind: 'close', url: SIGNALING_URL, code, reason, wasClean });
        break;
      }
      case 'dc.open':
      case 'dc.closing':
      case 'dc.error':
      case 'dc.close':
        for (const label of input.label === '*' ? [...port.channels.keys()] : [input.label]) this.#dataChannel(input.kind, label);
        break;
      case 'pc':
      case 'pc~':
        if (!this.#hasConnectionState) break;
        port.connection = input.state;
        if (input.kind === 'pc') this.emit({ source: 'peer-connection', kind: 'connectionstatechange', connectionState: input.state });
        break;
      case 'ice':
      case 'ice~':
        port.ice = input.state;
        if (input.kind === 'ice')
          this.emit({ source: 'peer-connection', kind: 'iceconnectionstatechange', iceConnectionState: input.state });
        break;
      case 'rx.offer':
        this.offer(input.mode);
        break;
      case 'rx.redirect':
        port.socket = 'connecting';
        this.emit({ source: 'session', kind: 'opening' });
        break;
      case 'rx.switched':
        this.receive({ type: 'switched', ignore_disconnect_websocket: input.ignore ?? false });
        break;
      case 'rx.close':
        this.receive({ type: 'close', ...(input.code !== undefined && { code: input.code }), reason: input.reason ?? '' });
        break;
      case 'rx.unknown':
        this.receive({ type: 'of-tomorrow' }, true);
        break;
      case 'rx.notify':
        this.receive({ type: 'notify', event_type: 'network.status' });
        break;
      case 'rx.invalid':
        this.invalid('parse');
        break;
      case 'internal':
        this.emit({ source: 'sdk', kind: 'failure', where: 'set-remote-description', name: 'OperationError', message: 'made to fail' });
        break;
      case 'connect':
        this.emit({ source: 'session', kind: 'opening' });
        break;
      case 'disconnect':
      case 'dispose':
        this.disconnect('api');
        break;
      case 'unsub':
        this.disconnect('unsubscribe');
        break;
      case 'abort':
        this.disconnect('abort-signal');
        break;
      case 'pagehide':
        this.disconnect('pagehide');
        break;
      default:
        throw new Error(`"${input.kind}" is not an input of the termination`);
    }
  }

  #dataChannel(kind: 'dc.open' | 'dc.closing' | 'dc.error' | 'dc.close', label: string): void {
    const { port } = this;
    switch (kind) {
      case 'dc.open':
        port.channels.set(label, 'open');
        this.emit({ source: 'datachannel', kind: 'open', label });
        break;
      case 'dc.closing':
        port.channels.set(label, 'closing');
        break;
      case 'dc.error':
        port.channels.set(label, 'closed');
        this.emit({ source: 'datachannel', kind: 'error', label, errorDetail: 'sctp-failure', sctpCauseCode: 12 });
        break;
      case 'dc.close':
        port.channels.set(label, 'closed');
        this.emit({ source: 'datachannel', kind: 'close', label });
    }
  }
}

/** A termination of which these fields are known. */
export const ended = (fields: Partial<Record<keyof Termination, unknown>> & { readonly [field: string]: unknown }): Termination =>
  expect.objectContaining(fields) as Termination;

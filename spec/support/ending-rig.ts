import { asyncScheduler, Observable, Subject } from 'rxjs';
import { expect } from 'vitest';
import { driveMarbles, type MarbleDiagrams, type MarbleTool, type MarbleValues } from '../../src/testing/marble-inputs.ts';
import { parseInput, type ScenarioInput } from '../../src/testing/scenario-event.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import type { DisconnectTrigger, SignalingInvalid, Termination, TrailingEntry, Via } from '../../src/termination/reason.ts';
import type {
  DisconnectMessage,
  Failure,
  Progress,
  ServerCloseMessage,
  TerminationConfig,
  TerminationPort,
  TerminationSources,
  WebSocketState,
} from '../../src/termination/sources.ts';
import { termination } from '../../src/termination/termination.ts';
import type { DataChannelEvent } from '../../src/transports/data-channel-event.ts';
import type { PeerConnectionEvent } from '../../src/transports/peer-connection-event.ts';
import type { WebSocketEvent } from '../../src/transports/web-socket-event.ts';

export const STARTED_AT = 1_767_225_600_000;
export const LABELS: readonly string[] = ['signaling', 'notify', 'push', 'stats'];
const STARTS: readonly ScenarioStart[] = ['idle', 'opening', 'signaling', 'negotiating', 'connected', 'switched'];

/** The product's defaults, with the virtual clock. */
export const defaults: TerminationConfig = {
  dataChannelSignaling: false,
  ignoreDisconnectWebSocket: false,
  disconnectPolicy: 'graceful',
  iceDisconnectedRule: 'when-undefined',
  connectionMs: 60_000,
  disconnectMs: 3000,
  iceDisconnectedMs: 10_000,
  dataChannelGraceMs: 500,
  clock: { startedAt: STARTED_AT, elapsed: () => asyncScheduler.now() },
};

/** What the ending may look at, to be set by hand; every method of the port can be made to throw. */
export class FakePort implements TerminationPort {
  socket: WebSocketState = null;
  readonly channels = new Map<string, string>();
  connection: string | undefined | null = null;
  ice: string | null = null;
  /** `time via reason` of every message that was handed over. */
  readonly sent: string[] = [];
  /** When `close()` was called. */
  readonly closings: number[] = [];
  /** What `close()` says has thrown. */
  failedClosings: readonly string[] = [];
  /** Whether a transport takes the message. */
  takes = true;
  readonly throwing = new Set<keyof TerminationPort>();
  /** What happens inside `close()`, as when a native close fires events at once. */
  whileClosing: () => void = () => undefined;

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
  readonly config?: Partial<TerminationConfig>;
}

/**
 * `termination()` alone: its sources are played in the words of the scenario notation, its port records what is done to the world. An event
 * also changes what the port shows, as it does with real objects.
 */
export class EndingRig {
  readonly port: FakePort = new FakePort();
  readonly config: TerminationConfig;
  readonly subjects = {
    webSocket$: new Subject<WebSocketEvent>(),
    dataChannel$: new Subject<DataChannelEvent>(),
    peerConnection$: new Subject<PeerConnectionEvent>(),
    progress$: new Subject<Progress>(),
    switched$: new Subject<boolean>(),
    serverClose$: new Subject<ServerCloseMessage>(),
    invalid$: new Subject<SignalingInvalid['what']>(),
    failure$: new Subject<Failure>(),
    unreachable$: new Subject<undefined>(),
    disconnect$: new Subject<DisconnectTrigger>(),
    note$: new Subject<TrailingEntry>(),
  };
  readonly sources: TerminationSources;
  readonly #mode: ScenarioMode;
  readonly #start: ScenarioStart;
  readonly #hasConnectionState: boolean;

  constructor({ mode = 'W', start = 'connected', connectionState = true, config = {} }: EndingSetup = {}) {
    this.#mode = mode;
    this.#start = start;
    this.#hasConnectionState = connectionState;
    this.config = { ...defaults, dataChannelSignaling: mode !== 'W', ignoreDisconnectWebSocket: mode === 'D', ...config };
    this.sources = { ...this.subjects, port: this.port };
  }

  /** The termination of a connection to which this happens. Cold. */
  when(tool: MarbleTool, diagrams: MarbleDiagrams, values: MarbleValues = {}): Observable<Termination> {
    return new Observable((subscriber) => {
      subscriber.add(termination(this.sources, this.config).subscribe(subscriber));
      this.begin();
      subscriber.add(driveMarbles(tool, this, diagrams, values));
    });
  }

  /** Plays the way to the start state, at once. */
  begin(): void {
    const goal = STARTS.indexOf(this.#start);
    const { port, subjects } = this;
    if (goal >= 1) {
      port.socket = 'connecting';
      subjects.progress$.next({ kind: 'opening' });
    }
    if (goal >= 2) {
      this.does('ws.open');
      subjects.progress$.next({ kind: 'connect-sent' });
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

  offer(mode: ScenarioMode = this.#mode): void {
    this.port.connection = this.#hasConnectionState ? 'new' : undefined;
    this.port.ice = 'new';
    this.subjects.progress$.next({
      kind: 'offer',
      dataChannelSignaling: mode !== 'W',
      ignoreDisconnectWebSocket: mode === 'D',
      labels: mode === 'W' ? [] : LABELS,
    });
  }

  /** An input in words. */
  does(words: string): void {
    this.apply(parseInput(words));
  }

  apply(input: ScenarioInput): void {
    const { port, subjects } = this;
    const at = asyncScheduler.now();
    const common = { at, url: 'wss://sora.test/signaling' };
    switch (input.kind) {
      case 'ws.open':
        port.socket = 'open';
        subjects.webSocket$.next({ ...common, kind: 'open' });
        break;
      case 'ws.closing':
        port.socket = 'closing';
        break;
      case 'ws.error':
        subjects.webSocket$.next({ ...common, kind: 'error' });
        break;
      case 'ws.close': {
        const { code, reason = '', wasClean = code !== 1006 } = input;
        port.socket = 'closed';
        subjects.webSocket$.next({ ...common, kind: 'close', code, reason, wasClean });
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
        if (this.#hasConnectionState) port.connection = input.state;
        if (input.kind === 'pc' && this.#hasConnectionState) {
          subjects.peerConnection$.next({ at, kind: 'connectionstatechange', connectionState: input.state });
        }
        break;
      case 'ice':
      case 'ice~':
        port.ice = input.state;
        if (input.kind === 'ice') subjects.peerConnection$.next({ at, kind: 'iceconnectionstatechange', iceConnectionState: input.state });
        break;
      case 'rx.offer':
        this.offer(input.mode);
        break;
      case 'rx.redirect':
        port.socket = 'connecting';
        subjects.progress$.next({ kind: 'opening' });
        break;
      case 'rx.switched':
        subjects.switched$.next(input.ignore ?? false);
        break;
      case 'rx.close':
        subjects.serverClose$.next({ ...(input.code !== undefined && { code: input.code }), reason: input.reason ?? '' });
        break;
      case 'rx.invalid':
        subjects.invalid$.next('parse');
        break;
      case 'internal':
        subjects.failure$.next({ where: 'set-remote-description', name: 'OperationError', message: 'made to fail' });
        break;
      case 'connect':
        subjects.progress$.next({ kind: 'opening' });
        break;
      case 'disconnect':
      case 'dispose':
        subjects.disconnect$.next('api');
        break;
      case 'unsub':
        subjects.disconnect$.next('unsubscribe');
        break;
      case 'abort':
        subjects.disconnect$.next('abort-signal');
        break;
      case 'pagehide':
        subjects.disconnect$.next('pagehide');
        break;
      default:
        throw new Error(`"${input.kind}" is no input of the ending`);
    }
  }

  #dataChannel(kind: 'dc.open' | 'dc.closing' | 'dc.error' | 'dc.close', label: string): void {
    const { port, subjects } = this;
    const common = { at: asyncScheduler.now(), label };
    switch (kind) {
      case 'dc.open':
        port.channels.set(label, 'open');
        subjects.dataChannel$.next({ ...common, kind: 'open' });
        break;
      case 'dc.closing':
        port.channels.set(label, 'closing');
        break;
      case 'dc.error':
        port.channels.set(label, 'closed');
        subjects.dataChannel$.next({ ...common, kind: 'error', errorDetail: 'sctp-failure', sctpCauseCode: 12 });
        break;
      case 'dc.close':
        port.channels.set(label, 'closed');
        subjects.dataChannel$.next({ ...common, kind: 'close' });
    }
  }
}

/** A termination of which these fields are known. */
export const ended = (fields: Partial<Record<keyof Termination, unknown>> & { readonly [field: string]: unknown }): Termination =>
  expect.objectContaining(fields) as Termination;

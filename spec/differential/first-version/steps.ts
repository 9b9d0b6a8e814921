import { type Observable, NEVER, catchError, concat, map, merge, scan } from 'rxjs';
import { quietly } from './quietly.ts';
import type { DataChannelEvent } from './data-channel-event.ts';
import type { PeerConnectionEvent } from './peer-connection-event.ts';
import type { WebSocketEvent } from './web-socket-event.ts';
import type { DataChannelClosed, DataChannelError, DisconnectTrigger, Phase, SignalingInvalid, TrailingEntry } from './reason.ts';
import type { Failure, Progress, ServerCloseMessage, TerminationConfig, TerminationPort, TerminationSources } from './sources.ts';

/** One input, whatever stream it came from. */
export type Input =
  | { readonly source: 'websocket'; readonly event: WebSocketEvent }
  | { readonly source: 'datachannel'; readonly event: DataChannelEvent }
  | { readonly source: 'peer-connection'; readonly event: PeerConnectionEvent }
  | { readonly source: 'progress'; readonly event: Progress }
  | { readonly source: 'switched'; readonly event: boolean }
  | { readonly source: 'server-close'; readonly event: ServerCloseMessage }
  | { readonly source: 'invalid'; readonly event: SignalingInvalid['what'] }
  | { readonly source: 'failure'; readonly event: Failure }
  | { readonly source: 'unreachable'; readonly event: undefined }
  | { readonly source: 'disconnect'; readonly event: DisconnectTrigger }
  | { readonly source: 'note'; readonly event: TrailingEntry };

/** What the peer connection says when it is asked now (Q02): the state that its next event would announce may be there already. */
export type Health = 'unknown' | 'fine' | 'connected' | 'failed' | 'ice-failed' | 'closed';

/** A channel that went without a word; provisional until something explains it or the grace is over (Q30, Q31, Q83). */
export interface Loss {
  readonly at: number;
  readonly reason: DataChannelClosed | DataChannelError;
}

/** The few facts that the rules need. */
export interface Facts {
  readonly phase: Phase;
  readonly connectSent: boolean;
  readonly dataChannelSignaling: boolean;
  readonly ignoreDisconnectWebSocket: boolean;
  /** The labels that the offer announced; null before it, when any channel counts. */
  readonly labels: readonly string[] | null;
  readonly switched: boolean | null;
  /** The close event of the socket that counts has been seen (Q69). */
  readonly webSocketClosed: boolean;
  /** The channel `signaling` has told of its end. It tells so behind all that it brought before, and that may be a code (Q33). */
  readonly signalingEnded: boolean;
  readonly loss: Loss | null;
  readonly notes: readonly TrailingEntry[];
  readonly health: Health;
}

/** One input together with what was known before it and after it. */
export interface Step {
  readonly at: number;
  readonly input: Input;
  readonly before: Facts;
  readonly facts: Facts;
}

/** All sources in order of arrival, reduced one at a time. The only state of the ending. */
export function stepsOf(sources: TerminationSources, config: TerminationConfig): Observable<Step> {
  const first: Facts = {
    phase: 'idle',
    connectSent: false,
    dataChannelSignaling: config.dataChannelSignaling,
    ignoreDisconnectWebSocket: config.ignoreDisconnectWebSocket,
    labels: null,
    switched: null,
    webSocketClosed: false,
    signalingEnded: false,
    loss: null,
    notes: [],
    health: 'unknown',
  };
  return inputsOf(sources).pipe(
    scan<Input, Step | null>((last, input) => {
      const at = config.clock.elapsed();
      const before = last === null ? first : last.facts;
      const now = { ...before, health: healthOf(sources.port) };
      return { at, input, before, facts: learn(now, input, at) };
    }, null),
    map((step) => step as Step),
  );
}

function inputsOf(sources: TerminationSources): Observable<Input> {
  return concat(
    merge(
      tagged('progress', sources.progress$),
      tagged('peer-connection', sources.peerConnection$),
      tagged('websocket', sources.webSocket$),
      tagged('datachannel', sources.dataChannel$),
      tagged('switched', sources.switched$),
      tagged('server-close', sources.serverClose$),
      tagged('invalid', sources.invalid$),
      tagged('failure', sources.failure$),
      tagged('unreachable', sources.unreachable$),
      tagged('disconnect', sources.disconnect$),
      tagged('note', sources.note$),
    ),
    NEVER,
  );
}

function tagged(source: Input['source'], events$: Observable<unknown> = NEVER): Observable<Input> {
  return events$.pipe(
    map((event) => ({ source, event }) as Input),
    catchError(() => NEVER),
  );
}

/** Asks the live objects (Q02, T27, Q60). A getter that throws knows nothing. */
export function healthOf(port: TerminationPort): Health {
  const connectionState = quietly(() => port.connectionState(), null);
  if (connectionState === null) return 'unknown';
  if (connectionState !== undefined) {
    return connectionState === 'failed' || connectionState === 'closed' || connectionState === 'connected' ? connectionState : 'fine';
  }
  switch (quietly(() => port.iceConnectionState(), null)) {
    case 'failed':
      return 'ice-failed';
    case 'closed':
      return 'closed';
    case 'connected':
    case 'completed':
      return 'connected';
    default:
      return 'fine';
  }
}

function learn(facts: Facts, input: Input, at: number): Facts {
  switch (input.source) {
    case 'progress':
      return progressed(facts, input.event);
    case 'switched':
      return { ...facts, switched: facts.switched ?? input.event }; // a second one is out of place (Q64)
    case 'websocket':
      return input.event.kind === 'close' ? { ...facts, webSocketClosed: true } : facts;
    case 'peer-connection':
      return facts.phase === 'negotiating' && facts.health === 'connected' ? { ...facts, phase: 'connected' } : facts;
    case 'datachannel':
      return lost(heard(facts, input.event), input.event, at);
    case 'note':
      return { ...facts, notes: [...facts.notes, input.event] };
    default:
      return facts;
  }
}

function progressed(facts: Facts, progress: Progress): Facts {
  switch (progress.kind) {
    case 'opening':
      return { ...facts, phase: 'opening', connectSent: false, webSocketClosed: false };
    case 'connect-sent':
      return { ...facts, phase: 'signaling', connectSent: true };
    case 'offer': {
      const { dataChannelSignaling, ignoreDisconnectWebSocket, labels } = progress;
      return { ...facts, phase: 'negotiating', dataChannelSignaling, ignoreDisconnectWebSocket, labels };
    }
  }
}

function heard(facts: Facts, { label, kind }: DataChannelEvent): Facts {
  if (label !== 'signaling') return facts;
  if (kind === 'close' || kind === 'error') return { ...facts, signalingEnded: true };
  return kind === 'open' ? { ...facts, signalingEnded: false } : facts; // another channel under the same label (Q39)
}

function lost(facts: Facts, event: DataChannelEvent, at: number): Facts {
  const { label } = event;
  if (facts.loss !== null || facts.labels?.includes(label) === false || broken(facts.health)) return facts;
  switch (event.kind) {
    case 'close':
      return { ...facts, loss: { at, reason: { kind: 'datachannel-closed', label } } };
    case 'error': {
      const { sctpCauseCode, errorDetail } = event;
      const detail = { ...(sctpCauseCode !== undefined && { sctpCauseCode }), ...(errorDetail !== undefined && { errorDetail }) };
      return { ...facts, loss: { at, reason: { kind: 'datachannel-error', label, ...detail } } };
    }
    default:
      return facts;
  }
}

/** The peer connection has ended, whatever its events have said so far. */
export function broken(health: Health): boolean {
  return health === 'failed' || health === 'ice-failed' || health === 'closed';
}

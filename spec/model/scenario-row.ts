import { readFileSync } from 'node:fs';

/** What the client asked for: WebSocket only, both, DataChannel only after the switch. */
export type Mode = 'W' | 'M' | 'D';
export type Start = 'idle' | 'opening' | 'signaling' | 'negotiating' | 'connected' | 'switched';
export type Phase = 'idle' | 'opening' | 'signaling' | 'negotiating' | 'connected';
export type Via = 'ws' | 'dc';
export type Reason = 'NO-ERROR' | 'WEBSOCKET-ONCLOSE' | 'WEBSOCKET-ONERROR' | 'INTERNAL-ERROR';
export type Label = 'signaling' | 'notify' | 'push' | 'stats';

/** The order of the offer's list, which is also the order in which `dc.close *` closes. */
export const labels: readonly Label[] = ['signaling', 'notify', 'push', 'stats'];

export interface RowOptions {
  /** `timeouts.disconnectMs` */
  readonly T?: number;
  /** `timeouts.iceDisconnectedMs` */
  readonly ICE?: number;
  /** `timeouts.connectionMs`; 0 is none */
  readonly connectTimeout?: number;
  /** `timeouts.signalingUrlMs` */
  readonly urlTimeout?: number;
  /** `timeouts.dataChannelGraceMs` */
  readonly grace?: number;
  /** how many signaling URLs */
  readonly urls?: number;
  /** false: the immediate policy */
  readonly wait?: boolean;
  readonly iceScope?: 'always';
  /** false: the runtime has no `connectionState` */
  readonly csDefined?: boolean;
  readonly sendThrows?: boolean;
}

export interface DisconnectMessage {
  readonly at: number;
  readonly via: Via;
  readonly reason: Reason;
}

export interface Attempt {
  readonly via: Via;
  readonly reason: Reason;
  readonly ok: boolean;
}

export type Kind =
  | 'client-disconnect'
  | 'server-close'
  | 'websocket-closed'
  | 'websocket-error'
  | 'peer-connection-failed'
  | 'ice-failed'
  | 'ice-disconnected-timeout'
  | 'datachannel-closed'
  | 'datachannel-error'
  | 'signaling-invalid'
  | 'connect-timeout'
  | 'internal-error';

export interface Peer {
  readonly via: Via;
  readonly code: number | null;
}

/** The fields that a kind has of its own, as far as a row can name them. Texts (`reason`, `message`, …) are left out: they come from the environment. */
export interface OwnFields {
  readonly trigger?: 'api' | 'unsubscribe' | 'abort-signal' | 'pagehide';
  readonly outcome?: 'acknowledged' | 'timeout' | 'immediate' | 'interrupted';
  readonly by?: Kind | 'unsubscribe' | 'abort-signal' | 'pagehide';
  readonly peer?: Peer;
  readonly via?: 'websocket' | 'datachannel';
  readonly code?: number | null;
  readonly severity?: 'normal' | 'error';
  readonly after?: 'datachannel-closed' | 'datachannel-error';
  readonly close?: { readonly code: number };
  readonly label?: Label;
  readonly during?: 'opening' | 'signaling' | 'negotiating';
  readonly what?: 'parse' | 'schema' | 'unexpected-message';
  readonly waitedMs?: number;
}

/** A termination in the words of the scenario data: `at` is its `endedAt`, `messageAttempt` its `sent`. */
export interface ObservedTermination extends OwnFields {
  readonly at: number;
  readonly kind: Kind;
  readonly phase: Phase;
  readonly switched: boolean | null;
  readonly messageAttempt: Attempt | null;
  readonly causeAt: number;
  readonly connectedAt: number | null;
  /** Whether it carries the identifiers of the offer (Q84). */
  readonly identified: boolean;
  readonly initiator: 'client' | 'server' | 'network' | 'sdk';
  readonly retry: 'never' | 'maybe' | 'yes';
}

export interface ScenarioRow {
  readonly id: string;
  readonly mode: Mode;
  readonly start: Start;
  readonly options: RowOptions;
  readonly setup?: string;
  readonly timeline: readonly string[];
}

/** A row of the data: what is listed is compared, what is not listed is free. */
export interface ExpectedRow extends ScenarioRow {
  readonly messages: readonly DisconnectMessage[];
  readonly termination: Partial<ObservedTermination> | null;
  readonly closed: readonly string[];
  readonly rules: readonly string[];
  readonly note?: string;
}

/** A message that left the client after the start state was reached. */
export interface SentMessage {
  readonly at: number;
  readonly via: Via;
  readonly type: string;
  readonly reason?: Reason;
}

/** Everything a run lets us see. The model yields it, and so must whatever is compared with the model. */
export interface Observation {
  readonly sent: readonly SentMessage[];
  readonly termination: ObservedTermination | null;
  /** values of termination$ within 120 000 ms */
  readonly emissions: number;
  readonly closed: readonly string[];
  /** what is still alive after the emission, by name; empty when the session is still running */
  readonly leftovers: readonly string[];
  /** objects, early and throw-away peer connections included, whose `close()` was called more than once */
  readonly closedAgain: readonly string[];
}

export type Run = (row: ScenarioRow) => Observation;

/** The wire's `type: disconnect` messages of a run, as the data lists them. */
export const messagesOf = (observation: Pick<Observation, 'sent'>): DisconnectMessage[] =>
  observation.sent.flatMap(({ at, via, type, reason }) => (type === 'disconnect' && reason !== undefined ? [{ at, via, reason }] : []));

/** A row runs until this moment when nothing ends it. */
export const horizonMs = 120_000;

export const scenarioRows = (): readonly ExpectedRow[] =>
  JSON.parse(readFileSync(new URL('../fixtures/termination-scenarios.json', import.meta.url), 'utf8')) as ExpectedRow[];

import type { TimedInput } from './scenario-event.ts';

/** W: WebSocket only. M: WebSocket and DataChannels. D: DataChannels only after the switch. @source section 1 of the rules */
export type ScenarioMode = 'W' | 'M' | 'D';

/**
 * Where a scenario begins. `opening`: the socket is connecting. `signaling`: `connect` was sent. `negotiating`: the offer was received.
 * `connected`: the peer connection is connected, and in M and D the channels are open. `switched`: the server's `switched` came, in D the
 * client has closed the WebSocket. `idle`: nothing was begun.
 */
export type ScenarioStart = 'idle' | 'opening' | 'signaling' | 'negotiating' | 'connected' | 'switched';

/** The options of a row, in the words of the scenario data. */
export interface ScenarioOptions {
  /** `timeouts.disconnectMs` */
  readonly T?: number;
  /** `timeouts.iceDisconnectedMs` */
  readonly ICE?: number;
  /** `timeouts.connectionMs` */
  readonly connectTimeout?: number;
  /** `timeouts.signalingUrlMs` */
  readonly urlTimeout?: number;
  /** `timeouts.dataChannelGraceMs` */
  readonly grace?: number;
  /** How many signaling URLs. */
  readonly urls?: number;
  /** False: the immediate policy. */
  readonly wait?: boolean;
  /** `always`: the ICE rule holds although `connectionState` exists. */
  readonly iceScope?: 'when-undefined' | 'always';
  /** False: a runtime without `connectionState`. */
  readonly csDefined?: boolean;
  /** Every send throws, from the start state on. */
  readonly sendThrows?: boolean;
}

/** What a row expects of the one message of the end. */
export interface ExpectedMessage {
  readonly at: number;
  readonly via: 'ws' | 'dc';
  readonly reason: string;
}

/** What a row expects of `termination$`: fields that are not listed are not compared. `messageAttempt` is the field `sent`. */
export interface ExpectedTermination {
  readonly at: number;
  readonly kind: string;
  readonly messageAttempt?: { readonly via: string; readonly reason: string; readonly ok: boolean } | null;
  readonly [field: string]: unknown;
}

/** A scenario as it stands in the scenario data. Members beyond these are ignored. */
export interface ScenarioRow {
  readonly id?: string;
  readonly mode: ScenarioMode;
  readonly start: ScenarioStart;
  readonly options?: ScenarioOptions;
  /** What is different about the start state: `DC <label> still connecting`. */
  readonly setup?: string;
  /** Events in words (`"30 dc.close *"`) or as objects, in the order they happen. */
  readonly timeline: readonly (string | TimedInput)[];
  readonly rules?: readonly string[];
  readonly note?: string;
  /** The `type: disconnect` that is really sent. */
  readonly messages?: readonly ExpectedMessage[];
  /** What the SDK still had to close: `WS`, `all DCs`, `DC stats`, `the replaced DC stats`, `pc`. */
  readonly closed?: readonly string[];
  /** Null: no value while the scenario is observed. */
  readonly termination?: ExpectedTermination | null;
}

import type { ChannelInput, Input } from './inputs.ts';
import {
  labels,
  type Attempt,
  type Kind,
  type Label,
  type Mode,
  type OwnFields,
  type Phase,
  type ScenarioRow,
  type SentMessage,
} from './scenario-row.ts';

export interface Config {
  readonly csDefined: boolean;
  readonly iceRule: boolean;
  readonly graceful: boolean;
  readonly disconnectMs: number;
  readonly iceMs: number;
  readonly connectionMs: number;
  readonly urlMs: number;
  readonly graceMs: number;
  readonly urls: number;
  readonly sendThrows: boolean;
}

export interface Socket {
  state: 'connecting' | 'open' | 'closing' | 'closed';
  /** a candidate races for the connection, the winner is current, everything else was dropped (Q49, Q50) */
  role: 'candidate' | 'current' | 'dropped';
  /** set by the close event, not by the state (Q69) */
  closeCode: number | null;
  errored: boolean;
  closedBySdk: boolean;
  /** which URL, in the order in which they were first opened */
  readonly url: number;
  /** `connect` was sent on it */
  spoke: boolean;
}

export interface Channel {
  readonly label: Label;
  state: 'connecting' | 'open' | 'closing' | 'closed';
  /** the client has been told of it */
  known: boolean;
  /** another object took its label (Q39) */
  replaced: boolean;
  /** its loss has been counted; the close after an error belongs to the error (Q83) */
  lost: boolean;
  closeEvent: boolean;
  closedBySdk: boolean;
}

export type TimerName = 'connection' | 'url' | 'ice' | 'grace' | 'decode' | 'switch' | 'wait' | 'emit';

export interface Timer {
  readonly name: TimerName;
  readonly due: number;
  readonly order: number;
}

export interface Cause extends OwnFields {
  readonly kind: Kind;
}

/** The unexplained loss of a channel, waiting for an explanation (Q31). */
export interface Provisional {
  readonly kind: 'datachannel-closed' | 'datachannel-error';
  readonly label: Label;
  readonly at: number;
}

/** The latched cause with what was known at that moment. */
export interface Verdict {
  readonly cause: Cause;
  readonly attempt: Attempt | null;
  readonly causeAt: number;
  readonly phase: Phase;
  readonly switched: boolean | null;
  readonly connectedAt: number | null;
  /** the socket whose error this is: its close in the same burst is part of the value (Q07) */
  readonly socket: number | null;
}

export interface Wait {
  readonly socket: boolean;
  readonly channels: boolean;
}

/** A channel input together with the object it happened to, as they stand in the queue behind a decode (Q33). */
export interface Queued {
  readonly input: Input;
  readonly channel: Channel | null;
  readonly via: 'ws' | Label | null;
}

export interface State {
  readonly config: Config;
  now: number;
  suspendedUntil: number;
  timers: readonly Timer[];
  timerCount: number;
  mode: Mode;
  phase: Phase;
  connectedAt: number | null;
  switched: boolean | null;
  /** the server said so, whether or not the client took it: from then on its signaling takes the DataChannel */
  serverSwitched: boolean;
  /** there is one owner to unsubscribe and one signal to abort */
  unsubscribed: boolean;
  aborted: boolean;
  /** `disconnect()` was called: the next call is the same one (P19) */
  called: boolean;
  /** one failure inside the client is enough */
  brokenInside: boolean;
  hops: number;
  sockets: readonly Socket[];
  channels: readonly Channel[];
  pc: boolean;
  pcClosedBySdk: boolean;
  connectionState: string;
  iceState: string;
  iceSince: number;
  reOfferPending: boolean;
  decoding: boolean;
  /** until when the message that is being inflated may hold up the end of a channel */
  decodeDue: number;
  queue: readonly Queued[];
  provisional: Provisional | null;
  verdict: Verdict | null;
  wait: Wait | null;
  finished: boolean;
  emittedAt: number | null;
  emissions: number;
  sent: readonly SentMessage[];
  /** what the SDK closed since the start state, for the column "closed by SDK" */
  closedSocket: boolean;
  closedPc: boolean;
  closedReplaced: readonly Label[];
}

const socket = (state: Socket['state'], role: Socket['role'], url: number): Socket => ({
  state,
  role,
  closeCode: null,
  errored: false,
  closedBySdk: false,
  url,
  spoke: role === 'current',
});

export const newCandidate = (url: number): Socket => socket('connecting', 'candidate', url);

export const newChannel = (label: Label, state: Channel['state'], known: boolean): Channel => ({
  label,
  state,
  known,
  replaced: false,
  lost: false,
  closeEvent: false,
  closedBySdk: false,
});

export const copy = (state: State): State => {
  const channels = state.channels.map((channel) => ({ ...channel }));
  return {
    ...state,
    sockets: state.sockets.map((entry) => ({ ...entry })),
    channels,
    queue:
      state.queue.length === 0
        ? state.queue
        : state.queue.map(({ input, channel, via }) => ({
            input,
            via,
            channel: channel === null ? null : (channels[state.channels.indexOf(channel)] ?? null),
          })),
  };
};

/** Every limit of the connection attempt counts from the moment it starts (Q52). */
export const setTimer = (state: State, name: TimerName, ms: number): void => {
  state.timerCount += 1;
  state.timers = [...state.timers.filter((timer) => timer.name !== name), { name, due: state.now + ms, order: state.timerCount }];
};

export const clearTimer = (state: State, ...names: readonly TimerName[]): void => {
  if (state.timers.some((timer) => names.includes(timer.name))) {
    state.timers = state.timers.filter((timer) => !names.includes(timer.name));
  }
};

/** A suspended machine fires what fell due meanwhile when it wakes, in the order in which it fell due. */
export const nextTimer = (state: State): { readonly timer: Timer; readonly fires: number } | null => {
  let best: Timer | null = null;
  let fires = 0;
  for (const timer of state.timers) {
    const when = Math.max(timer.due, state.suspendedUntil);
    const earlier =
      best === null || when < fires || (when === fires && (timer.due < best.due || (timer.due === best.due && timer.order < best.order)));
    if (earlier) {
      best = timer;
      fires = when;
    }
  }
  return best === null ? null : { timer: best, fires };
};

export const startTimers = (state: State): void => {
  if (state.config.urls > 1) setTimer(state, 'url', state.config.urlMs);
  if (state.config.connectionMs > 0) setTimer(state, 'connection', state.config.connectionMs);
};

const configOf = ({ options }: ScenarioRow): Config => ({
  csDefined: options.csDefined ?? true,
  iceRule: options.csDefined === false || options.iceScope === 'always',
  graceful: options.wait ?? true,
  disconnectMs: options.T ?? 3000,
  iceMs: options.ICE ?? 10_000,
  connectionMs: options.connectTimeout ?? 60_000,
  urlMs: options.urlTimeout ?? 3000,
  graceMs: options.grace ?? 500,
  urls: options.urls ?? 1,
  sendThrows: options.sendThrows ?? false,
});

const stillConnecting = (setup: string | undefined): string | undefined => setup?.match(/^DC (\S+) still connecting$/u)?.[1];

const startChannels = (row: ScenarioRow): readonly Channel[] => {
  if (row.mode === 'W' || (row.start !== 'connected' && row.start !== 'switched')) return [];
  return labels.map((label) => newChannel(label, label === stillConnecting(row.setup) ? 'connecting' : 'open', true));
};

const startSockets = (row: ScenarioRow, urls: number): readonly Socket[] => {
  if (row.start === 'idle') return [];
  if (row.start === 'opening') return Array.from({ length: urls }, (_, url) => newCandidate(url));
  // In D the client has closed the WebSocket after the switch; its close event is still to come.
  const first: Socket =
    row.start === 'switched' && row.mode === 'D' ? { ...socket('closing', 'current', 0), closedBySdk: true } : socket('open', 'current', 0);
  return [
    first,
    ...Array.from({ length: urls - 1 }, (_, rival): Socket => ({ ...socket('closed', 'dropped', rival + 1), closedBySdk: true })),
  ];
};

export const initial = (row: ScenarioRow): State => {
  const config = configOf(row);
  const connected = row.start === 'connected' || row.start === 'switched';
  const state: State = {
    config,
    now: 0,
    suspendedUntil: 0,
    timers: [],
    timerCount: 0,
    mode: row.mode,
    phase: row.start === 'switched' ? 'connected' : row.start,
    connectedAt: connected ? 0 : null,
    switched: row.start === 'switched' ? row.mode === 'D' : null,
    serverSwitched: row.start === 'switched',
    unsubscribed: false,
    aborted: false,
    called: false,
    brokenInside: false,
    hops: 0,
    sockets: startSockets(row, config.urls),
    channels: startChannels(row),
    pc: connected || row.start === 'negotiating',
    pcClosedBySdk: false,
    connectionState: connected ? 'connected' : 'new',
    iceState: connected ? 'connected' : 'new',
    iceSince: 0,
    reOfferPending: false,
    decoding: false,
    decodeDue: 0,
    queue: [],
    provisional: null,
    verdict: null,
    wait: null,
    finished: false,
    emittedAt: null,
    emissions: 0,
    sent: [],
    closedSocket: false,
    closedPc: false,
    closedReplaced: [],
  };
  if (row.start !== 'idle' && !connected) {
    startTimers(state);
    if (row.start !== 'opening') clearTimer(state, 'url');
  }
  return state;
};

export const currentSocket = (state: State): Socket | null => {
  for (const entry of state.sockets) if (entry.role === 'current') return entry;
  return null;
};

/** The object that the client holds for a label. */
export const heldChannel = (state: State, label: Label): Channel | null => {
  for (const channel of state.channels) if (channel.label === label && channel.known && !channel.replaced) return channel;
  return null;
};

/** The object that the network last gave to a label, whether or not the client has been told. */
export const latestChannel = (state: State, label: Label): Channel | null =>
  state.channels.reduce<Channel | null>((found, channel) => (channel.label === label ? channel : found), null);

export const isChannelInput = (input: Input): input is ChannelInput => input.kind.startsWith('dc.');

import {
  checkWait,
  closeCause,
  closeSocket,
  clientDisconnect,
  emit,
  endWait,
  observe,
  readableClosed,
  readableFailure,
  settleProvisional,
  terminate,
  terminateFailed,
} from './ending.ts';
import { inputsOf, timelineEntry, type Input } from './inputs.ts';
import { applyRules, candidateFailed, channelOpened, closeSwitchedSocket, codeIsPossible, internalError } from './rules.ts';
import { horizonMs, type Observation, type Peer, type Run, type ScenarioRow } from './scenario-row.ts';
import {
  type Channel,
  clearTimer,
  copy,
  currentSocket,
  initial,
  isChannelInput,
  newCandidate,
  nextTimer,
  setTimer,
  startTimers,
  type State,
  type TimerName,
} from './state.ts';
import { arrive, type Arrival } from './world.ts';

// A reading of the rules on its own: plain data, one reducer, virtual time of its own. It shares no code with the session that it is compared with.

const interruptions = { unsub: 'unsubscribe', abort: 'abort-signal', pagehide: 'pagehide' } as const;

/** Inside a wait almost everything is detail (Q13, Q20, Q38); what ends it is named in Q21, Q22 and Q55. */
const duringWait = (state: State, input: Input, { socket, channel, via }: Arrival): void => {
  // Q61: what was under way inside the SDK is dropped at the latch, and so is its failure. A call ends nothing and looks at nothing (P19).
  if (input.kind === 'internal' || input.kind === 'disconnect' || input.kind === 'dispose') return;
  const failed = readableFailure(state);
  if (failed !== null) {
    endWait(state, { outcome: 'interrupted', by: failed });
    return;
  }
  if (input.kind === 'unsub' || input.kind === 'abort' || input.kind === 'pagehide') {
    endWait(state, { outcome: 'interrupted', by: interruptions[input.kind] });
    return;
  }
  const attach = (peer: Peer): void => {
    if (state.verdict !== null && state.verdict.cause.peer === undefined) {
      state.verdict = { ...state.verdict, cause: { ...state.verdict.cause, peer } };
    }
  };
  if (input.kind === 'ws.close' && socket?.role === 'current' && state.switched !== true) {
    if (input.code !== 1000 && input.code !== 1005) {
      endWait(state, { outcome: 'interrupted', by: closeCause(input.code).kind, peer: { via: 'ws', code: input.code } });
      return;
    }
    attach({ via: 'ws', code: input.code });
  }
  if ((input.kind === 'rx.close' && via === 'signaling') || input.kind === 'rx.close-end') attach({ via: 'dc', code: input.code });
  // P25: a WebSocket that counts no more is not even an occasion to look at the channels.
  if (input.kind.startsWith('ws.') && state.switched === true) return;
  if (checkWait(state)) return;
  // What is waited for is judged before what has just come.
  if (input.kind === 'dc.open' && channel !== null) channelOpened(state, channel);
};

/** Between the decision and the value, which is for `websocket-error` alone: only the close of the same burst gets into it (Q07, Q68). */
const afterVerdict = (state: State, input: Input, { socket }: Arrival): void => {
  const { verdict } = state;
  if (state.emittedAt !== null || verdict === null || input.kind !== 'ws.close' || socket === null) return;
  if (verdict.cause.kind !== 'websocket-error' || verdict.socket !== state.sockets.indexOf(socket)) return;
  state.verdict = { ...verdict, cause: { ...verdict.cause, close: { code: input.code } } };
};

const idleReduce = (state: State, input: Input): void => {
  if (input.kind === 'disconnect' || input.kind === 'dispose') clientDisconnect(state, 'api');
  if (input.kind === 'abort') clientDisconnect(state, 'abort-signal');
  if (input.kind !== 'connect') return;
  state.phase = 'opening';
  state.sockets = Array.from({ length: state.config.urls }, (_, url) => newCandidate(url));
  startTimers(state);
};

/** What any input may have made due: the WebSocket that is not needed any more, a loss that nothing can explain any more. */
const followUp = (state: State): void => {
  if (state.finished || state.wait !== null) return;
  closeSwitchedSocket(state);
  if (state.provisional !== null && !codeIsPossible(state)) settleProvisional(state, null);
};

const reduce = (state: State, input: Input, arrival: Arrival): void => {
  if (input.kind === 'disconnect' || input.kind === 'dispose') {
    // P19: a second call has no effect whatever, so it is not even an occasion to look.
    if (state.called) return;
    state.called = true;
  }
  if (state.finished) afterVerdict(state, input, arrival);
  else if (state.wait !== null) duringWait(state, input, arrival);
  else if (state.phase === 'idle') idleReduce(state, input);
  else {
    const failed = readableFailure(state);
    if (failed !== null) terminateFailed(state, failed);
    else if (readableClosed(state)) internalError(state);
    else {
      // P23: a change that no event told of breaks the time as well.
      if (state.iceState !== 'disconnected') clearTimer(state, 'ice');
      applyRules(state, input, arrival);
    }
    followUp(state);
  }
};

const drain = (state: State): void => {
  const waiting = state.queue;
  state.queue = [];
  for (const { input, channel, via } of waiting) reduce(state, input, { socket: null, channel, via });
};

/** Q33: the end of a channel is what a message that is being inflated must not hold up for ever. */
const isSeenEnd = (input: Input, channel: Channel | null): boolean =>
  (input.kind === 'dc.close' || input.kind === 'dc.error') && channel?.known === true && !channel.replaced;

/** Q33: while a message of `signaling` is being inflated, what it brings next and what any channel does stand in line behind it. */
const receive = (state: State, input: Input): void => {
  const arrival = arrive(state, input);
  if (arrival === null) return;
  // That there is a new channel is an event of the peer connection and waits for nothing.
  const handedOver = input.kind === 'dc.open' && arrival.channel?.known === false;
  const viaChannel = (isChannelInput(input) && !handedOver) || arrival.via === 'signaling';
  if (input.kind === 'rx.close-end') {
    state.decoding = false;
    clearTimer(state, 'decode');
    reduce(state, input, arrival);
    drain(state);
  } else if (state.decoding && viaChannel && !state.finished) {
    state.queue = [...state.queue, { input, channel: arrival.channel, via: arrival.via }];
    const isLimited = state.timers.some(({ name }) => name === 'decode');
    if (isSeenEnd(input, arrival.channel) && !isLimited) setTimer(state, 'decode', Math.max(0, state.decodeDue - state.now));
  } else if (state.decoding && handedOver) {
    reduce(state, input, arrival);
    // Its open event is one of its own and stands in line.
    if (!state.finished) state.queue = [...state.queue, { input, channel: arrival.channel, via: arrival.via }];
  } else if (input.kind === 'rx.close-begin') {
    // It is reduced when it has been inflated; until then nobody has looked at anything because of it.
    if (state.finished) return;
    state.decoding = true;
    state.decodeDue = state.now + state.config.disconnectMs;
  } else reduce(state, input, arrival);
  // Q56, Q68: a page that goes away runs no timers.
  if (input.kind === 'pagehide' && state.finished && state.emittedAt === null) emit(state);
};

const fires: Record<TimerName, (state: State) => void> = {
  emit,
  url: (state) => {
    for (const socket of state.sockets) {
      if (socket.role === 'candidate' && !state.finished) candidateFailed(state, socket, { kind: 'connect-timeout', during: 'opening' });
    }
  },
  switch: (state) => {
    const socket = currentSocket(state);
    if (socket !== null) closeSocket(state, socket);
  },
  decode: (state) => {
    state.decoding = false;
    drain(state);
  },
  wait: (state) => {
    const failed = readableFailure(state);
    if (failed !== null) endWait(state, { outcome: 'interrupted', by: failed });
    else if (!checkWait(state)) endWait(state, { outcome: 'timeout' });
  },
  grace: (state) => settleProvisional(state, readableFailure(state) === null ? 'INTERNAL-ERROR' : null),
  connection: (state) => {
    const { phase } = state;
    const failed = readableFailure(state);
    if (failed !== null) terminateFailed(state, failed);
    else if (readableClosed(state)) internalError(state);
    // T25 before the offer, T26 after it (Q52).
    else if (phase === 'opening' || phase === 'signaling') terminate(state, { kind: 'connect-timeout', during: phase }, null);
    else if (phase === 'negotiating') terminate(state, { kind: 'connect-timeout', during: phase }, 'INTERNAL-ERROR');
  },
  ice: (state) => {
    const failed = readableFailure(state);
    if (failed !== null) terminateFailed(state, failed);
    else if (readableClosed(state)) internalError(state);
    // Q43: only what can be read now counts.
    else if (state.iceState === 'disconnected') {
      terminate(state, { kind: 'ice-disconnected-timeout', waitedMs: state.now - state.iceSince }, null);
    }
  },
};

const fireUntil = (state: State, limit: number, inclusive: boolean): void => {
  for (let next = nextTimer(state); next !== null; next = nextTimer(state)) {
    if (next.fires > limit || (next.fires === limit && !inclusive)) return;
    const { name } = next.timer;
    state.now = Math.max(state.now, next.fires);
    clearTimer(state, name);
    fires[name](state);
  }
};

/** One entry of a timeline: timers due before it run first, those due at its own instant run later (Q46). The given state is left as it is. */
export const step = (state: State, at: number, text: string): State => {
  const next = copy(state);
  fireUntil(next, at, false);
  next.now = at;
  for (const input of inputsOf(text)) receive(next, input);
  return next;
};

/** Lets time pass until `limit`, without the timers of that very instant. */
export const elapse = (state: State, limit: number): State => {
  const next = copy(state);
  fireUntil(next, limit, false);
  next.now = limit;
  return next;
};

/** Nothing more happens: what can be seen at the end of the observed time. */
export const settle = (state: State): Observation => {
  const last = copy(state);
  fireUntil(last, horizonMs, true);
  return observe(last);
};

export const referenceModel: Run = (row: ScenarioRow) =>
  settle(
    row.timeline.reduce((state, entry) => {
      const { at, text } = timelineEntry(entry);
      return step(state, at, text);
    }, initial(row)),
  );

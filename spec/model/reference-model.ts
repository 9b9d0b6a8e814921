import { inputsOf, timelineEntry, type Input, type MessageInput } from './inputs.ts';
import {
  checkWait,
  clientDisconnect,
  closeCause,
  closeChannel,
  closeSocket,
  dropSocket,
  endWait,
  explain,
  observe,
  readableClosed,
  readableFailure,
  settleProvisional,
  terminate,
  terminateFailed,
} from './ending.ts';
import { horizonMs, type Observation, type Peer, type Run, type ScenarioRow } from './scenario-row.ts';
import {
  clearTimer,
  copy,
  currentSocket,
  heldChannel,
  initial,
  isChannelInput,
  newCandidate,
  nextTimer,
  setTimer,
  startTimers,
  type Cause,
  type Channel,
  type Socket,
  type State,
  type TimerName,
} from './state.ts';
import { arrive, type Arrival } from './world.ts';

// A reading of the rules on its own: plain data, one reducer, virtual time of its own. It shares no code with the session that it is compared with.

const hopLimit = 5;
const switchCloseMs = 10_000;

const send = (state: State, type: string): boolean => {
  if (state.config.sendThrows) return false;
  state.sent = [...state.sent, { at: state.now, via: 'ws', type }];
  return true;
};

const internalError = (state: State): void => terminate(state, { kind: 'internal-error' }, 'INTERNAL-ERROR');

const invalid = (state: State, what: 'parse' | 'unexpected-message'): void => terminate(state, { kind: 'signaling-invalid', what }, null);

/** Q49: a candidate that fails ends the connection only as the last one; its reason is then the reason. */
const candidateFailed = (state: State, socket: Socket, cause: Cause): void => {
  dropSocket(socket);
  if (!state.sockets.some(({ role }) => role === 'candidate')) explain(state, cause, null, state.sockets.indexOf(socket));
};

const candidateOpened = (state: State, winner: Socket): void => {
  for (const socket of state.sockets) if (socket !== winner && socket.role === 'candidate') dropSocket(socket);
  winner.role = 'current';
  clearTimer(state, 'url');
  if (!send(state, 'connect')) {
    // Nothing was sent before it, so nothing can be said now (Q24).
    winner.role = 'candidate';
    internalError(state);
    return;
  }
  state.phase = 'signaling';
};

const socketEvent = (state: State, input: Input, socket: Socket): void => {
  if (input.kind === 'ws.open') {
    if (socket.role === 'candidate') candidateOpened(state, socket);
    return;
  }
  const cause: Cause = input.kind === 'ws.close' ? closeCause(input.code) : { kind: 'websocket-error' };
  if (socket.role === 'candidate') {
    candidateFailed(state, socket, cause);
    return;
  }
  // T07, T11.
  if (state.switched === true) return;
  const reason = input.kind === 'ws.close' ? 'WEBSOCKET-ONCLOSE' : 'WEBSOCKET-ONERROR';
  explain(state, cause, state.switched === null ? null : reason, state.sockets.indexOf(socket));
};

/** Q50. */
const redirect = (state: State, to: 'fresh' | 'known' | 'insecure'): void => {
  state.hops += 1;
  if (state.hops > hopLimit || to !== 'fresh') {
    invalid(state, 'unexpected-message');
    return;
  }
  state.sockets.forEach(dropSocket);
  state.sockets = [...state.sockets, newCandidate()];
  state.phase = 'opening';
};

const beforeOffer = (state: State, input: MessageInput): void => {
  if (input.kind === 'rx.redirect') redirect(state, input.to);
  if (input.kind === 'rx.offer') {
    state.mode = input.mode ?? state.mode;
    state.pc = true;
    state.phase = 'negotiating';
    if (!send(state, 'answer')) internalError(state);
  }
};

const serverClose = (state: State, code: number | null): void =>
  explain(state, { kind: 'server-close', via: 'datachannel', code, severity: code === 1000 ? 'normal' : 'error' }, null);

const messageEvent = (state: State, input: MessageInput, via: Arrival['via']): void => {
  // Q65: on other labels nothing that cannot be read ends anything.
  if (input.kind === 'rx.invalid') {
    if (via === 'ws' || via === 'signaling') invalid(state, 'parse');
    return;
  }
  if (state.phase === 'signaling') {
    beforeOffer(state, input);
    return;
  }
  switch (input.kind) {
    case 'rx.offer':
      invalid(state, 'unexpected-message');
      break;
    case 'rx.switched':
      // Q64: the first one counts, whatever was asked for (Q10); a connection without channels has nothing to switch to.
      if (state.mode !== 'W' && state.switched === null) {
        state.switched = input.ignore;
        if (input.ignore) setTimer(state, 'switch', switchCloseMs);
      }
      break;
    case 'rx.close':
      // Q37: over the WebSocket it is an unknown type.
      if (via === 'signaling') serverClose(state, input.code);
      break;
    case 'rx.close-end':
      serverClose(state, input.code);
      break;
    case 'rx.ping':
      send(state, 'pong');
      break;
    case 'rx.re-offer-begin':
      state.reOfferPending = true;
      break;
    case 'rx.re-offer-end':
      if (state.reOfferPending) send(state, 're-answer');
      state.reOfferPending = false;
      break;
  }
};

/** The client learns of a channel; the object that had the label before is closed (Q39, Q67). */
const channelOpened = (state: State, channel: Channel): void => {
  const before = heldChannel(state, channel.label);
  if (before !== null && before !== channel) {
    before.replaced = true;
    if (closeChannel(before)) state.closedReplaced = [...state.closedReplaced, channel.label];
  }
  channel.known = true;
};

/** Q30, Q31, Q83. */
const channelLost = (state: State, channel: Channel, kind: 'datachannel-closed' | 'datachannel-error'): void => {
  if (channel.lost || channel.replaced || !channel.known) return;
  channel.lost = true;
  if (state.provisional !== null) return;
  state.provisional = { kind, label: channel.label, at: state.now };
  setTimer(state, 'grace', state.config.graceMs);
};

const channelEvent = (state: State, input: Input, channel: Channel): void => {
  if (input.kind === 'dc.open') channelOpened(state, channel);
  if (input.kind === 'dc.close') channelLost(state, channel, 'datachannel-closed');
  if (input.kind === 'dc.error') channelLost(state, channel, 'datachannel-error');
};

const connected = (state: State): void => {
  if (state.phase !== 'negotiating') return;
  state.phase = 'connected';
  clearTimer(state, 'connection');
};

/** T27-T29, Q43: any change cancels the timer, a new `disconnected` starts from zero. */
const iceEvent = (state: State, ice: string): void => {
  if (!state.config.csDefined && (ice === 'connected' || ice === 'completed')) connected(state);
  if (!state.config.iceRule) return;
  if (ice !== 'disconnected') clearTimer(state, 'ice');
  else if (!state.timers.some(({ name }) => name === 'ice')) {
    state.iceSince = state.now;
    setTimer(state, 'ice', state.config.iceMs);
  }
};

const rules = (state: State, input: Input, { socket, channel, via }: Arrival): void => {
  if (socket !== null) socketEvent(state, input, socket);
  else if (channel !== null) channelEvent(state, input, channel);
  else if (input.kind === 'pc') {
    if (input.state === 'connected') connected(state);
  } else if (input.kind === 'ice') iceEvent(state, input.state);
  else if (input.kind === 'disconnect' || input.kind === 'dispose') clientDisconnect(state, 'api');
  else if (input.kind === 'unsub') clientDisconnect(state, 'unsubscribe');
  else if (input.kind === 'abort') clientDisconnect(state, 'abort-signal');
  else if (input.kind === 'pagehide') clientDisconnect(state, 'pagehide');
  else if (input.kind === 'internal') internalError(state);
  else if (input.kind.startsWith('rx.')) messageEvent(state, input as MessageInput, via);
};

const interruptions = { unsub: 'unsubscribe', abort: 'abort-signal', pagehide: 'pagehide' } as const;

/** Inside a wait almost everything is detail (Q13, Q20, Q38); what ends it is named in Q21, Q22 and Q55. */
const duringWait = (state: State, input: Input, { socket, channel, via }: Arrival): void => {
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
  if (input.kind === 'dc.open' && channel !== null) channelOpened(state, channel);
  checkWait(state);
};

const emit = (state: State): void => {
  state.timers = state.timers.filter(({ name }) => name !== 'emit');
  state.emittedAt = state.now;
  state.emissions += 1;
};

/** Between the decision and the value: only the close of the same burst gets into it (Q07, Q68). */
const afterVerdict = (state: State, input: Input, { socket }: Arrival): void => {
  const { verdict } = state;
  if (state.emittedAt !== null || verdict === null || input.kind !== 'ws.close' || socket === null) return;
  if (verdict.cause.kind !== 'websocket-error' || verdict.socket !== state.sockets.indexOf(socket)) return;
  state.verdict = { ...verdict, cause: { ...verdict.cause, close: { code: input.code } } };
};

/** Q12: the client closes the WebSocket once the DataChannel can carry signaling and no answer is owed on it. */
const closeSwitchedSocket = (state: State): void => {
  if (state.switched !== true || state.reOfferPending || heldChannel(state, 'signaling')?.state !== 'open') return;
  clearTimer(state, 'switch');
  const socket = currentSocket(state);
  if (socket !== null) closeSocket(state, socket);
};

/** Q30: something that may still say why. A signaling channel that has not come yet is not gone. */
const codeIsPossible = (state: State): boolean => {
  if (state.decoding || heldChannel(state, 'signaling')?.state !== 'closed') return true;
  return state.switched !== true && currentSocket(state)?.closeCode === null;
};

const idleReduce = (state: State, input: Input): void => {
  if (input.kind === 'disconnect' || input.kind === 'dispose') clientDisconnect(state, 'api');
  if (input.kind === 'abort') clientDisconnect(state, 'abort-signal');
  if (input.kind !== 'connect') return;
  state.phase = 'opening';
  state.sockets = Array.from({ length: state.config.urls }, newCandidate);
  startTimers(state);
};

const reduce = (state: State, input: Input, arrival: Arrival): void => {
  if (state.finished) afterVerdict(state, input, arrival);
  else if (state.wait !== null) duringWait(state, input, arrival);
  else if (state.phase === 'idle') idleReduce(state, input);
  else {
    const failed = readableFailure(state);
    if (failed !== null) terminateFailed(state, failed);
    else if (readableClosed(state)) internalError(state);
    else rules(state, input, arrival);
    if (state.finished || state.wait !== null) return;
    closeSwitchedSocket(state);
    if (state.provisional !== null && !codeIsPossible(state)) settleProvisional(state, null);
  }
};

const drain = (state: State): void => {
  const waiting = state.queue;
  state.queue = [];
  for (const { input, channel, via } of waiting) reduce(state, input, { socket: null, channel, via });
};

/** Q33: while a message of `signaling` is being inflated, what channels do stands in line behind it. */
const receive = (state: State, input: Input): void => {
  const arrival = arrive(state, input);
  if (arrival === null) return;
  const viaChannel = isChannelInput(input) || (arrival.via !== null && arrival.via !== 'ws');
  if (input.kind === 'rx.close-end') {
    state.decoding = false;
    clearTimer(state, 'decode');
    reduce(state, input, arrival);
    drain(state);
  } else if (state.decoding && viaChannel && !state.finished)
    state.queue = [...state.queue, { input, channel: arrival.channel, via: arrival.via }];
  else if (input.kind === 'rx.close-begin') {
    state.decoding = true;
    setTimer(state, 'decode', state.config.disconnectMs);
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
    else checkWait(state);
    if (state.wait !== null) endWait(state, { outcome: 'timeout' });
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

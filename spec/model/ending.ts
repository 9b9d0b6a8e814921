import { labels, type Attempt, type Observation, type ObservedTermination, type OwnFields, type Reason } from './scenario-row.ts';
import { clearTimer, currentSocket, heldChannel, setTimer, type Cause, type Channel, type Socket, type State, type Wait } from './state.ts';

/** T01, T27: failed as it can be read now, whether or not its event has been dispatched (Q02, Q40). */
export const readableFailure = (state: State): 'peer-connection-failed' | 'ice-failed' | null => {
  if (!state.pc || state.pcClosedBySdk) return null;
  if (state.config.csDefined) return state.connectionState === 'failed' ? 'peer-connection-failed' : null;
  return state.iceState === 'failed' ? 'ice-failed' : null;
};

/** Q60: the application closed the peer connection. */
export const readableClosed = (state: State): boolean =>
  state.pc && !state.pcClosedBySdk && (state.config.csDefined ? state.connectionState : state.iceState) === 'closed';

/** Q24, Q27: WS before the switch, DC after it; null when there is nothing to send on. */
const attempt = (state: State, reason: Reason): Attempt | null => {
  const via = state.switched === null ? 'ws' : 'dc';
  const carrier = via === 'ws' ? currentSocket(state) : heldChannel(state, 'signaling');
  if (carrier === null || carrier.state === 'closed' || (via === 'ws' && carrier.state !== 'open')) return null;
  const ok = carrier.state === 'open' && !state.config.sendThrows;
  if (ok) state.sent = [...state.sent, { at: state.now, via, type: 'disconnect', reason }];
  return { via, reason, ok };
};

const closeSilently = (socket: Socket): void => {
  if (socket.state === 'closed' || socket.closedBySdk) return;
  socket.state = 'closing';
  socket.closedBySdk = true;
};

/** Abandoned candidates and the socket before a redirect: closed, but not part of the column "closed by SDK" (Q49, Q50). */
export const dropSocket = (socket: Socket): void => {
  socket.role = 'dropped';
  closeSilently(socket);
};

export const closeSocket = (state: State, socket: Socket): void => {
  if (socket.state === 'closed' || socket.closedBySdk) return;
  closeSilently(socket);
  state.closedSocket = true;
};

export const closeChannel = (channel: Channel): boolean => {
  if (channel.state === 'closed' || channel.closedBySdk) return false;
  channel.state = 'closed';
  channel.closedBySdk = true;
  return true;
};

export const emit = (state: State): void => {
  clearTimer(state, 'emit');
  state.emittedAt = state.now;
  state.emissions += 1;
};

/** Q25, Q63, Q68: channels, socket, peer connection, every timer, then the value: at once, or after one `timer(0)` for the close of the same burst. */
const finish = (state: State): void => {
  state.finished = true;
  state.wait = null;
  state.queue = [];
  state.decoding = false;
  state.channels.forEach(closeChannel);
  for (const socket of state.sockets) if (socket.role !== 'dropped') closeSocket(state, socket);
  if (state.pc && !state.pcClosedBySdk) {
    state.closedPc = true;
    state.pcClosedBySdk = true;
  }
  state.timers = [];
  if (state.verdict?.cause.kind === 'websocket-error') setTimer(state, 'emit', 0);
  else emit(state);
};

const latch = (state: State, cause: Cause, reason: Reason | null, causeAt = state.now, socket: number | null = null): void => {
  const sent = reason === null ? null : attempt(state, reason);
  state.provisional = null;
  const { phase, switched, connectedAt } = state;
  state.verdict = { cause, attempt: sent, causeAt, phase, switched, connectedAt, socket };
  finish(state);
};

/** Q30-Q32: the provisional cause stands. */
export const settleProvisional = (state: State, reason: Reason | null): void => {
  const loss = state.provisional;
  if (loss !== null) latch(state, { kind: loss.kind, label: loss.label }, reason, loss.at);
};

/** A terminal cause; inside a grace it only ends the grace (Q32). */
export const terminate = (state: State, cause: Cause, reason: Reason | null): void => {
  if (state.provisional !== null) settleProvisional(state, 'INTERNAL-ERROR');
  else latch(state, cause, reason);
};

/** T01, Q02: no message, whichever cause it is. */
export const terminateFailed = (state: State, kind: 'peer-connection-failed' | 'ice-failed'): void => {
  if (state.provisional !== null) settleProvisional(state, null);
  else latch(state, { kind }, null);
};

/** The causes that may replace a provisional loss: a close of the socket, its error, `type: close` (Q31, Q71). */
export const explain = (state: State, cause: Cause, reason: Reason | null, socket: number | null = null): void => {
  const after = state.provisional?.kind;
  latch(state, after === undefined ? cause : { ...cause, after }, reason, state.now, socket);
};

/** Q04, Q06. */
export const closeCause = (code: number): Cause =>
  code === 1000 || (code >= 4000 && code <= 4999)
    ? { kind: 'server-close', via: 'websocket', code, severity: code === 1000 ? 'normal' : 'error' }
    : { kind: 'websocket-closed', code };

/** T16-T24: what a disconnect waits for; null is nothing. */
const waitOf = (state: State, trigger: OwnFields['trigger'], sent: Attempt | null): Wait | null => {
  if (trigger === 'pagehide') return null;
  const graceful = trigger === 'api' && state.config.graceful;
  if (sent?.ok === true) {
    // T21, Q16: in D without a switch the wait is not a matter of policy.
    const mandatory = state.mode === 'D' && state.switched === null;
    if (!graceful && !mandatory) return null;
    return { socket: state.switched !== true, channels: state.switched !== null };
  }
  // Q23, Q69: nothing could be sent, but a socket that is closing still owes its code.
  const socket = currentSocket(state);
  const owesCode = socket !== null && socket.closeCode === null && (socket.state === 'closing' || socket.state === 'closed');
  return graceful && owesCode && state.switched !== true ? { socket: true, channels: false } : null;
};

const waitIsOver = (state: State, wait: Wait): boolean =>
  (!wait.socket || currentSocket(state)?.closeCode !== null) &&
  (!wait.channels || state.channels.every((channel) => channel.replaced || !channel.known || channel.state === 'closed'));

export const clientDisconnect = (state: State, trigger: OwnFields['trigger'] & string): void => {
  if (state.provisional !== null) {
    settleProvisional(state, 'INTERNAL-ERROR');
    return;
  }
  const sent = attempt(state, 'NO-ERROR');
  const wait = waitOf(state, trigger, sent);
  const cause: Cause = { kind: 'client-disconnect', trigger, outcome: 'immediate' };
  const { phase, switched, connectedAt } = state;
  state.verdict = { cause, attempt: sent, causeAt: state.now, phase, switched, connectedAt, socket: null };
  if (wait === null) {
    finish(state);
    return;
  }
  state.wait = wait;
  // Nothing but the wait itself and a decode under way outlives the latch.
  clearTimer(state, 'connection', 'url', 'ice', 'grace', 'switch');
  setTimer(state, 'wait', state.config.disconnectMs);
};

export const endWait = (state: State, own: OwnFields): void => {
  if (state.verdict === null) return;
  state.verdict = { ...state.verdict, cause: { ...state.verdict.cause, ...own } };
  finish(state);
};

/** Q18, Q19: judged on the states as they are now, after every input. */
export const checkWait = (state: State): boolean => {
  if (state.wait === null || !waitIsOver(state, state.wait)) return false;
  endWait(state, { outcome: 'acknowledged' });
  return true;
};

const initiators: Partial<Record<Cause['kind'], ObservedTermination['initiator']>> = {
  'client-disconnect': 'client',
  'server-close': 'server',
  'signaling-invalid': 'server',
  'internal-error': 'sdk',
};

/** Q76. */
const retryOf = ({ kind, code }: Cause, phase: State['phase']): ObservedTermination['retry'] => {
  if (kind === 'client-disconnect' || kind === 'signaling-invalid') return 'never';
  if (kind === 'internal-error') return 'maybe';
  if (kind !== 'server-close') return 'yes';
  const beforeOffer = phase === 'opening' || phase === 'signaling';
  return beforeOffer && typeof code === 'number' && code >= 4000 && code <= 4999 ? 'never' : 'maybe';
};

const terminationOf = (state: State): ObservedTermination | null => {
  if (state.verdict === null || state.emittedAt === null) return null;
  const { cause, attempt: messageAttempt, causeAt, phase, switched, connectedAt } = state.verdict;
  return {
    at: state.emittedAt,
    ...cause,
    phase,
    switched,
    messageAttempt,
    causeAt,
    connectedAt,
    identified: phase === 'negotiating' || phase === 'connected',
    initiator: initiators[cause.kind] ?? 'network',
    retry: retryOf(cause, phase),
  };
};

const closedOf = (state: State): string[] => {
  const closed = labels.filter((label) => state.channels.some((entry) => entry.label === label && entry.closedBySdk && !entry.replaced));
  // As the data counts: all that there were, not all that were announced.
  const existing = labels.filter((label) => state.channels.some((entry) => entry.label === label));
  const channels =
    closed.length > 0 && closed.length === existing.length ? ['all DCs'] : closed.length > 0 ? [`DC ${closed.join('/')}`] : [];
  return [
    ...(state.closedSocket ? ['WS'] : []),
    ...channels,
    ...(state.closedPc ? ['pc'] : []),
    ...state.closedReplaced.map((label) => `the replaced DC ${label}`),
  ];
};

const leftoversOf = (state: State): string[] => {
  if (state.emissions === 0) return [];
  return [
    ...state.sockets.flatMap((socket, index) => (socket.state === 'closed' || socket.closedBySdk ? [] : [`WS #${index + 1}`])),
    ...state.channels.flatMap((channel) => (channel.state === 'closed' ? [] : [`DC ${channel.label}`])),
    ...(state.pc && !state.pcClosedBySdk ? ['pc'] : []),
    ...state.timers.map(({ name }) => `timer ${name}`),
  ];
};

export const observe = (state: State): Observation => ({
  sent: state.sent,
  termination: terminationOf(state),
  emissions: state.emissions,
  closed: closedOf(state),
  leftovers: leftoversOf(state),
  closedAgain: [],
});

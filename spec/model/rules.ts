import { clientDisconnect, closeCause, closeChannel, closeSocket, dropSocket, explain, terminate } from './ending.ts';
import type { Input, MessageInput } from './inputs.ts';
import {
  clearTimer,
  currentSocket,
  heldChannel,
  newCandidate,
  setTimer,
  type Cause,
  type Channel,
  type Socket,
  type State,
} from './state.ts';
import type { Arrival } from './world.ts';

const hopLimit = 5;
const switchCloseMs = 10_000;

const send = (state: State, type: string): boolean => {
  if (state.config.sendThrows) return false;
  state.sent = [...state.sent, { at: state.now, via: 'ws', type }];
  return true;
};

export const internalError = (state: State): void => terminate(state, { kind: 'internal-error' }, 'INTERNAL-ERROR');

const invalid = (state: State, what: 'parse' | 'unexpected-message'): void => terminate(state, { kind: 'signaling-invalid', what }, null);

/** Q49: a candidate that fails ends the connection only as the last one; its reason is then the reason. */
export const candidateFailed = (state: State, socket: Socket, cause: Cause): void => {
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
  winner.spoke = true;
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
  // A node that only lost the race for the first connection has not been visited.
  const url = to === 'known' ? 0 : state.sockets.length;
  const visited = state.sockets.some((socket) => socket.spoke && socket.url === url);
  if (state.hops > hopLimit || visited || to === 'insecure') {
    invalid(state, 'unexpected-message');
    return;
  }
  state.sockets.forEach(dropSocket);
  state.sockets = [...state.sockets, newCandidate(url)];
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
export const channelOpened = (state: State, channel: Channel): void => {
  if (channel.known) return;
  const before = heldChannel(state, channel.label);
  if (before !== null) {
    before.replaced = true;
    if (closeChannel(before)) state.closedReplaced = [...state.closedReplaced, channel.label];
  }
  channel.known = true;
};

/** Q30, Q31, Q83. */
const channelLost = (state: State, channel: Channel, kind: 'datachannel-closed' | 'datachannel-error'): void => {
  // Q39 speaks of what an object does after it was replaced; what it did before, and a decode held back, still counts.
  if (channel.lost || !channel.known) return;
  channel.lost = true;
  if (state.provisional !== null) return;
  state.provisional = { kind, label: channel.label, at: state.now };
  setTimer(state, 'grace', state.config.graceMs);
};

const channelEvent = (state: State, input: Input, channel: Channel): void => {
  if (input.kind === 'dc.open') {
    // A new channel is told by the peer connection.
    if (!channel.known) lookWhetherConnected(state);
    channelOpened(state, channel);
  }
  if (input.kind === 'dc.close') channelLost(state, channel, 'datachannel-closed');
  if (input.kind === 'dc.error') channelLost(state, channel, 'datachannel-error');
};

/** Every event of the peer connection shows how far it has come. */
const lookWhetherConnected = (state: State): void => {
  const { csDefined } = state.config;
  const connected = csDefined ? state.connectionState === 'connected' : state.iceState === 'connected' || state.iceState === 'completed';
  if (!connected || state.phase !== 'negotiating') return;
  state.phase = 'connected';
  state.connectedAt = state.now;
  clearTimer(state, 'connection');
};

/** T27-T29, Q43: any change cancels the timer, a new `disconnected` starts from zero. */
const iceEvent = (state: State, ice: string): void => {
  if (!state.config.iceRule) return;
  if (ice !== 'disconnected') clearTimer(state, 'ice');
  else if (!state.timers.some(({ name }) => name === 'ice')) {
    state.iceSince = state.now;
    setTimer(state, 'ice', state.config.iceMs);
  }
};

/** What an input means while nothing has been decided. */
export const applyRules = (state: State, input: Input, { socket, channel, via }: Arrival): void => {
  if (socket !== null) socketEvent(state, input, socket);
  else if (channel !== null) channelEvent(state, input, channel);
  else if (input.kind === 'pc') lookWhetherConnected(state);
  else if (input.kind === 'ice') {
    lookWhetherConnected(state);
    iceEvent(state, input.state);
  } else if (input.kind === 'disconnect' || input.kind === 'dispose') clientDisconnect(state, 'api');
  else if (input.kind === 'unsub') clientDisconnect(state, 'unsubscribe');
  else if (input.kind === 'abort') clientDisconnect(state, 'abort-signal');
  else if (input.kind === 'pagehide') clientDisconnect(state, 'pagehide');
  else if (input.kind === 'internal') internalError(state);
  else if (input.kind.startsWith('rx.')) messageEvent(state, input as MessageInput, via);
};

/** Q12: the client closes the WebSocket once the DataChannel can carry signaling and no answer is owed on it. */
export const closeSwitchedSocket = (state: State): void => {
  if (state.switched !== true || state.reOfferPending || heldChannel(state, 'signaling')?.state !== 'open') return;
  clearTimer(state, 'switch');
  const socket = currentSocket(state);
  if (socket !== null) closeSocket(state, socket);
};

/** Q30: something that may still say why. A signaling channel that has not come yet is not gone. */
export const codeIsPossible = (state: State): boolean => {
  const signaling = heldChannel(state, 'signaling');
  // Q33: what it brought before its end stands in line before it, so it is gone only once its end has had its turn.
  if (state.decoding || signaling?.state !== 'closed' || !signaling.lost) return true;
  return state.switched !== true && currentSocket(state)?.closeCode === null;
};

import type { ChannelInput, HealthInput, Input, MessageInput, SocketInput, Where } from './inputs.ts';
import type { Label } from './scenario-row.ts';
import { currentSocket, latestChannel, newChannel, type Channel, type Socket, type State } from './state.ts';

/** What a reduction needs to know about where an input happened. */
export interface Arrival {
  readonly socket: Socket | null;
  readonly channel: Channel | null;
  /** for messages: the transport they came over */
  readonly via: 'ws' | Label | null;
}

const nowhere: Arrival = { socket: null, channel: null, via: null };

/** Without a number: the first candidate that still races, else the socket in use, else the newest. */
export const socketNumber = (state: State, given: number | null): number => {
  if (given !== null) return given - 1;
  const candidate = state.sockets.findIndex(
    ({ role, closeCode, closedBySdk }) => role === 'candidate' && closeCode === null && !closedBySdk,
  );
  if (candidate >= 0) return candidate;
  const current = state.sockets.findIndex(({ role }) => role === 'current');
  return current >= 0 ? current : state.sockets.length - 1;
};

const socketArrives = (state: State, input: SocketInput): Arrival | null => {
  const socket = state.sockets[socketNumber(state, input.socket)];
  if (socket === undefined || socket.closeCode !== null) return null;
  switch (input.kind) {
    case 'ws.open':
      if (socket.state !== 'connecting') return null;
      socket.state = 'open';
      break;
    case 'ws.closing':
      if (socket.state === 'open') socket.state = 'closing';
      return null;
    case 'ws.error':
      socket.errored = true;
      break;
    case 'ws.close':
      socket.state = 'closed';
      socket.closeCode = input.code;
      break;
  }
  // Dropped sockets belong to an old epoch: nobody listens to them (P18).
  return socket.role === 'dropped' ? null : { ...nowhere, socket };
};

const addChannel = (state: State, label: Label): Channel => {
  const channel = newChannel(label, 'open', false);
  state.channels = [...state.channels, channel];
  return channel;
};

const channelArrives = (state: State, { kind, label, stale }: ChannelInput): Arrival | null => {
  if (stale || state.mode === 'W' || !state.pc || state.finished) return null;
  const latest = latestChannel(state, label);
  if (kind === 'dc.open') {
    if (latest?.state !== 'connecting') return { ...nowhere, channel: addChannel(state, label) };
    latest.state = 'open';
    return { ...nowhere, channel: latest };
  }
  if (latest === null || latest.closeEvent) return null;
  if (kind === 'dc.closing') {
    if (latest.state === 'open') latest.state = 'closing';
    return null;
  }
  if (kind === 'dc.close') latest.closeEvent = true;
  latest.state = 'closed';
  return { ...nowhere, channel: latest };
};

const healthArrives = (state: State, { kind, state: value, silent }: HealthInput): Arrival | null => {
  if (!state.pc) return null;
  if (kind === 'pc') {
    if (!state.config.csDefined) return null;
    state.connectionState = value;
  } else state.iceState = value;
  return silent ? null : nowhere;
};

/** Where signaling comes from at this moment. */
export const signalingTransport = (state: State): 'ws' | 'signaling' => (state.serverSwitched ? 'signaling' : 'ws');

const whereTo = (state: State, input: MessageInput): Exclude<Where, null> => {
  switch (input.kind) {
    case 'rx.close':
    case 'rx.invalid':
    case 'rx.unknown':
      return input.where ?? signalingTransport(state);
    case 'rx.offer':
      return signalingTransport(state);
    case 'rx.close-begin':
    case 'rx.close-end':
      return 'signaling';
    default:
      return 'ws';
  }
};

/** Messages arrive on open transports only; a decode that has begun ends even if its channel is gone. */
export const canArrive = (state: State, via: 'ws' | Label): boolean => {
  if (state.finished) return false;
  if (via === 'ws') return currentSocket(state)?.state === 'open';
  return latestChannel(state, via)?.state === 'open';
};

const messageArrives = (state: State, input: MessageInput): Arrival | null => {
  const via = whereTo(state, input);
  if (input.kind === 'rx.close-end') return state.decoding ? { ...nowhere, via } : null;
  if (input.kind === 'rx.re-offer-end') return nowhere;
  if (!canArrive(state, via)) return null;
  if (input.kind === 'rx.switched') state.serverSwitched = true;
  return { ...nowhere, via };
};

/** What an input does to the objects of the runtime, at once and whether or not the client looks. Null: nothing that the client could notice. */
export const arrive = (state: State, input: Input): Arrival | null => {
  switch (input.kind) {
    case 'ws.open':
    case 'ws.error':
    case 'ws.closing':
    case 'ws.close':
      return socketArrives(state, input);
    case 'dc.open':
    case 'dc.close':
    case 'dc.error':
    case 'dc.closing':
      return channelArrives(state, input);
    case 'pc':
    case 'ice':
      return healthArrives(state, input);
    case 'suspend':
      state.suspendedUntil = input.until;
      return null;
    case 'freeze':
      return null;
    case 'unsub':
      state.unsubscribed = true;
      return nowhere;
    case 'abort':
      state.aborted = true;
      return nowhere;
    case 'internal':
      state.brokenInside = true;
      return nowhere;
    case 'connect':
    case 'disconnect':
    case 'dispose':
    case 'pagehide':
      return nowhere;
    default:
      return messageArrives(state, input);
  }
};

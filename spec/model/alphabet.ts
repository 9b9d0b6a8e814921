import { readableClosed, readableFailure } from './ending.ts';
import { labels, type Label } from './scenario-row.ts';
import { latestChannel, type Channel, type Socket, type State, type TimerName } from './state.ts';
import { canArrive, signalingTransport, socketNumber } from './world.ts';

/** `core` has one representative of what the rules treat alike; `full` has every input the notation knows. */
export type Alphabet = 'core' | 'full';

/** What can happen next: an input as a row writes it, or time that passes. */
export type Letter = { readonly text: string } | { readonly ms: number };

/** Where something is under way that can fail: the metadata, the offer that was there from the start, a re-offer of the server. */
const canFail = (state: State): boolean => {
  if (state.finished || state.brokenInside) return false;
  // In a wait it is a re-offer that was there from the start: it would have kept the WebSocket open after the switch (Q12).
  if (state.wait !== null && (state.verdict?.cause.trigger !== 'api' || state.closedSocket)) return false;
  if (state.phase === 'opening') return state.hops === 0;
  // Before the switch: afterwards the answer is out, or there is nothing that could carry a re-offer.
  if (state.phase === 'negotiating') return !state.serverSwitched && !state.sent.some(({ type }) => type === 'answer');
  const transport = signalingTransport(state);
  return state.phase === 'connected' && canArrive(state, transport) && !(state.decoding && transport === 'signaling');
};

const commands = (state: State, full: boolean): string[] => {
  if (state.phase === 'idle') return ['connect', 'disconnect', 'abort'];
  const unsub = state.unsubscribed ? [] : ['unsub'];
  const abort = state.aborted ? [] : ['abort'];
  const internal = canFail(state) ? ['internal'] : [];
  const core = ['disconnect', ...unsub, 'pagehide', ...internal];
  return full ? [...core, ...abort, 'dispose', 'pagehide-persisted', 'freeze'] : core;
};

const socketLetters = (socket: Socket, number: number, tagged: boolean, full: boolean): string[] => {
  // One close per socket, and nothing after it.
  if (socket.closeCode !== null) return [];
  const tag = tagged ? ` #${number + 1}` : '';
  const codes =
    socket.closedBySdk || socket.state === 'connecting' ? [1000, 1006] : full ? [1000, 1001, 1005, 1006, 4490] : [1000, 1006, 4490];
  return [
    ...(socket.state === 'connecting' ? [`ws.open${tag}`] : []),
    ...(socket.errored ? [] : [`ws.error${tag}`]),
    ...codes.map((code) => `ws.close ${code}${tag}`),
    ...(full && socket.state === 'open' ? [`ws.closing${tag}`] : []),
  ];
};

const sockets = (state: State, full: boolean): string[] => {
  const target = socketNumber(state, null);
  return state.sockets.flatMap((socket, number) => {
    if (number === target) return socketLetters(socket, number, state.sockets.length > 1, full);
    // Rivals and sockets of an old epoch: enough to see that they change nothing, or the last candidate does.
    if (socket.closeCode !== null) return [];
    return [
      ...(socket.state === 'connecting' ? [`ws.open #${number + 1}`] : []),
      ...(socket.errored ? [] : [`ws.error #${number + 1}`]),
      `ws.close 1006 #${number + 1}`,
    ];
  });
};

const messages = (state: State, full: boolean): string[] => {
  const found: string[] = [];
  if (canArrive(state, 'ws')) {
    found.push('rx.redirect');
    if (full) found.push('rx.redirect known', 'rx.ping', 'rx.close 1000 ws');
    if (full || state.mode !== 'W') found.push('rx.switched T', 'rx.switched F');
    if (full && signalingTransport(state) !== 'ws') found.push('rx.invalid ws', 'rx.unknown ws');
  }
  if (canArrive(state, signalingTransport(state))) found.push('rx.offer', 'rx.invalid', 'rx.unknown');
  if (canArrive(state, 'signaling')) {
    found.push('rx.close 1000', 'rx.close 4490');
    if (full) found.push('rx.close none');
    if (full && signalingTransport(state) === 'ws') found.push('rx.invalid signaling');
    if (!state.decoding) found.push('rx.close-begin');
  }
  if (full && canArrive(state, 'notify')) found.push('rx.invalid notify');
  if (state.decoding) found.push('rx.close-end 1000');
  return found;
};

const others = (now: string, states: readonly string[]): string[] => states.filter((entry) => entry !== now);

const health = (state: State, full: boolean): string[] => {
  if (!state.pc) return [];
  const found: string[] = [];
  const { csDefined, iceRule } = state.config;
  // A failed or closed connection does not come back.
  if (csDefined && state.connectionState !== 'closed') {
    const pc = state.connectionState;
    if (pc === 'failed') found.push('pc failed');
    else {
      found.push(
        ...others(pc, full ? ['connecting', 'connected', 'disconnected', 'failed'] : ['connected', 'disconnected', 'failed']).map(
          (entry) => `pc ${entry}`,
        ),
      );
      found.push('pc~ failed');
      if (full) found.push('pc~ closed');
    }
  }
  if ((iceRule || full) && state.iceState !== 'closed') {
    const ice = state.iceState;
    if (ice === 'failed') found.push('ice failed');
    else {
      found.push(
        ...others(ice, full ? ['checking', 'connected', 'disconnected', 'failed'] : ['connected', 'disconnected', 'failed']).map(
          (entry) => `ice ${entry}`,
        ),
      );
      if (full && !csDefined) found.push('ice~ failed', 'ice~ closed');
      if (full && iceRule && ice === 'disconnected') found.push('ice~ connected');
    }
  }
  return found;
};

const channelLetters = (label: Label, channel: Channel | null, replaced: boolean, canOpen: boolean, full: boolean): string[] => {
  const stale = replaced ? [`dc.close ${label} stale`] : [];
  const open = canOpen ? [`dc.open ${label}`] : [];
  if (channel === null) return open;
  if (channel.closeEvent) return [...open, ...stale];
  return [
    ...open,
    ...(channel.state === 'closed' ? [] : [`dc.error ${label}`]),
    `dc.close ${label}`,
    ...(full && channel.state === 'open' ? [`dc.closing ${label}`] : []),
    ...stale,
  ];
};

const channels = (state: State, full: boolean): string[] => {
  if (state.mode === 'W' || !state.pc || state.finished) return [];
  // Nothing opens on a connection that has failed or was closed.
  const canOpen = readableFailure(state) === null && !readableClosed(state);
  // `notify` stands for every label but `signaling`: no rule tells them apart.
  const found = (['signaling', 'notify'] as const).flatMap((label) => {
    const replaced = state.channels.filter((channel) => channel.label === label && channel.replaced).length > 0;
    return channelLetters(label, latestChannel(state, label), replaced, canOpen, full);
  });
  const open = labels.filter((label) => latestChannel(state, label)?.closeEvent === false);
  return open.length > 1 ? [...found, 'dc.close *'] : found;
};

const observed: readonly TimerName[] = ['connection', 'url', 'ice', 'grace', 'decode', 'switch', 'wait'];

const fixedSteps: readonly number[] = [499, 500, 501, 2999, 3000, 3001, 9999, 10_000, 10_001];

/** Just below, at and just above every moment at which something falls due; in full also around the three limits whether or not anything does. */
const steps = (state: State, full: boolean): number[] => {
  const due = state.timers.filter(({ name }) => observed.includes(name)).map((timer) => timer.due - state.now);
  const around = due.flatMap((ms) => [ms - 1, ms, ms + 1]).filter((ms) => ms > 0);
  return [...new Set(full ? [...fixedSteps, ...around] : around)];
};

/** Every input that the environment can produce in a state: one close per socket, no message on a closed transport, states change when they are signalled. */
export const lettersOf = (state: State, alphabet: Alphabet, timeMayPass: boolean): readonly Letter[] => {
  const full = alphabet === 'full';
  // A machine that sleeps notices nothing until it wakes.
  if (state.suspendedUntil > state.now) return [{ ms: state.suspendedUntil - state.now }];
  const texts = [
    ...commands(state, full),
    ...sockets(state, full),
    ...messages(state, full),
    ...health(state, full),
    ...channels(state, full),
  ].map((text): Letter => ({ text }));
  if (!timeMayPass) return texts;
  // Not while several URLs race: after a sleep nobody can tell whether a socket was given up or closed at the end.
  const races = state.timers.some(({ name }) => name === 'url');
  const sleeps =
    full && !races && state.emittedAt === null && !state.finished
      ? [2000, 20_000].map((ms): Letter => ({ text: `suspend ${state.now + ms}` }))
      : [];
  return [...texts, ...sleeps, ...steps(state, full).map((ms): Letter => ({ ms }))];
};

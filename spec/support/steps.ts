import type { Facts, Input, Step } from '../../src/termination/steps.ts';

/** What is known of a W session that is connected. */
export const connectedFacts: Facts = {
  phase: 'connected',
  connectSent: true,
  dataChannelSignaling: false,
  ignoreDisconnectWebSocket: false,
  labels: [],
  switched: null,
  webSocketClosed: false,
  signalingEnded: false,
  loss: null,
  notes: [],
  health: 'connected',
};

/** A step of such a session, for a rule on its own. */
export function stepWith(input: Input, facts: Partial<Facts> = {}, before: Partial<Facts> = facts, at = 0): Step {
  return { at, input, before: { ...connectedFacts, ...before }, facts: { ...connectedFacts, ...facts } };
}

import { scenario, type ScenarioSettings } from '../../src/testing/scenario.ts';
import type { ScenarioResult } from '../../src/testing/scenario-result.ts';
import type { Observation, ObservedTermination, OwnFields, Reason, Run, ScenarioRow, SentMessage, Via } from './scenario-row.ts';

const viaOf = (transport: string): Via => (transport === 'websocket' ? 'ws' : 'dc');

/** Fields whose text comes from the environment and not from a rule. */
const ownFieldsOf = (termination: NonNullable<ScenarioResult['termination']>): OwnFields => {
  switch (termination.kind) {
    case 'client-disconnect': {
      const { trigger, outcome, by, peer } = termination;
      return {
        trigger,
        outcome,
        ...(by === undefined ? {} : { by }),
        ...(peer === undefined ? {} : { peer: { via: viaOf(peer.via), code: peer.code } }),
      };
    }
    case 'server-close': {
      const { via, code, severity, after } = termination;
      return { via, code, severity, ...(after === undefined ? {} : { after }) };
    }
    case 'websocket-closed': {
      const { code, after } = termination;
      return { code, ...(after === undefined ? {} : { after }) };
    }
    case 'websocket-error': {
      const { close, after } = termination;
      return { ...(close === undefined ? {} : { close: { code: close.code } }), ...(after === undefined ? {} : { after }) };
    }
    case 'ice-disconnected-timeout':
      return { waitedMs: termination.waitedMs };
    case 'datachannel-closed':
    case 'datachannel-error':
      return { label: termination.label as NonNullable<OwnFields['label']> };
    case 'signaling-invalid':
      return { what: termination.what };
    case 'connect-timeout':
      return { during: termination.during };
    default:
      return {};
  }
};

const terminationOf = ({ termination }: ScenarioResult): ObservedTermination | null => {
  if (termination === null) return null;
  const { at, kind, phase, switched, sent, causeAt, connectedAt, connectionId, sessionId, initiator, retry } = termination;
  return {
    at,
    kind,
    ...ownFieldsOf(termination),
    phase,
    switched,
    messageAttempt: sent === null ? null : { via: viaOf(sent.via), reason: sent.reason, ok: sent.ok },
    causeAt,
    connectedAt,
    identified: connectionId !== null && sessionId !== null,
    initiator,
    retry,
  };
};

const sentOf = ({ sent }: ScenarioResult): SentMessage[] =>
  sent
    .filter(({ duringStart }) => !duringStart)
    .map(({ at, via, message }) => {
      const { type, reason } = message as { readonly type?: unknown; readonly reason?: unknown };
      const name = typeof type === 'string' ? type : 'no type';
      return name === 'disconnect' ? { at, via, type: name, reason: reason as Reason } : { at, via, type: name };
    });

const leftoversOf = ({ termination, completed, leftovers, errors }: ScenarioResult): string[] => [
  ...errors.map((error) => `error: ${String(error)}`),
  ...(termination === null || completed ? [] : ['termination$ has not completed']),
  ...(termination === null
    ? []
    : Object.entries(leftovers)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${count} ${name}`)),
];

const closedAgain = ({ fake: { sockets, peerConnections } }: ScenarioResult): string[] =>
  [
    ...sockets.map(({ name, closeCalls }) => [`WS #${name}`, closeCalls] as const),
    ...peerConnections.map(({ name, closeCalls }) => [`pc #${name}`, closeCalls] as const),
    ...peerConnections.flatMap(({ channels }) => channels.map(({ label, closeCalls }) => [`DC ${label}`, closeCalls] as const)),
  ].flatMap(([name, { length }]) => (length > 1 ? [name] : []));

export const observationOf = (result: ScenarioResult): Observation => ({
  sent: sentOf(result),
  termination: terminationOf(result),
  emissions: result.emissions,
  closed: result.closed,
  leftovers: leftoversOf(result),
  closedAgain: closedAgain(result),
});

/** The real session, run by `scenario()` in virtual time on fakes, by a program that does more than the row says. */
export const sessionRunWith = (row: ScenarioRow, settings: ScenarioSettings): Observation => observationOf(scenario(row, settings));

/** The real session as the row says. */
export const sessionRun: Run = (row: ScenarioRow) => sessionRunWith(row, {});

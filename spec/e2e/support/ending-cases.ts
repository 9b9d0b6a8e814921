import type { ConnectOptions, Reason, Termination, TerminationCommon } from 'rx-sora';
import type { Fault, FaultMoment, Lab, LabConnection } from 'rx-sora-lab';
import { expect } from 'vitest';
import { connectionOf, eventAt, receivedFrom } from './lab-side.ts';
import { type Mode, modes } from './modes.ts';
import type { Stage } from './stage.ts';
import type { DrivenSession } from './watched-session.ts';

/** A termination without its times and identifiers and without what depends on them. */
export type Ending = Reason & Pick<TerminationCommon, 'phase' | 'switched' | 'sent' | 'initiator' | 'retry'>;

/** One way to end, in one mode: how it comes about and everything that it must come to. */
export interface EndingCase {
  readonly name: string;
  readonly mode: Mode;
  readonly options?: Partial<ConnectOptions>;
  /** What the lab does to this connection. */
  readonly faults?: readonly { readonly fault: Fault; readonly at?: FaultMoment }[];
  /** Nothing is waited for before `act` where the session is not to get that far. Default: everything that the mode promises. */
  readonly comesUp?: 'fully' | 'connected' | 'not';
  /** Brings the end about, where no fault does. */
  readonly act?: (session: DrivenSession, connection: LabConnection) => unknown;
  /** The lab has no way to notice the end and is told. */
  readonly unnoticed?: boolean;
  /** The one termination; several where the network decides which of two transports is faster. */
  readonly endings: readonly Ending[];
  /** What the lab received from `connect` on; several, as with the endings. */
  readonly received: readonly (readonly string[])[];
}

export function endingOf(termination: Termination): Ending {
  const { startedAt, connectedAt, causeAt, endedAt, trailing, channelId, connectionId, sessionId, ...ending } = termination;
  expect(startedAt).toBeGreaterThan(0);
  if (ending.phase === 'connected') expect(connectedAt).toBeGreaterThanOrEqual(0);
  else expect(connectedAt).toBeNull();
  expect(connectedAt ?? 0).toBeLessThanOrEqual(causeAt);
  expect(channelId).not.toBe('');
  // The server names both in its offer (Q84).
  expect(sessionId === null).toBe(connectionId === null);
  expect(causeAt).toBeGreaterThanOrEqual(0);
  expect(endedAt).toBeGreaterThanOrEqual(causeAt);
  expect(trailing.length).toBeLessThanOrEqual(32);
  return ending;
}

/** Makes the end come about on a stage and checks all that there is to check about it. Gives how long it took from cause to emission. */
export async function playEnding(row: EndingCase, stage: Stage, lab: Lab): Promise<Termination> {
  const { name, mode, options = {}, faults = [], comesUp = 'fully', act, unnoticed = false, endings, received } = row;
  const clientId = `${name} ${mode}`;
  for (const rule of faults) lab.faults.add({ ...rule, match: { clientId }, times: 1 });
  const session = await stage.open({
    signalingUrl: lab.url,
    channelId: clientId,
    clientId,
    role: 'sendrecv',
    audio: false,
    video: false,
    ...modes[mode],
    ...options,
  });
  const connecting = session.connect();
  const connection = await connectionOf(lab, clientId);
  if (comesUp !== 'not') expect(await connecting).toMatchObject({ connectionId: connection.connectionId, clientId });
  if (comesUp === 'fully' && mode !== 'W') await session.switched();
  // The client lets go of the WebSocket by itself (Q12).
  if (comesUp === 'fully' && mode === 'D') await eventAt(lab, clientId, 'websocket-close');
  await act?.(session, connection);

  const { terminations, completed, states, left } = await session.account();
  expect(terminations).toHaveLength(1);
  const [termination] = terminations as readonly [Termination];
  expect(endings).toContainEqual(endingOf(termination));
  expect(termination.channelId).toBe(clientId);
  if (comesUp !== 'not') expect(termination.connectionId).toBe(connection.connectionId);
  expect(completed).toBe(true);
  expect(left).toEqual([]);
  expect(states.slice(-2)).toEqual(['ending', 'ended']);
  if (comesUp === 'not') expect(await connecting).toBeNull();
  if (unnoticed) connection.disconnect();
  expect(received).toContainEqual(await receivedFrom(lab, clientId));
  expect(stage.errors()).toEqual([]);
  return termination;
}

const connected = { phase: 'connected', sent: null } as const;

const byClient = { kind: 'client-disconnect', trigger: 'api', outcome: 'acknowledged', initiator: 'client', retry: 'never' } as const;

const serverClose = { kind: 'server-close', code: 1000, severity: 'normal', initiator: 'server', retry: 'maybe' } as const;

const cut = { kind: 'websocket-closed', code: 1006, reason: '', wasClean: false, initiator: 'network', retry: 'yes' } as const;

const answerOnly = ['websocket answer'];
const goodbye = (reason: string): readonly string[] => ['websocket answer', `datachannel signaling disconnect ${reason}`];

const disconnect = (session: DrivenSession): unknown => session.disconnect();
const endByApi = (_: DrivenSession, connection: LabConnection): void => connection.disconnect();
/** Nothing of the page crosses a cut: TCP would answer it with a reset, which Firefox tells as an error. */
const saysNothing: EndingCase['options'] = { skipIceCandidateEvent: true };
const cutWebSocket = (_: DrivenSession, connection: LabConnection): void => connection.cutWebSocket();

/** The lab of these cases tells the reasons of normal ends. */
export const endingCases: readonly EndingCase[] = [
  {
    name: 'application disconnect',
    mode: 'W',
    act: disconnect,
    endings: [
      {
        ...byClient,
        peer: { via: 'websocket', code: 1000, reason: 'TYPE-DISCONNECT' },
        phase: 'connected',
        switched: null,
        sent: { reason: 'NO-ERROR', via: 'websocket', ok: true },
      },
    ],
    received: [['websocket answer', 'websocket disconnect NO-ERROR']],
  },
  {
    name: 'application disconnect',
    mode: 'M',
    act: disconnect,
    endings: [
      {
        ...byClient,
        peer: { via: 'websocket', code: 1000, reason: 'TYPE-DISCONNECT' },
        phase: 'connected',
        switched: false,
        sent: { reason: 'NO-ERROR', via: 'datachannel', ok: true },
      },
    ],
    received: [goodbye('NO-ERROR')],
  },
  {
    name: 'application disconnect',
    mode: 'D',
    act: disconnect,
    endings: [{ ...byClient, phase: 'connected', switched: true, sent: { reason: 'NO-ERROR', via: 'datachannel', ok: true } }],
    received: [goodbye('NO-ERROR')],
  },
  {
    name: 'server disconnect',
    mode: 'W',
    act: endByApi,
    endings: [{ ...serverClose, via: 'websocket', reason: 'DISCONNECTED-API', ...connected, switched: null }],
    received: [answerOnly],
  },
  {
    name: 'server disconnect, WebSocket first',
    mode: 'M',
    faults: [{ fault: { kind: 'slow-channel-close', ms: 600 } }],
    act: endByApi,
    endings: [
      {
        ...serverClose,
        via: 'websocket',
        reason: 'DISCONNECTED-API',
        phase: 'connected',
        switched: false,
        // T09 makes no exception for 1000 (Q05).
        sent: { reason: 'WEBSOCKET-ONCLOSE', via: 'datachannel', ok: true },
      },
    ],
    received: [goodbye('WEBSOCKET-ONCLOSE')],
  },
  {
    name: 'server disconnect, both transports at once',
    mode: 'M',
    // However late the Close frame is, it explains the loss of the channels.
    options: { timeouts: { dataChannelGraceMs: 20_000 } },
    act: endByApi,
    // The Close frame runs against the closing of the channels: what of the channel `signaling` is left decides about the attempt (Q24).
    endings: [
      ...[null, { reason: 'WEBSOCKET-ONCLOSE', via: 'datachannel', ok: false } as const].flatMap((sent) =>
        [{}, { after: 'datachannel-closed' } as const].map((after): Ending => ({
          ...serverClose,
          via: 'websocket',
          reason: 'DISCONNECTED-API',
          ...after,
          phase: 'connected',
          switched: false,
          sent,
        })),
      ),
      {
        ...serverClose,
        via: 'websocket',
        reason: 'DISCONNECTED-API',
        phase: 'connected',
        switched: false,
        sent: { reason: 'WEBSOCKET-ONCLOSE', via: 'datachannel', ok: true },
      },
    ],
    received: [answerOnly, goodbye('WEBSOCKET-ONCLOSE')],
  },
  {
    name: 'server disconnect without a word',
    mode: 'D',
    act: endByApi,
    endings: [{ kind: 'datachannel-closed', label: 'signaling', ...connected, switched: true, initiator: 'network', retry: 'yes' }],
    received: [answerOnly],
  },
  {
    name: 'TCP cut',
    mode: 'W',
    options: saysNothing,
    act: cutWebSocket,
    endings: [{ ...cut, ...connected, switched: null }],
    received: [answerOnly],
  },
  {
    name: 'TCP cut',
    mode: 'M',
    options: saysNothing,
    act: cutWebSocket,
    endings: [{ ...cut, phase: 'connected', switched: false, sent: { reason: 'WEBSOCKET-ONCLOSE', via: 'datachannel', ok: true } }],
    received: [goodbye('WEBSOCKET-ONCLOSE')],
  },
  {
    name: 'TCP cut before switched',
    mode: 'D',
    faults: [{ fault: { kind: 'switched-missing' } }],
    comesUp: 'connected',
    options: saysNothing,
    act: cutWebSocket,
    endings: [{ ...cut, ...connected, switched: null }],
    received: [answerOnly],
  },
];

/** The lab of this case announces the end with `type: close`. */
export const announcedEnding: EndingCase = {
  name: 'server disconnect with type: close',
  mode: 'D',
  act: endByApi,
  endings: [{ ...serverClose, via: 'datachannel', reason: 'DISCONNECTED-API', ...connected, switched: true }],
  received: [answerOnly],
};

/** The lab of these cases is patient with clients that it does not hear. */
export const silentPeers: readonly EndingCase[] = (['W', 'M', 'D'] as const).map((mode) => ({
  name: 'silent peer',
  mode,
  act: (_, connection) => connection.inject({ kind: 'peer-silent' }),
  unnoticed: true,
  endings: [
    {
      kind: 'peer-connection-failed',
      ...connected,
      switched: { W: null, M: false, D: true }[mode],
      initiator: 'network',
      retry: 'yes',
    },
  ],
  received: [answerOnly],
}));

import {
  ending,
  everywhere,
  type Expectation,
  type ExpectedEnding,
  type ExpectedReason,
  type FaultRow,
  disconnectSent,
} from '../fault-row.ts';
import type { Mode } from '../../e2e/support/modes.ts';
import type { Fault } from 'rx-sora-lab';

type Cause = ExpectedReason;

/** T03 T04 T09 T13: in W nothing is said, after `switched(false)` the channel is told. */
const gone = (cause: Cause): FaultRow['expect'] => ({
  W: [ending(cause, { phase: 'connected', switched: null, sent: null })],
  M: [
    ending(cause, {
      phase: 'connected',
      switched: false,
      sent: disconnectSent(cause.kind === 'websocket-error' ? 'WEBSOCKET-ONERROR' : 'WEBSOCKET-ONCLOSE', 'datachannel'),
    }),
  ],
});

/** T06 T10: in DataChannel-only mode the client lets go of the WebSocket after `switched`, so it has to come before; then nobody is told. */
const beforeSwitched = (cause: Cause): readonly ExpectedEnding[] =>
  ['negotiating', 'connected'].map((phase) => ending(cause, { phase, switched: null, sent: null }));

const invalid = (what: string): Cause => ({ kind: 'signaling-invalid', what });

const inSession = (cause: Cause): FaultRow['expect'] => ({
  W: [ending(cause, { phase: 'connected', switched: null, sent: null })],
  M: [ending(cause, { phase: 'connected', switched: false, sent: null })],
});

const early = (name: string, fault: Fault, expectation: Expectation): FaultRow => ({
  name: `${name}, before switched`,
  fault,
  when: 'connected',
  before: { kind: 'switched-missing' },
  unswitched: true,
  expect: { D: expectation },
});

const server = (code: number, reason: string): Cause => ({
  kind: 'server-close',
  via: 'websocket',
  code,
  reason,
  severity: code === 1000 ? 'normal' : 'error',
});
const lost = (code: number, reason: string, wasClean: boolean): Cause => ({ kind: 'websocket-closed', code, reason, wasClean });

const failed: Cause = { kind: 'websocket-error', close: { code: 1006, reason: '' } };

/**
 * A close is unclean to Chromium, though both Close frames went their way, if the page handed over a message meanwhile that could not go out any more: in these
 * rows a candidate may be on its way. Elsewhere the frames decide.
 */
const inChromium = (cause: Cause): readonly Cause[] =>
  cause.kind === 'websocket-closed' && cause['wasClean'] === true ? [cause, { ...cause, wasClean: false }] : [cause];

/** What a page sends into a TCP connection that was cut is answered with a reset, and Firefox tells that as an error: a pong or a candidate may be on its way. */
const inFirefox = (cause: Cause): readonly Cause[] =>
  cause.kind === 'websocket-closed' && cause['code'] === 1006 ? [cause, failed] : [cause];

/** Any of several, in the modes in which each comes. */
const anyOf = (expects: readonly FaultRow['expect'][]): FaultRow['expect'] =>
  Object.fromEntries(Object.keys(expects[0] ?? {}).map((mode) => [mode, expects.flatMap((each) => each[mode as Mode] ?? [])]));

const ends: readonly (readonly [name: string, fault: Fault, cause: Cause])[] = [
  ['websocket-close, 1000', { kind: 'websocket-close', code: 1000, reason: 'BYE' }, server(1000, 'BYE')],
  ['websocket-close, 4490', { kind: 'websocket-close', code: 4490, reason: 'NO' }, server(4490, 'NO')],
  ['websocket-close, 1001', { kind: 'websocket-close', code: 1001, reason: '' }, lost(1001, '', true)],
  ['websocket-close, 1011', { kind: 'websocket-close', code: 1011, reason: 'BOOM' }, lost(1011, 'BOOM', true)],
  ['websocket-close, no code', { kind: 'websocket-close' }, lost(1005, '', true)],
  ['websocket-cut', { kind: 'websocket-cut' }, lost(1006, '', false)],
];

/** Firefox tells a reset as an error with its close, every other runtime as a close alone. */
const reset: FaultRow = {
  name: 'websocket-reset',
  fault: { kind: 'websocket-reset' },
  when: 'ready',
  expect: gone(lost(1006, '', false)),
  elsewhere: { firefox: gone(failed) },
};

const anomalies: readonly (readonly [name: string, fault: Fault, cause: Cause])[] = [
  ['websocket-malformed', { kind: 'websocket-malformed' }, invalid('parse')],
  ['websocket-binary', { kind: 'websocket-binary' }, invalid('parse')],
  ['message, re-offer without sdp', { kind: 'message', message: { type: 're-offer' }, transport: 'websocket' }, invalid('schema')],
  [
    'message, a second offer',
    { kind: 'message', message: { type: 'offer', sdp: 'v=0', connection_id: 'X' }, transport: 'websocket' },
    invalid('unexpected-message'),
  ],
];

/** The signaling WebSocket of a session that is up. */
export const webSocketRows: readonly FaultRow[] = [
  ...ends.flatMap(([name, fault, cause]): readonly FaultRow[] => [
    {
      name,
      fault,
      when: 'ready',
      expect: anyOf(inChromium(cause).map(gone)),
      elsewhere: { firefox: anyOf(inFirefox(cause).map(gone)), node: gone(cause) },
    },
    {
      ...early(name, fault, inChromium(cause).flatMap(beforeSwitched)),
      elsewhere: { firefox: { D: inFirefox(cause).flatMap(beforeSwitched) }, node: { D: beforeSwitched(cause) } },
    },
  ]),
  reset,
  {
    ...early(reset.name, reset.fault, beforeSwitched(lost(1006, '', false))),
    elsewhere: { firefox: { D: beforeSwitched(failed) } },
  },
  ...anomalies.flatMap(([name, fault, cause]): readonly FaultRow[] => [
    { name, fault, when: 'ready', expect: inSession(cause) },
    early(name, fault, beforeSwitched(cause)),
  ]),
  { name: 'websocket-frozen', fault: { kind: 'websocket-frozen' }, when: 'ready', mute: true, expect: { W: 'lives', M: 'lives' } },
  {
    name: 'websocket-frozen, then resume',
    fault: { kind: 'websocket-frozen' },
    when: 'ready',
    resumeMs: 500,
    expect: { W: 'lives', M: 'lives' },
  },
  {
    name: 'websocket-oversized, 2 MiB',
    fault: { kind: 'websocket-oversized', bytes: 2 * 1024 * 1024 },
    when: 'ready',
    expect: { W: 'lives', M: 'lives' },
  },
  {
    name: 'message, an unknown type',
    fault: { kind: 'message', message: { type: 'weather', of: 'tomorrow' } },
    when: 'ready',
    expect: everywhere('lives'),
  },
  {
    name: 'message, close on the WebSocket',
    fault: { kind: 'message', message: { type: 'close', code: 1000, reason: 'X' }, transport: 'websocket' },
    when: 'ready',
    expect: { W: 'lives', M: 'lives' },
  },
  { name: 're-offer, three at once', fault: { kind: 're-offer', count: 3 }, when: 'ready', expect: everywhere('lives') },
];

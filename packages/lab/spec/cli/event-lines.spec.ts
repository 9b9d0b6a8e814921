import { describe, expect, test } from 'vitest';
import { eventLines } from '../../src/cli/event-lines.ts';
import { coloured, plain } from '../../src/cli/paint.ts';
import type { LabLogEntry } from '../../src/log/log-entry.ts';

const NOON = new Date(2025, 0, 1, 12, 0, 0, 0).getTime();
const who = { node: 'node1', socket: 3, connectionId: 'ABCDEFGHIJ', clientId: 'ann', channelId: 'room' } as const;

let sequence = 0;
const entry = (record: Omit<LabLogEntry, 'sequence' | 'at' | 'node'> & { readonly node?: string }, afterMs = 0): LabLogEntry => ({
  node: 'node1',
  sequence: (sequence += 1),
  at: NOON + afterMs,
  ...record,
});
const event = (type: string, detail: Readonly<Record<string, unknown>> = {}, afterMs = 0): LabLogEntry =>
  entry({ kind: 'event', ...who, type, detail }, afterMs);
const accepted = event('accepted', { role: 'sendrecv', mode: 'both' });

/** The lines that a run of entries gives. */
const lines = (...entries: readonly LabLogEntry[]): readonly string[] => {
  const lineOf = eventLines(plain);
  return entries.map(lineOf).filter((line) => line !== undefined);
};

test('a connection from its connect to its end', () => {
  const message = { kind: 'message', ...who, transport: 'websocket' } as const;
  expect(
    lines(
      entry({ kind: 'event', node: 'node1', socket: 3, type: 'websocket-open' }),
      entry({ ...message, direction: 'received', type: 'connect' }),
      accepted,
      entry({ ...message, direction: 'sent', type: 'offer' }),
      event('peer-state', { state: 'connecting' }, 20),
      event('peer-state', { state: 'connected' }, 41),
      entry({ ...message, direction: 'sent', type: 'switched' }, 60),
      event('websocket-close', { code: 1000 }, 70),
      event('ended', { cause: 'type-disconnect', clientReason: 'NO-ERROR', via: 'datachannel', code: 1000, reason: '' }, 12_340),
      event('channel-close', {}, 12_350),
      event('gone', {}, 13_340),
    ),
  ).toEqual([
    '12:00:00.000 ABCDEF   connect    channel room, client ann, sendrecv, WebSocket + DataChannel',
    '12:00:00.041 ABCDEF   connected  after 41 ms',
    '12:00:00.060 ABCDEF   switched   after 60 ms',
    '12:00:12.340 ABCDEF   ended      after 12.3 s: the client disconnected (NO-ERROR over datachannel), closed with 1000',
  ]);
});

test('a client without a name of its own is called by its connection alone', () => {
  expect(lines(entry({ ...accepted, clientId: who.connectionId }))).toEqual([
    '12:00:00.000 ABCDEF   connect    channel room, sendrecv, WebSocket + DataChannel',
  ]);
});

describe('the end of a connection', () => {
  test.each([
    [{ cause: 'api', code: 1000, reason: 'DISCONNECTED-API' }, 'disconnected by the API, closed with 1000 DISCONNECTED-API'],
    [{ cause: 'websocket-lost', via: 'websocket' }, 'the WebSocket was lost'],
    [
      { cause: 'signaling-error', detail: 'answer without sdp', code: 4490 },
      'the client broke the protocol (answer without sdp), closed with 4490',
    ],
    [{ cause: 'to-come' }, 'to-come'],
  ])('%j', (detail, words) => {
    expect(lines(event('ended', detail))).toEqual([`12:00:00.000 ABCDEF   ended      ${words}`]);
  });
});

test('faults, refusals, redirects, calls of the API, and whatever else is out of order', () => {
  expect(
    lines(
      entry({ kind: 'fault', ...who, type: 'websocket-cut', detail: { kind: 'websocket-cut' } }),
      entry({ kind: 'fault', node: 'node1', type: 'upgrade-rejected', detail: { kind: 'upgrade-rejected', status: 503 } }),
      entry({ kind: 'event', socket: 4, type: 'refused', detail: { reason: 'AUTHENTICATION-FAILURE' } }),
      entry({ kind: 'message', socket: 4, direction: 'sent', transport: 'websocket', type: 'redirect', message: { location: 'ws://b/' } }),
      entry({ kind: 'message', node: 'api', direction: 'received', transport: 'http', type: 'Sora_1.ListX', detail: { status: 200 } }),
      entry({ kind: 'message', socket: 4, direction: 'received', transport: 'websocket', type: 'unreadable', detail: { why: 'not JSON' } }),
      entry({ kind: 'event', ...who, type: 'dropped', label: '#chat', detail: { why: 'too-many-messages' } }),
      entry({ kind: 'event', node: 'node1', type: 'new-kind' }),
    ),
  ).toEqual([
    '12:00:00.000 ABCDEF   fault      websocket-cut',
    '12:00:00.000 node1    fault      upgrade-rejected status=503',
    '12:00:00.000 #4       refused    AUTHENTICATION-FAILURE',
    '12:00:00.000 #4       redirect   to ws://b/',
    '12:00:00.000 api      API        Sora_1.ListX status=200',
    '12:00:00.000 #4       unreadable why=not JSON',
    '12:00:00.000 ABCDEF   dropped    #chat why=too-many-messages',
    '12:00:00.000 node1    new-kind',
  ]);
});

test('colours surround words and are never inside them', () => {
  expect(eventLines(coloured)(event('new-kind'))).toBe('\u001b[2m12:00:00.000\u001b[0m ABCDEF   \u001b[33mnew-kind  \u001b[0m');
});

import { expect, test } from 'vitest';
import { messageLine } from '../../src/cli/message-line.ts';
import { coloured, plain } from '../../src/cli/paint.ts';
import type { LabLogEntry } from '../../src/log/log-entry.ts';

const base = { sequence: 1, at: new Date(2025, 0, 1, 12, 0, 0, 5).getTime(), node: 'node1' } as const;

test.each<[LabLogEntry, string]>([
  [
    {
      ...base,
      kind: 'message',
      socket: 3,
      connectionId: 'ABCDEFGHIJ',
      direction: 'sent',
      transport: 'datachannel',
      label: 'notify',
      type: 'notify',
      bytes: 90,
      message: { type: 'notify', event_type: 'connection.created', channel_connections: 2, metadata: { token: 'secret' } },
    },
    '12:00:00.005 ABCDEF   <- dc notify    notify event_type=connection.created channel_connections=2 90 B',
  ],
  [
    {
      ...base,
      kind: 'message',
      socket: 3,
      direction: 'received',
      transport: 'websocket',
      type: 'connect',
      message: { role: 'sendrecv', channel_id: 'room' },
    },
    '12:00:00.005 #3       -> ws           connect role=sendrecv channel_id=room',
  ],
  [
    { ...base, kind: 'event', connectionId: 'ABCDEFGHIJ', type: 'channel-close', label: 'push', detail: { code: 1 } },
    '12:00:00.005 ABCDEF   .. channel-close push code=1',
  ],
  [
    { ...base, kind: 'fault', type: 'offer-delayed', detail: { kind: 'offer-delayed', ms: 5 } },
    '12:00:00.005 node1    !! offer-delayed ms=5',
  ],
])('%#', (entry, line) => {
  expect(messageLine(entry, plain)).toBe(line);
});

test('colours surround words and are never inside them', () => {
  const line = messageLine({ ...base, kind: 'event', type: 'gone' }, coloured);
  expect(line).toBe('\u001b[2m12:00:00.005\u001b[0m node1    \u001b[33m.. gone\u001b[0m');
});

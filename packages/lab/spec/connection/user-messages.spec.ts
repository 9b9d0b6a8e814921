import { describe, expect, test } from 'vitest';
import type { AgreedChannel } from '../../src/agreement.ts';
import type { LogRecord } from '../../src/connection/connection-log.ts';
import type { DataChannels, SendOutcome } from '../../src/connection/data-channels.ts';
import { UserMessages } from '../../src/connection/user-messages.ts';

/** The agreed channels with their direction, and what becomes of a message on each. */
function client(directions: Readonly<Record<string, AgreedChannel['direction']>>, outcomes: Readonly<Record<string, SendOutcome>> = {}) {
  const logged: LogRecord[] = [];
  const channels: Pick<DataChannels, 'sendMessage' | 'agreed'> = {
    sendMessage: (label) => outcomes[label] ?? { ok: false, why: 'not-open' },
    agreed: (label) => (label in directions ? ({ label, direction: directions[label] } as AgreedChannel) : undefined),
  };
  return { messages: new UserMessages(channels as DataChannels, (record) => logged.push(record)), logged };
}

const payload = new Uint8Array(3);

describe('a message to the client', () => {
  test('is logged with its size on the wire and that of its payload', () => {
    const { messages, logged } = client({}, { '#a': { ok: true, bytes: 29 } });
    expect(messages.deliver('#a', payload, 'S')).toBe(true);
    expect(logged).toEqual([
      {
        kind: 'message',
        direction: 'sent',
        transport: 'datachannel',
        label: '#a',
        type: 'message',
        bytes: 29,
        detail: { from: 'S', payloadBytes: 3 },
      },
    ]);
  });

  test.each(['not-open', 'buffer-full', 'too-large'] as const)('that could not be sent is in the log with the reason: %s', (why) => {
    const { messages, logged } = client({}, { '#a': { ok: false, why } });
    expect(messages.deliver('#a', payload, 'S')).toBe(false);
    expect(logged).toEqual([{ kind: 'event', type: 'not-sent', label: '#a', detail: { from: 'S', payloadBytes: 3, why } }]);
  });

  test('may be empty', () => {
    const { messages, logged } = client({}, { '#a': { ok: true, bytes: 0 } });
    expect(messages.deliver('#a', new Uint8Array(), 'S')).toBe(true);
    expect(logged).toMatchObject([{ kind: 'message', bytes: 0 }]);
  });
});

describe('a message of the client', () => {
  test.each(['sendrecv', 'sendonly'] as const)('is accepted on a channel with direction %s', (direction) => {
    const { messages, logged } = client({ '#a': direction });
    expect([messages.accepts('#a'), logged]).toEqual([true, []]);
  });

  test('is dropped against the direction of the channel, with an entry in the log (O16)', () => {
    const { messages, logged } = client({ '#a': 'recvonly' });
    expect(messages.accepts('#a')).toBe(false);
    expect(logged).toEqual([{ kind: 'event', type: 'dropped', label: '#a', detail: { why: 'against-direction' } }]);
  });

  test('is ignored on a channel that was not agreed', () => {
    const { messages, logged } = client({ '#a': 'sendrecv' });
    expect([messages.accepts('#b'), logged]).toEqual([false, []]);
  });
});

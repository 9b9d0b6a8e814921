import { describe, expect, test } from 'vitest';
import type { AgreedChannel } from '../../src/agreement.ts';
import type { DataChannels } from '../../src/connection/data-channels.ts';
import type { Logged } from '../../src/connection/outbox.ts';
import { UserMessages } from '../../src/connection/user-messages.ts';

/** Channels by label, with their direction; `takes` says what of them is open, and how much goes on the wire: undefined for one that is full. */
function client(
  directions: Readonly<Record<string, AgreedChannel['direction']>>,
  takes: Readonly<Record<string, number | undefined>> = {},
) {
  const logged: Logged[] = [];
  const relayed: string[] = [];
  const channels: Pick<DataChannels, 'isOpen' | 'sendMessage' | 'agreed'> = {
    isOpen: (label) => label in takes,
    sendMessage: (label) => takes[label],
    agreed: (label) => (label in directions ? ({ label, direction: directions[label] } as AgreedChannel) : undefined),
  };
  const messages = new UserMessages({
    channels: channels as DataChannels,
    log: (entry) => logged.push(entry),
    relay: (label, payload) => relayed.push(`${label} ${payload.byteLength}`),
  });
  return { messages, logged, relayed };
}

const payload = new Uint8Array(3);

describe('to the client', () => {
  test('what was sent is logged with its size on the wire and that of its payload', () => {
    const { messages, logged } = client({}, { '#a': 29 });
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

  test('a channel that takes no more loses it, and the log says so', () => {
    const { messages, logged } = client({}, { '#a': undefined });
    expect(messages.deliver('#a', payload, 'S')).toBe(false);
    expect(logged).toEqual([{ kind: 'event', type: 'not-sent', label: '#a', detail: { from: 'S', payloadBytes: 3 } }]);
  });

  test('a message of no bytes on the wire was sent all the same', () => {
    const { messages, logged } = client({}, { '#a': 0 });
    expect(messages.deliver('#a', new Uint8Array(), 'S')).toBe(true);
    expect(logged).toMatchObject([{ kind: 'message', bytes: 0 }]);
  });

  test('a channel that is not open is nobody there', () => {
    const { messages, logged } = client({ '#a': 'sendrecv' });
    expect(messages.deliver('#a', payload, 'S')).toBe(false);
    expect(logged).toEqual([]);
  });
});

describe('from the client', () => {
  test.each(['sendrecv', 'sendonly'] as const)('%s: is handed to the others', (direction) => {
    const { messages, logged, relayed } = client({ '#a': direction });
    messages.onMessage('#a', payload);
    expect([relayed, logged]).toEqual([['#a 3'], []]);
  });

  test('O16: against the direction it is dropped, and the log says so', () => {
    const { messages, logged, relayed } = client({ '#a': 'recvonly' });
    messages.onMessage('#a', payload);
    expect([relayed, logged]).toEqual([[], [{ kind: 'event', type: 'dropped', label: '#a', detail: { why: 'against-direction' } }]]);
  });

  test('on a channel that was never agreed it is nothing', () => {
    const { messages, logged, relayed } = client({ '#a': 'sendrecv' });
    messages.onMessage('#b', payload);
    expect([relayed, logged]).toEqual([[], []]);
  });
});

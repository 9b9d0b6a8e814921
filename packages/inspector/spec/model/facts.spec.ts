import { describe, expect, test } from 'vitest';
import { factsAfter } from '../../src/model/facts.ts';
import { message, signaling } from '../support/entries.ts';

const connect = signaling(
  1,
  'connect',
  {
    role: 'sendrecv',
    channel_id: 'asked',
    client_id: 'ann',
    sora_client: 'rx-sora 0.1.0',
    data_channel_signaling: true,
    ignore_disconnect_websocket: true,
  },
  'sent',
);
const offer = signaling(2, 'offer', {
  channel_id: 'sora',
  connection_id: 'CONNECTION',
  client_id: 'ann',
  session_id: 'SESSION',
  version: '2025.2.0',
  simulcast: false,
  rpc_methods: ['2025.2.0/RequestSimulcastRid', 7],
});

describe('what messages say about a session', () => {
  test('connect says what is asked for, the offer what was agreed on', () => {
    expect([connect, offer].reduce(factsAfter, {})).toEqual({
      role: 'sendrecv',
      channelId: 'sora',
      connectionId: 'CONNECTION',
      clientId: 'ann',
      sessionId: 'SESSION',
      client: 'rx-sora 0.1.0',
      serverVersion: '2025.2.0',
      dataChannelSignaling: true,
      ignoreDisconnectWebSocket: true,
      simulcast: false,
      rpcMethods: ['2025.2.0/RequestSimulcastRid'],
    });
  });

  test('switched says its flag, false where it has none', () => {
    expect(factsAfter({}, signaling(3, 'switched', { ignore_disconnect_websocket: true }))).toEqual({ switched: true });
    expect(factsAfter({}, signaling(3, 'switched', {}))).toEqual({ switched: false });
  });

  test('the URL is that of the socket that opened and counts', () => {
    const open = { at: 0, source: 'websocket', what: 'open' } as const;
    expect(factsAfter({}, { ...open, detail: { url: 'wss://a' } })).toEqual({ url: 'wss://a' });
    expect(factsAfter({ url: 'wss://a' }, { ...open, detail: { url: 'wss://b', standing: 'other' } })).toEqual({ url: 'wss://a' });
  });

  test('anything else says nothing, nor does a message of a strange shape', () => {
    const facts = {};
    expect(factsAfter(facts, message(1))).toBe(facts);
    expect(factsAfter(facts, signaling(1, 'connect', {}))).toBe(facts); // received, not sent
    expect(factsAfter(facts, signaling(1, 'offer', { channel_id: 7, simulcast: 'yes' }))).toEqual({});
  });
});

import type { TimelineEntry } from 'rx-sora';
import { describe, expect, test } from 'vitest';
import { matcherOf, summaryOf } from '../../src/model/entry-text.ts';
import { message, signaling, state } from '../support/entries.ts';

const close: TimelineEntry = {
  at: 1,
  source: 'websocket',
  what: 'close',
  detail: { url: 'wss://sora.example.com/signaling', code: 4490, reason: 'SIGNALING-ERROR', wasClean: true },
};

describe('the summary of an entry', () => {
  test.each<[string, TimelineEntry]>([
    ['', state(0, 'opening')],
    ['4490 · SIGNALING-ERROR · wss://sora.example.com/signaling', close],
    ['#chat · 5 B', message(0)],
    ['rpc · unknown-id', { at: 0, source: 'datachannel', what: 'dropped', detail: { label: 'rpc', why: 'unknown-id' } }],
    ['connection.created · ann · WebSocket', signaling(0, 'notify', { event_type: 'connection.created', client_id: 'ann' })],
    ['schema · signaling', { at: 0, source: 'signaling', what: 'invalid', detail: { why: 'schema', label: 'signaling' } }],
    ['failed', { at: 0, source: 'peer-connection', what: 'connectionstatechange', detail: { state: 'failed' } }],
    ['video · ALICE', { at: 0, source: 'peer-connection', what: 'track', detail: { kind: 'video', connectionId: 'ALICE' } }],
    ['api', { at: 0, source: 'sdk', what: 'disconnect', detail: { trigger: 'api' } }],
    [
      'metadata · Error · no token',
      { at: 0, source: 'sdk', what: 'failure', detail: { where: 'metadata', name: 'Error', message: 'no token' } },
    ],
  ])('%s', (expected, entry) => {
    expect(summaryOf(entry)).toBe(expected);
  });
});

describe('a search', () => {
  test.each([
    ['', true],
    ['4490', true],
    ['SIGNALING close', true],
    ['websocket 1006', false],
    ['  example.com  ', true],
  ])('for "%s"', (query, found) => {
    expect(matcherOf(query)(close)).toBe(found);
  });
});

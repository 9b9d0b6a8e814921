import { describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../src/model/session-event.ts';
import { trailingEntry } from '../../src/termination/trailing.ts';
import type { OfferMessage, UnknownMessage } from '../../src/wire/messages.ts';

const url = 'wss://secret@sora.test';
const message = (members: object): SessionEvent => ({
  source: 'signaling',
  kind: 'message',
  at: 0,
  label: 'signaling',
  message: members as unknown as UnknownMessage | OfferMessage,
});

const entries: readonly (readonly [SessionEvent, object])[] = [
  [
    { source: 'websocket', kind: 'close', at: 0, url, code: 1006, reason: 'r', wasClean: false },
    { source: 'websocket', what: 'close', detail: '1006' },
  ],
  [
    { source: 'websocket', kind: 'error', at: 0, url },
    { source: 'websocket', what: 'error' },
  ],
  [
    { source: 'datachannel', kind: 'close', at: 0, label: 'stats' },
    { source: 'datachannel', what: 'close', detail: 'stats' },
  ],
  [
    { source: 'datachannel', kind: 'error', at: 0, label: '#chat', errorDetail: 'secret', sctpCauseCode: 12 },
    { source: 'datachannel', what: 'error', detail: '#chat' },
  ],
  [
    { source: 'peer-connection', kind: 'connectionstatechange', at: 0, connectionState: 'failed' },
    { source: 'peer-connection', what: 'connectionstatechange', detail: 'failed' },
  ],
  [
    { source: 'peer-connection', kind: 'iceconnectionstatechange', at: 0, iceConnectionState: 'checking' },
    { source: 'peer-connection', what: 'iceconnectionstatechange', detail: 'checking' },
  ],
  [
    { source: 'peer-connection', kind: 'icecandidate', at: 0, candidate: { candidate: 'candidate:secret' } },
    { source: 'peer-connection', what: 'icecandidate' },
  ],
  [message({ type: 'switched', ignore_disconnect_websocket: true }), { source: 'signaling', what: 'switched' }],
  [message({ type: 'close', code: 1000, reason: 'secret' }), { source: 'signaling', what: 'close' }],
  [message({ type: 'notify', label: 'secret', code: 'secret', what: 'secret' }), { source: 'signaling', what: 'notify' }],
  [
    { source: 'signaling', kind: 'invalid', at: 0, what: 'schema' },
    { source: 'signaling', what: 'invalid', detail: 'schema' },
  ],
  [
    { source: 'sdk', kind: 'failure', at: 0, where: 'create-answer', name: 'TypeError', message: 'secret' },
    { source: 'sdk', what: 'failure', detail: 'create-answer' },
  ],
  [
    { source: 'session', kind: 'unreachable', at: 0 },
    { source: 'sdk', what: 'unreachable' },
  ],
  [
    { source: 'application', kind: 'disconnect', at: 0, trigger: 'pagehide' },
    { source: 'sdk', what: 'disconnect', detail: 'pagehide' },
  ],
  [
    { source: 'session', kind: 'url-failed', at: 0, url: 'wss://sora.test', what: 'close' },
    { source: 'websocket', what: 'close', detail: 'wss://sora.test' },
  ],
];

describe('an entry of trailing has strings only, and nothing of what a message contained (Q74, P29)', () => {
  test.each(entries)('%o', (event, entry) => {
    expect(trailingEntry(7, event)).toStrictEqual({ at: 7, ...entry });
  });
});

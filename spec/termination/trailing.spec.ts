import { describe, expect, test } from 'vitest';
import { trailingOf } from '../../src/termination/trailing.ts';
import type { Input } from '../../src/termination/steps.ts';

const inputs: readonly (readonly [Input, object | null])[] = [
  [
    { source: 'websocket', event: { kind: 'close', at: 0, url: 'wss://secret@sora.test', code: 1006, reason: 'r', wasClean: false } },
    { source: 'websocket', what: 'close', detail: '1006' },
  ],
  [
    { source: 'websocket', event: { kind: 'error', at: 0, url: '' } },
    { source: 'websocket', what: 'error' },
  ],
  [
    { source: 'websocket', event: { kind: 'message', at: 0, url: '', data: '{"secret":1}' } },
    { source: 'websocket', what: 'message' },
  ],
  [
    { source: 'datachannel', event: { kind: 'close', at: 0, label: 'stats' } },
    { source: 'datachannel', what: 'close', detail: 'stats' },
  ],
  [
    { source: 'datachannel', event: { kind: 'message', at: 0, label: '#chat', data: 'secret' } },
    { source: 'datachannel', what: 'message', detail: '#chat' },
  ],
  [
    { source: 'peer-connection', event: { kind: 'connectionstatechange', at: 0, connectionState: 'failed' } },
    { source: 'peer-connection', what: 'connectionstatechange', detail: 'failed' },
  ],
  [
    { source: 'peer-connection', event: { kind: 'iceconnectionstatechange', at: 0, iceConnectionState: 'checking' } },
    { source: 'peer-connection', what: 'iceconnectionstatechange', detail: 'checking' },
  ],
  [
    { source: 'peer-connection', event: { kind: 'icecandidate', at: 0, candidate: { candidate: 'candidate:secret' } } },
    { source: 'peer-connection', what: 'icecandidate' },
  ],
  [
    { source: 'switched', event: true },
    { source: 'signaling', what: 'switched' },
  ],
  [
    { source: 'server-close', event: { code: 1000, reason: 'secret' } },
    { source: 'signaling', what: 'close' },
  ],
  [
    { source: 'invalid', event: 'schema' },
    { source: 'signaling', what: 'invalid', detail: 'schema' },
  ],
  [
    { source: 'failure', event: { where: 'create-answer', name: 'TypeError', message: 'secret' } },
    { source: 'sdk', what: 'failure', detail: 'create-answer' },
  ],
  [
    { source: 'unreachable', event: undefined },
    { source: 'sdk', what: 'unreachable' },
  ],
  [
    { source: 'disconnect', event: 'pagehide' },
    { source: 'sdk', what: 'disconnect', detail: 'pagehide' },
  ],
  [{ source: 'progress', event: { kind: 'opening' } }, null],
];

describe('Q74 P29: what an input leaves in trailing: strings, and nothing of what a message said', () => {
  test.each(inputs)('%o', (input, entry) => {
    expect(trailingOf(7, input)).toStrictEqual(entry === null ? null : { at: 7, ...entry });
  });

  test('a note is taken as it is, with its own time', () => {
    const event = { at: 3, source: 'websocket', what: 'error', detail: 'wss://sora.test' } as const;
    expect(trailingOf(7, { source: 'note', event })).toBe(event);
  });
});

import { describe, expect, test } from 'vitest';
import { causeOfEvent, peerCloseOf } from '../../../src/termination/causes.ts';
import type { SessionEvent } from '../../../src/model/session-event.ts';
import type { UnknownMessage } from '../../../src/wire/messages.ts';
import type { ScenarioMode, ScenarioStart } from '../../../src/testing/scenario-row.ts';
import { endingTest } from '../../support/ending-test.ts';

const said = { kind: 'server-close', via: 'datachannel', initiator: 'server', sent: null };
const everywhere: readonly (readonly [ScenarioMode, ScenarioStart])[] = [
  ['W', 'connected'],
  ['M', 'connected'],
  ['M', 'switched'],
  ['D', 'connected'],
  ['D', 'switched'],
];

describe('the server sends type: close (T14)', () => {
  for (const [mode, start] of everywhere) {
    endingTest(`${mode} ${start}: at once, whatever the configuration, and nothing is sent (T14, Q34, Q36)`, {
      mode,
      start,
      when: { received: '5ms c' },
      values: { c: { kind: 'rx.close', code: 1000, reason: 'TYPE-DISCONNECT' } },
      then: '5ms (t|)',
      termination: { ...said, code: 1000, reason: 'TYPE-DISCONNECT', severity: 'normal', retry: 'maybe' },
    });
  }

  endingTest('another code is an error (T14, Q35)', {
    mode: 'D',
    start: 'switched',
    when: { received: 'c' },
    values: { c: 'rx.close 4490' },
    then: '(t|)',
    termination: { ...said, code: 4490, severity: 'error' },
  });

  endingTest('the close of the WebSocket that follows adds nothing: no WEBSOCKET-ONCLOSE, one value (T14, T09, Q36)', {
    mode: 'M',
    start: 'switched',
    when: { received: 'c' },
    values: { c: ['rx.close 1000', 'ws.close 1000', 'dc.close *'] },
    then: '(t|)',
    termination: { ...said, code: 1000 },
  });

  endingTest('what comes later is not listened to any more (T14, X06)', {
    mode: 'M',
    start: 'switched',
    when: { received: 'c', webSocket: '10ms x' },
    values: { c: 'rx.close 1000' },
    then: '(t|)',
    termination: { ...said, trailing: [] },
  });
});

const closeMessage = (members: object): SessionEvent => ({
  source: 'signaling',
  kind: 'message',
  at: 0,
  message: { type: 'close', ...members } as unknown as UnknownMessage,
});

describe('what a type: close may say (Q77)', () => {
  test.each<[unknown, number | null, 'normal' | 'error']>([
    [1000, 1000, 'normal'],
    [1001, 1001, 'error'],
    [0, 0, 'error'],
    [4490, 4490, 'error'],
    [undefined, null, 'error'],
    [null, null, 'error'],
    ['1000', null, 'error'],
    [NaN, null, 'error'],
    [Infinity, null, 'error'],
    [{ code: 1000 }, null, 'error'],
  ])('the code %o', (code, told, severity) => {
    expect(causeOfEvent(closeMessage({ code, reason: 'why' }), 'connected')).toEqual({
      kind: 'server-close',
      via: 'datachannel',
      code: told,
      reason: 'why',
      severity,
    });
  });

  test('a reason that is no text is none', () => {
    expect(peerCloseOf({ code: 1000, reason: 7 }).reason).toBe('');
    expect(peerCloseOf({ code: 1000 }).reason).toBe('');
  });

  test('a reason is cut at 1024 characters', () => {
    expect(peerCloseOf({ reason: 'x'.repeat(1024) }).reason).toBe('x'.repeat(1024));
    expect(peerCloseOf({ reason: `${'x'.repeat(1024)}y` }).reason).toBe('x'.repeat(1024));
  });
});

import { describe, expect, test } from 'vitest';
import { planEnd } from '../../src/connection/end-plan.ts';
import { settingsFrom } from '../../src/settings.ts';

const wordy = settingsFrom({ closeMessage: true, normalCloseReason: true });
const silent = settingsFrom({});
const switchedAway = { mode: 'datachannel', switched: true } as const;

describe('the close message', () => {
  test('only in DataChannel-only mode, after the switch, where it is switched on', () => {
    expect(planEnd('api', switchedAway, wordy).closeMessage).toEqual({ code: 1000, reason: 'DISCONNECTED-API' });
    expect(planEnd('api', { ...switchedAway, switched: false }, wordy).closeMessage).toBeUndefined();
    expect(planEnd('api', { mode: 'both', switched: true }, wordy).closeMessage).toBeUndefined();
    expect(planEnd('api', switchedAway, silent).closeMessage).toBeUndefined();
  });

  test('not as an answer to disconnect, nor when the client is gone (S3)', () => {
    for (const cause of ['type-disconnect', 'peer-closed', 'websocket-lost'] as const) {
      expect(planEnd(cause, switchedAway, wordy).closeMessage).toBeUndefined();
    }
  });

  test('4490 for what is not normal', () => {
    expect(planEnd('ice-failed', switchedAway, wordy).closeMessage).toEqual({ code: 4490, reason: 'LAB-ICE-FAILED' });
  });
});

describe('the Close frame', () => {
  test('1000 carries its text only where the server is set so', () => {
    expect(planEnd('lifetime', { mode: 'both', switched: true }, silent).webSocket).toEqual({ code: 1000, reason: '' });
    expect(planEnd('lifetime', { mode: 'both', switched: true }, wordy).webSocket).toEqual({ code: 1000, reason: 'LIFETIME-EXPIRED' });
  });

  test('what the caller says goes before the usual, code and reason each', () => {
    const situation = { mode: 'websocket', switched: false } as const;
    expect(planEnd('api', { ...situation, close: { code: 4000 } }, silent).webSocket).toEqual({ code: 4000, reason: 'DISCONNECTED-API' });
    expect(planEnd('api', { ...situation, close: { reason: 'own' } }, silent).webSocket).toEqual({ code: 1000, reason: 'own' });
  });

  test('a lost WebSocket gets none, and the DataChannels close a linger later', () => {
    expect(planEnd('websocket-lost', { mode: 'both', switched: true }, wordy)).toEqual({
      closeMessage: undefined,
      channels: 'after-linger',
      webSocket: undefined,
    });
  });
});

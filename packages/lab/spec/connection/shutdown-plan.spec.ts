import { describe, expect, test } from 'vitest';
import { planShutdown } from '../../src/connection/shutdown-plan.ts';
import { settingsFrom } from '../../src/settings.ts';

const wordy = settingsFrom({ closeMessage: true, normalCloseReason: true });
const silent = settingsFrom({});
const switchedAway = { mode: 'datachannel', switched: true } as const;

describe('the close message', () => {
  test('is sent only in DataChannel-only mode, after the switch, where it is turned on', () => {
    expect(planShutdown('api', switchedAway, wordy).closeMessage).toEqual({ code: 1000, reason: 'DISCONNECTED-API' });
    expect(planShutdown('api', { ...switchedAway, switched: false }, wordy).closeMessage).toBeUndefined();
    expect(planShutdown('api', { mode: 'both', switched: true }, wordy).closeMessage).toBeUndefined();
    expect(planShutdown('api', switchedAway, silent).closeMessage).toBeUndefined();
  });

  test('is not sent when the client ended the connection (S3)', () => {
    for (const cause of ['type-disconnect', 'peer-closed', 'websocket-lost'] as const) {
      expect(planShutdown(cause, switchedAway, wordy).closeMessage).toBeUndefined();
    }
  });

  test('carries 4490 for an abnormal end', () => {
    expect(planShutdown('ice-failed', switchedAway, wordy).closeMessage).toEqual({ code: 4490, reason: 'ICE-CONNECTION-STATE-FAILED' });
  });
});

describe('the Close frame', () => {
  test('carries a reason with 1000 only with normalCloseReason', () => {
    expect(planShutdown('lifetime', { mode: 'both', switched: true }, silent).webSocket).toEqual({ code: 1000, reason: '' });
    expect(planShutdown('lifetime', { mode: 'both', switched: true }, wordy).webSocket).toEqual({ code: 1000, reason: 'LIFETIME-EXPIRED' });
  });

  test('carries the code and the reason given by the caller', () => {
    const situation = { mode: 'websocket', switched: false } as const;
    expect(planShutdown('api', { ...situation, close: { code: 4000 } }, silent).webSocket).toEqual({
      code: 4000,
      reason: 'DISCONNECTED-API',
    });
    expect(planShutdown('api', { ...situation, close: { reason: 'own' } }, silent).webSocket).toEqual({ code: 1000, reason: 'own' });
  });

  test('is not sent on a lost WebSocket, whose DataChannels close after the linger', () => {
    expect(planShutdown('websocket-lost', { mode: 'both', switched: true }, wordy)).toEqual({
      closeMessage: undefined,
      channels: 'after-linger',
      webSocket: undefined,
    });
  });
});

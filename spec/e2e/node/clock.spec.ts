import { createSession } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { firstValueFrom } from 'rxjs';
import { RTCPeerConnection } from 'werift';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectionOf } from '../support/lab-side.ts';

let lab: Lab;

beforeEach(async () => {
  lab = await startLab({ lingerMs: 200 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await lab.close();
});

test.each([
  ['back', -3_600_000],
  ['forward', 3_600_000],
])('a wall clock that is set %s during a session changes no duration (Q85)', async (_, shiftMs) => {
  const platform = { RTCPeerConnection, WebSocket };
  const session = createSession({ signalingUrl: lab.url, channelId: 'time', clientId: 'me', role: 'recvonly', platform });
  const began = performance.now();
  await session.connect();
  const { now } = Date;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + shiftMs);
  (await connectionOf(lab, 'me')).cutWebSocket();
  const { kind, startedAt, connectedAt, causeAt, endedAt } = await firstValueFrom(session.termination$);
  const lastedMs = performance.now() - began;
  expect(kind).toBe('websocket-closed');
  expect(Math.abs(startedAt - now())).toBeLessThan(60_000);
  expect(connectedAt).toBeGreaterThan(0);
  expect(causeAt).toBeGreaterThanOrEqual(connectedAt!);
  expect(endedAt).toBeGreaterThanOrEqual(causeAt);
  expect(endedAt).toBeLessThanOrEqual(lastedMs + 1);
});

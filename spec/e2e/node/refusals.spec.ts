import { connect, type ConnectOptions, createSession, SoraOptionsError } from 'rx-sora';
import { LabPortError, startLab, type Lab } from 'rx-sora-lab';
import { firstValueFrom } from 'rxjs';
import { RTCPeerConnection } from 'werift';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

describe('wrong options are named, and nothing is opened', () => {
  const right = (): ConnectOptions => ({
    signalingUrl: lab.url,
    channelId: 'sora',
    role: 'sendrecv',
    platform: { RTCPeerConnection, WebSocket },
  });

  test.each<[string, object]>([
    ['signalingUrl', { signalingUrl: 'https://sora.test/signaling' }],
    ['signalingUrl', { signalingUrl: [] }],
    ['channelId', { channelId: '' }],
    ['role', { role: 'upstream' }],
    ['timeouts.connectionMs', { timeouts: { connectionMs: Number.NaN } }],
    ['timeouts.disconnectMs', { timeouts: { disconnectMs: 2_147_483_648 } }],
    ['dataChannels[0].label', { dataChannels: [{ label: 'no-hash', direction: 'sendrecv' }] }],
    ['dataChannels[0].label', { dataChannels: [{ label: 'signaling', direction: 'sendrecv' }] }],
    ['clientID', { clientID: 'misspelt' }],
  ])('%s in %o', async (path, wrong) => {
    const options = { ...right(), ...wrong };
    const named: unknown = expect.objectContaining({ name: 'SoraOptionsError', code: 'invalid-option', path });
    let thrown: unknown = null;
    try {
      createSession(options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(SoraOptionsError);
    expect(thrown).toEqual(named);
    await expect(firstValueFrom(connect(options))).rejects.toEqual(named);
    let entries = 0;
    lab.log$.subscribe(() => (entries += 1)).unsubscribe();
    expect(entries).toBe(0);
  });
});

test('a lab whose port is in use says so, and the one that has it goes on', async () => {
  const port = Number(new URL(lab.url).port);
  await expect(startLab({ port })).rejects.toThrow(LabPortError);
  await expect(startLab({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', message: expect.stringContaining(String(port)) as string });
  expect((await fetch(`${lab.httpUrl}/lab`)).status).toBe(200);
});

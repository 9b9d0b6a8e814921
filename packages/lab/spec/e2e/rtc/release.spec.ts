import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startRtcEndpoint } from '../../../src/rtc/endpoint.ts';

const run = promisify(execFile);

/** Runs a module in a process of its own and returns what it prints; rejects when it does not end by itself. */
const printed = async (name: string): Promise<string> => {
  const { stdout } = await run(process.execPath, [new URL(`./support/${name}.ts`, import.meta.url).pathname], { timeout: 30_000 });
  return stdout.trim();
};

describe('a closed endpoint', () => {
  test('holds no socket and no timer, in whatever phase its peers were', async () => {
    expect(JSON.parse(await printed('closed-in-every-phase'))).toEqual({
      before: ['Timeout', 'UDPWrap'],
      after: [],
      states: ['closed', 'closed', 'closed', 'closed', 'closed'],
    });
  });

  test('gives its port back, and refuses new peers', async () => {
    const first = await startRtcEndpoint();
    await first.close();
    await first.close();
    expect(() => first.createPeer()).toThrow('closed');
    const second = await startRtcEndpoint({ port: first.port });
    expect(second.port).toBe(first.port);
    await second.close();
  });

  test('a port in use, or an address of another machine, is an error of start', async () => {
    const first = await startRtcEndpoint();
    await expect(startRtcEndpoint({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expect(startRtcEndpoint({ host: '192.0.2.77' })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    await first.close();
  });
});

test('an endpoint on a wildcard announces the address it is told to', async () => {
  const endpoint = await startRtcEndpoint({ host: '0.0.0.0', announcedHost: '127.0.0.1' });
  expect(endpoint.createPeer({ dataChannels: true }).createOffer()).toContain(` 127.0.0.1 ${endpoint.port} typ host`);
  await endpoint.close();
});

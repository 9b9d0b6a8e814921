import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import { type SignalingProbe, probeSignalingUrl } from '../../src/session/probe-signaling-url.ts';

const probe = (fetch: (url: string, init: RequestInit) => Promise<{ status: number }>): Promise<SignalingProbe> =>
  firstValueFrom(probeSignalingUrl('wss://sora.test/signaling', { fetch }));

describe('probeSignalingUrl()', () => {
  test('asks over HTTP, without credentials and without a cache', async () => {
    const calls: unknown[] = [];
    await probe((url, init) => {
      calls.push(url, init.credentials, init.cache, init.mode);
      return Promise.resolve({ status: 403 });
    });
    expect(calls).toEqual(['https://sora.test/signaling', 'omit', 'no-store', 'no-cors']);
  });

  test.each([
    ['a status that can be seen', () => Promise.resolve({ status: 403 }), { kind: 'answered', status: 403 }],
    ['a status that the browser hides', () => Promise.resolve({ status: 0 }), { kind: 'answered', status: null }],
    ['nobody there', () => Promise.reject(new TypeError('Failed to fetch')), { kind: 'unreachable' }],
  ])('%s', async (_, answer, met) => {
    expect(await probe(answer)).toEqual(met);
  });

  test('silence is given up in time, and the request with it', () => {
    vi.useFakeTimers();
    const signals: AbortSignal[] = [];
    const seen: SignalingProbe[] = [];
    probeSignalingUrl('ws://sora.test/signaling', {
      timeoutMs: 500,
      fetch: (_, { signal }) => {
        signals.push(signal!);
        return new Promise(() => undefined);
      },
    }).subscribe((met) => seen.push(met));
    vi.advanceTimersByTime(500);
    expect([seen, signals[0]!.aborted, vi.getTimerCount()]).toEqual([[{ kind: 'silent', waitedMs: 500 }], true, 0]);
    vi.useRealTimers();
  });

  test('unsubscribing aborts', () => {
    const signals: AbortSignal[] = [];
    probeSignalingUrl('ws://sora.test/signaling', {
      fetch: (_, { signal }) => {
        signals.push(signal!);
        return new Promise(() => undefined);
      },
    })
      .subscribe()
      .unsubscribe();
    expect(signals[0]!.aborted).toBe(true);
  });

  test('a wrong URL and a wrong limit are mistakes of the caller', () => {
    expect(() => probeSignalingUrl('https://sora.test')).toThrow(SoraOptionsError);
    expect(() => probeSignalingUrl('wss://sora.test', { timeoutMs: Number.NaN })).toThrow(SoraOptionsError);
  });

  test('with the global fetch: a server that answers, and a port on which nobody listens', async () => {
    const server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/signaling`;
    expect(await firstValueFrom(probeSignalingUrl(url))).toEqual({ kind: 'answered', status: 404 });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await firstValueFrom(probeSignalingUrl(url))).toEqual({ kind: 'unreachable' });
  });
});

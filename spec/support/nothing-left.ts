import { expect, vi } from 'vitest';
import type { FakePlatform } from '../../src/testing/fake-platform.ts';

/** After the end: no listener, socket, peer connection, channel or timer is left, and nothing went wrong where nobody looks (P16). */
export function nothingLeft({ fake }: { readonly fake: FakePlatform }): void {
  expect(fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  expect(vi.getTimerCount()).toBe(0);
  expect(fake.uncaught).toEqual([]);
  expect(fake.unhandledRejections).toEqual([]);
}

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { DtlsServer } from '../../../src/rtc/dtls/dtls-server.ts';
import { DtlsClient } from '../support/dtls-client.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('20 000 malformed datagrams throw nothing and leave no timer behind', () => {
  const random = pseudoRandom(7);
  const certificate = createCertificate();
  const server = new DtlsServer({
    certificate,
    isExpectedCertificate: () => true,
    send: () => undefined,
    onConnected: () => undefined,
    onData: () => undefined,
    onClosed: () => undefined,
  });
  let valid: Buffer = Buffer.alloc(0);
  new DtlsClient({ certificate, send: (datagram) => (valid = datagram) }).start();
  for (let round = 0; round < 20_000; round++) {
    const datagram = Buffer.from(valid.subarray(0, 1 + random.below(valid.length)));
    for (let changes = random.below(6); changes > 0; changes--) datagram.writeUInt8(random.below(256), random.below(datagram.length));
    server.receive(datagram);
  }
  server.close(false);
  expect(vi.getTimerCount()).toBe(0);
});

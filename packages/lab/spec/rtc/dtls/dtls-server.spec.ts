import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { DtlsServer } from '../../../src/rtc/dtls/dtls-server.ts';
import { handshakeType, parseFragments, serializeHandshake } from '../../../src/rtc/dtls/handshake-message.ts';
import { contentType, parseRecords, serializeRecord } from '../../../src/rtc/dtls/record.ts';

// What a whole handshake needs on the other side is proved with real clients, in spec/e2e/rtc.

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const certificate = createCertificate();

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

const extension = (type: number, body: Buffer): Buffer => Buffer.concat([uint16(type), uint16(body.length), body]);

const clientHello = (suites: readonly number[], groups: readonly number[], cookie = Buffer.alloc(0)): Buffer => {
  const extensions = extension(10, Buffer.concat([uint16(2 * groups.length), ...groups.map(uint16)]));
  return Buffer.concat([
    uint16(0xfefd),
    Buffer.alloc(32, 1),
    Buffer.from([0, cookie.length]),
    cookie,
    uint16(2 * suites.length),
    ...suites.map(uint16),
    Buffer.from([1, 0]),
    uint16(extensions.length),
    extensions,
  ]);
};

const started = (der = certificate.der) => {
  const sent: Buffer[] = [];
  const closed: (string | undefined)[] = [];
  const errors: (Error | undefined)[] = [];
  const server = new DtlsServer({
    certificate: { ...certificate, der },
    isExpectedCertificate: () => true,
    send: (datagram) => sent.push(datagram),
    onConnected: () => undefined,
    onData: () => undefined,
    onClosed: (error) => {
      closed.push(error?.message);
      errors.push(error);
    },
  });
  let record = 0;
  /** A handshake record in the clear. */
  const handshake = (fragment: Buffer): boolean =>
    server.receive(serializeRecord({ type: contentType.handshake, epoch: 0, sequence: record++, fragment }));
  const hello = (body: Buffer, sequence = 0): boolean => handshake(serializeHandshake({ type: handshakeType.clientHello, sequence, body }));
  const messages = (): number[] =>
    sent
      .splice(0)
      .flatMap((datagram) => parseRecords(datagram).flatMap(({ fragment }) => parseFragments(fragment).map(({ type }) => type)));
  return { server, sent, closed, errors, handshake, hello, messages };
};

const suite = 0xc02b;
const flight4 = [
  handshakeType.serverHello,
  handshakeType.certificate,
  handshakeType.serverKeyExchange,
  handshakeType.certificateRequest,
  handshakeType.serverHelloDone,
];

describe('DtlsServer', () => {
  test('answers with its flight in one datagram, without a round trip for a cookie', () => {
    const { hello, sent, messages, server } = started();
    hello(clientHello([0x1301, suite], [0x11ec, 29, 23]));
    expect(sent).toHaveLength(1);
    expect(sent[0]!.length).toBeLessThan(1200);
    expect(messages()).toEqual(flight4);
    server.close(false);
  });

  test('a cookie that nobody asked for is not looked at', () => {
    const { hello, messages, server } = started();
    hello(clientHello([suite], [23], Buffer.alloc(20, 7)));
    expect(messages()).toEqual(flight4);
    server.close(false);
  });

  test('a client that never got the flight asks for it at each of its own times, and the flight keeps its numbers', () => {
    const { hello, sent, server } = started();
    const first = clientHello([suite], [23]);
    const numbers = (): number[] =>
      sent
        .splice(0)
        .flatMap((datagram) => parseRecords(datagram).flatMap(({ fragment }) => parseFragments(fragment).map((m) => m.sequence)));
    hello(first);
    expect(numbers()).toEqual([0, 1, 2, 3, 4]);
    // Between the server's own repetitions at 250, 750 and 1750 ms.
    for (const atMs of [500, 1000, 1500]) {
      vi.advanceTimersByTime(500);
      sent.splice(0);
      hello(first);
      expect(numbers(), `at ${atMs} ms`).toEqual([0, 1, 2, 3, 4]);
    }
    server.close(false);
  });

  test('repeats its flight after 250 ms, then ever later, and gives up', () => {
    const { hello, messages, closed } = started();
    hello(clientHello([suite], [23]));
    expect(messages()).toEqual(flight4);
    vi.advanceTimersByTime(250);
    expect(messages()).toEqual(flight4);
    vi.advanceTimersByTime(499);
    expect(messages()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(messages()).toEqual(flight4);
    vi.advanceTimersByTime(60_000);
    // After 1, 2, 4 and 8 s; then nothing but the alert.
    expect(messages().filter((type) => type === handshakeType.serverHello)).toHaveLength(4);
    expect(closed).toEqual(['the client does not answer the DTLS handshake']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('repeats its flight when the client repeats its own, but not for what has crossed it', () => {
    const { hello, messages, server } = started();
    const first = clientHello([suite], [23]);
    hello(first);
    messages();
    vi.advanceTimersByTime(99);
    hello(first);
    expect(messages()).toEqual([]);
    vi.advanceTimersByTime(1);
    hello(first);
    expect(messages()).toEqual(flight4);
    hello(first);
    expect(messages()).toEqual([]);
    server.close(false);
  });

  test('after a standstill of its own process it waits anew: the answer may be lying there', () => {
    const { hello, messages, server } = started();
    hello(clientHello([suite], [23]));
    messages();
    const standstill = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 301);
    vi.advanceTimersByTime(250);
    expect(messages()).toEqual([]);
    standstill.mockRestore();
    vi.advanceTimersByTime(249);
    expect(messages()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(messages()).toEqual(flight4);
    server.close(false);
  });

  test('50 ms are no standstill', () => {
    const { hello, messages, server } = started();
    hello(clientHello([suite], [23]));
    messages();
    const late = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 300);
    vi.advanceTimersByTime(250);
    late.mockRestore();
    expect(messages()).toEqual(flight4);
    server.close(false);
  });

  test('a flight that is too long for one datagram comes in several, each as full as 1200 bytes allow', () => {
    const longest = Array.from({ length: 60 }, (_, index) => {
      const der = Buffer.alloc(1030 + index, index);
      const { hello, sent, messages, server } = started(der);
      hello(clientHello([suite], [23]));
      server.close(false);
      expect(sent).toHaveLength(2);
      const lengths = sent.map(({ length }) => length);
      const body = Buffer.concat(
        sent
          .flatMap((datagram) => parseRecords(datagram).flatMap(({ fragment }) => parseFragments(fragment)))
          .flatMap((fragment) => (fragment.type === handshakeType.certificate ? [fragment.body] : [])),
      );
      expect(body.subarray(6).equals(der)).toBe(true);
      expect([...new Set(messages())]).toEqual(flight4);
      return Math.max(...lengths);
    });
    expect(Math.max(...longest)).toBe(1200);
  });

  test('a second ClientHello is not answered', () => {
    const { hello, messages, closed, server } = started();
    hello(clientHello([suite], [23]));
    messages();
    expect(hello(clientHello([suite], [29]), 1)).toBe(true);
    expect([messages(), closed]).toEqual([[], []]);
    server.close(false);
  });

  test('what asks for a flight that does not exist, or asks for nothing, is not answered', () => {
    const { handshake, hello, sent, server } = started();
    const unknown = Buffer.from('630000000000000000000000', 'hex');
    expect(handshake(unknown)).toBe(true);
    vi.advanceTimersByTime(100);
    expect(handshake(unknown)).toBe(true);
    expect(sent).toEqual([]);
    hello(clientHello([suite], [23]), 1);
    sent.splice(0);
    vi.advanceTimersByTime(100);
    expect(handshake(Buffer.alloc(0))).toBe(false);
    expect(handshake(unknown.subarray(1))).toBe(false);
    expect(sent).toEqual([]);
    // A message that is new does not hide one that is repeated.
    expect(handshake(Buffer.concat([unknown, Buffer.from('630000000003000000000000', 'hex')]))).toBe(true);
    expect(sent).toHaveLength(1);
    server.close(false);
  });

  test('noise is not used and does no harm', () => {
    const { hello, server, closed, sent } = started();
    expect(server.receive(Buffer.from('noise'))).toBe(false);
    expect(hello(clientHello([suite], [23]).subarray(0, 40))).toBe(false);
    expect([closed, sent]).toEqual([[], []]);
  });

  test('record numbers never repeat', () => {
    const { hello, sent, server } = started();
    hello(clientHello([suite], [23]));
    vi.advanceTimersByTime(2000);
    const numbers = sent.flatMap((datagram) => parseRecords(datagram).map(({ sequence }) => sequence));
    expect(new Set(numbers).size).toBe(numbers.length);
    server.close(false);
  });

  test.each([
    ['no common cipher suite', [0x1301], [23]],
    ['no common group', [suite], [24]],
  ])('fails with an alert when there is %s', (reason, suites, groups) => {
    const { hello, sent, closed, errors } = started();
    hello(clientHello(suites, groups));
    expect(closed).toEqual([reason]);
    // handshake_failure (RFC 5246 section 7.2).
    expect(errors).toMatchObject([{ name: 'DtlsFailure', description: 40 }]);
    expect(parseRecords(sent.at(-1)!)[0]!.type).toBe(contentType.alert);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves no timer when closed in the middle', () => {
    const { hello, server, closed } = started();
    hello(clientHello([suite], [23]));
    server.close(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(closed).toEqual([]);
  });
});

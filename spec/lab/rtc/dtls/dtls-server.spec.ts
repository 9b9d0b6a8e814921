import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCertificate } from '../../../../src/lab/rtc/dtls/certificate.ts';
import { DtlsServer } from '../../../../src/lab/rtc/dtls/dtls-server.ts';
import { handshakeType, parseFragments, serializeHandshake } from '../../../../src/lab/rtc/dtls/handshake-message.ts';
import { contentType, parseRecords, serializeRecord } from '../../../../src/lab/rtc/dtls/record.ts';
import { pseudoRandom } from '../support/pseudo-random.ts';

// What a whole handshake needs on the other side is proved with real clients, in spec/e2e/lab-rtc.

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const certificate = createCertificate();

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

const extension = (type: number, body: Buffer): Buffer => Buffer.concat([uint16(type), uint16(body.length), body]);

const clientHello = (cookie: Buffer, suites: readonly number[], groups: readonly number[]): Buffer => {
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

const started = () => {
  const sent: Buffer[] = [];
  const closed: (string | undefined)[] = [];
  const server = new DtlsServer({
    certificate,
    isExpectedCertificate: () => true,
    send: (datagram) => sent.push(datagram),
    onConnected: () => undefined,
    onData: () => undefined,
    onClosed: (error) => closed.push(error?.message),
  });
  let record = 0;
  const hello = (sequence: number, body: Buffer): boolean => {
    const fragment = serializeHandshake({ type: handshakeType.clientHello, sequence, body });
    return server.receive(serializeRecord({ type: contentType.handshake, epoch: 0, sequence: record++, fragment }));
  };
  const messages = (): number[] =>
    sent
      .splice(0)
      .flatMap((datagram) => parseRecords(datagram).flatMap(({ fragment }) => parseFragments(fragment).map(({ type }) => type)));
  const cookie = (): Buffer => {
    const [datagram] = sent.splice(0);
    return Buffer.from(parseFragments(parseRecords(datagram!)[0]!.fragment)[0]!.body.subarray(3));
  };
  return { server, sent, closed, hello, messages, cookie };
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
  test('asks for a cookie first, then sends its flight in one datagram', () => {
    const { hello, sent, cookie, messages, server } = started();
    hello(0, clientHello(Buffer.alloc(0), [suite], [23]));
    hello(1, clientHello(cookie(), [0x1301, suite], [0x11ec, 29, 23]));
    expect(sent).toHaveLength(1);
    expect(sent[0]!.length).toBeLessThan(1200);
    expect(messages()).toEqual(flight4);
    server.close(false);
  });

  test('repeats its flight after 250 ms, then ever later, and gives up', () => {
    const { hello, cookie, messages, closed } = started();
    hello(0, clientHello(Buffer.alloc(0), [suite], [23]));
    hello(1, clientHello(cookie(), [suite], [23]));
    expect(messages()).toEqual(flight4);
    vi.advanceTimersByTime(250);
    expect(messages()).toEqual(flight4);
    vi.advanceTimersByTime(499);
    expect(messages()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(messages()).toEqual(flight4);
    vi.advanceTimersByTime(60_000);
    expect(closed).toEqual(['the client does not answer the DTLS handshake']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('repeats its flight when the client repeats its own', () => {
    const { hello, cookie, messages, server } = started();
    hello(0, clientHello(Buffer.alloc(0), [suite], [23]));
    const second = clientHello(cookie(), [suite], [23]);
    hello(1, second);
    messages();
    hello(1, second);
    expect(messages()).toEqual(flight4);
    server.close(false);
  });

  test('asks for a cookie again when the client asks again, and never by itself', () => {
    const { hello, messages } = started();
    const first = clientHello(Buffer.alloc(0), [suite], [23]);
    hello(0, first);
    expect(messages()).toEqual([handshakeType.helloVerifyRequest]);
    expect(vi.getTimerCount()).toBe(0);
    hello(0, first);
    expect(messages()).toEqual([handshakeType.helloVerifyRequest]);
  });

  test('record numbers never repeat', () => {
    const { hello, cookie, sent, server } = started();
    hello(0, clientHello(Buffer.alloc(0), [suite], [23]));
    hello(1, clientHello(cookie(), [suite], [23]));
    vi.advanceTimersByTime(2000);
    const numbers = sent.flatMap((datagram) => parseRecords(datagram).map(({ sequence }) => sequence));
    expect(new Set(numbers).size).toBe(numbers.length);
    server.close(false);
  });

  test.each([
    ['no common cipher suite', [0x1301], [23]],
    ['no common group', [suite], [24]],
  ])('fails with an alert when there is %s', (reason, suites, groups) => {
    const { hello, cookie, sent, closed } = started();
    hello(0, clientHello(Buffer.alloc(0), [suite], [23]));
    hello(1, clientHello(cookie(), suites, groups));
    expect(closed).toEqual([reason]);
    expect(parseRecords(sent.at(-1)!)[0]!.type).toBe(contentType.alert);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves no timer when closed in the middle', () => {
    const { hello, cookie, server, closed } = started();
    hello(0, clientHello(Buffer.alloc(0), [suite], [23]));
    hello(1, clientHello(cookie(), [suite], [23]));
    server.close(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(closed).toEqual([]);
  });

  test('survives 20 000 malformed datagrams', () => {
    const random = pseudoRandom(7);
    const { server, hello, cookie } = started();
    hello(0, clientHello(Buffer.alloc(0), [suite], [23]));
    const valid = serializeRecord({
      type: contentType.handshake,
      epoch: 0,
      sequence: 9,
      fragment: serializeHandshake({ type: handshakeType.clientHello, sequence: 1, body: clientHello(cookie(), [suite], [23]) }),
    });
    for (let round = 0; round < 20_000; round++) {
      const datagram = Buffer.from(valid.subarray(0, 1 + random.below(valid.length)));
      for (let changes = random.below(6); changes > 0; changes--) datagram.writeUInt8(random.below(256), random.below(datagram.length));
      server.receive(datagram);
    }
    server.close(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

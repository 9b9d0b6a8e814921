import { constants, createHash, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { bitString, integer, objectIdentifier, sequence, set, utcTime, utf8String } from '../../../src/rtc/dtls/der.ts';
import { DtlsServer } from '../../../src/rtc/dtls/dtls-server.ts';
import { serializeHandshake } from '../../../src/rtc/dtls/handshake-message.ts';
import { parseRecords } from '../../../src/rtc/dtls/record.ts';
import type { SrtpKeyMaterial } from '../../../src/rtc/srtp/key-material.ts';
import { DtlsClient } from '../support/dtls-client.ts';
import type { DtlsClientOptions, TamperedMessage } from '../support/dtls-client.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const serverCertificate = createCertificate();
const clientCertificate = createCertificate();
const other = createCertificate().privateKey;

/** A client and a server whose datagrams reach each other at once. */
const pair = (options: Partial<DtlsClientOptions> = {}) => {
  const connected: (SrtpKeyMaterial | undefined)[] = [];
  const data: string[] = [];
  const closed: (string | undefined)[] = [];
  const used: boolean[] = [];
  const datagrams: Buffer[] = [];
  const shown: string[] = [];
  let toClient = (datagram: Buffer): void => client.receive(datagram);
  const server = new DtlsServer({
    certificate: serverCertificate,
    isExpectedCertificate: (der) => {
      shown.push(der.toString('hex'));
      return der.equals(options.certificate?.der ?? clientCertificate.der);
    },
    send: (datagram) => {
      datagrams.push(datagram);
      toClient(datagram);
    },
    onConnected: (keys) => connected.push(keys),
    onData: (bytes) => data.push(String(bytes)),
    onClosed: (error) => closed.push(error?.message),
  });
  const client = new DtlsClient({ certificate: clientCertificate, send: (datagram) => used.push(server.receive(datagram)), ...options });
  return {
    server,
    client,
    connected,
    data,
    closed,
    used,
    datagrams,
    shown,
    deafen: () => {
      toClient = () => undefined;
    },
  };
};

const flight = ['0 2', '0 11', '0 12', '0 13', '0 14'];
const finish = ['0 content 20 01', '1 20'];

describe('a whole handshake', () => {
  test.each([
    ['X25519', 29, [29, 23]],
    ['P-256', 23, [0x11ec, 24, 23, 29]],
  ])('over %s, then data in both directions', (_, group, groups) => {
    const { server, client, connected, data, used, closed, shown } = pair({ groups });
    expect(server.connected).toBe(false);
    client.start();
    expect(server.connected).toBe(true);
    expect(client.heard).toEqual([...flight, ...finish]);
    expect([client.serverProved, client.finished, client.group]).toEqual([true, true, group]);
    expect(client.serverCertificate?.equals(serverCertificate.der)).toBe(true);
    expect(shown).toEqual([clientCertificate.der.toString('hex')]);
    expect(connected).toEqual([undefined]);
    client.sendData('hello');
    client.sendData('');
    server.send(Buffer.from('hello yourself'));
    server.send(Buffer.alloc(0));
    expect([data, client.data]).toEqual([
      ['hello', ''],
      ['hello yourself', ''],
    ]);
    expect(used).toEqual([true, true, true, true]);
    expect(closed).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('says in its ServerHello what RFC 5246, 5746, 7627, 8422 and 5764 want', () => {
    const { client } = pair({ srtpProfiles: [1, 7] });
    client.start();
    expect(client.serverHello).toMatchObject({ version: 0xfefd, sessionBytes: 0, suite: 0xc02b, compression: 0 });
    expect(Object.fromEntries(client.serverHello!.extensions)).toEqual({ 65281: '00', 23: '', 11: '0100', 14: '0002000700' });
    // ECDSA or RSA certificates; ECDSA, RSA-PSS and RSA with SHA-256; no authorities.
    expect(client.certificateRequest).toBe('02' + '4001' + '0006' + '0403' + '0804' + '0401' + '0000');
  });

  test('needs a client that can DTLS 1.2, whatever else it can (RFC 9147 section 5.4)', () => {
    const both = pair({ versions: [0xfefc, 0xfefd] });
    both.client.start();
    expect(both.server.connected).toBe(true);
    const { client, closed } = pair({ versions: [0xfefc] });
    client.start();
    expect(closed).toEqual(['the client does not offer DTLS 1.2']);
    expect(client.alerts).toEqual(['0 2,70']);
  });

  test('numbers its records from zero in each epoch (RFC 6347 section 4.1)', () => {
    const { server, client, datagrams } = pair();
    client.start();
    server.send(Buffer.from('data'));
    const numbers = datagrams.flatMap((datagram) => parseRecords(datagram).map(({ epoch, sequence }) => `${epoch} ${sequence}`));
    // The flight, ChangeCipherSpec; Finished and data.
    expect(numbers).toEqual(['0 0', '0 1', '0 2', '0 3', '0 4', '0 5', '1 0', '1 1']);
  });

  test('leaves out what the client does not know', () => {
    const { client, connected } = pair({ extendedMasterSecret: false, pointFormats: false });
    client.start();
    expect(Object.fromEntries(client.serverHello!.extensions)).toEqual({ 65281: '00' });
    expect([client.finished, connected]).toEqual([true, [undefined]]);
  });

  test.each([
    [[0x0001], 0x0001, 14],
    [[0x0002, 0x0001, 0x0007], 0x0007, 12],
  ])('gives both ends the same SRTP keys (profiles %o)', (srtpProfiles, profile, saltBytes) => {
    const { client, connected } = pair({ srtpProfiles });
    client.start();
    const [keys] = connected;
    const { client: theirs, server: ours } = keys!;
    expect(keys!.profile).toBe(profile);
    expect([theirs.key, ours.key, theirs.salt, ours.salt].map(({ length }) => length)).toEqual([16, 16, saltBytes, saltBytes]);
    expect(Buffer.concat([theirs.key, ours.key, theirs.salt, ours.salt]).equals(client.srtpMaterial(2 * (16 + saltBytes)))).toBe(true);
  });

  test('has no SRTP keys where no profile is common', () => {
    const { client, connected } = pair({ srtpProfiles: [0x0002] });
    client.start();
    expect(connected).toEqual([undefined]);
    expect(client.serverHello!.extensions.has(14)).toBe(false);
  });

  test('takes messages in fragments of every size', () => {
    for (const fragmentBytes of [1, 7, 100, 333]) {
      const { client, server } = pair({ fragmentBytes });
      client.start();
      expect([client.finished, server.connected], `${fragmentBytes} bytes`).toEqual([true, true]);
    }
  });

  test('has another random number and another key each time', () => {
    const [one, two] = [pair(), pair()];
    one.client.start();
    two.client.start();
    expect(one.client.serverHello!.random).toHaveLength(32);
    expect(one.client.serverHello!.random.equals(two.client.serverHello!.random)).toBe(false);
  });
});

describe('client certificates', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const withRsa = sequence(objectIdentifier('1.2.840.113549.1.1.11'), Buffer.from([5, 0]));
  const name = sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String('RSA'))));
  const body = sequence(
    integer(Buffer.from([1])),
    withRsa,
    name,
    sequence(utcTime(new Date(0)), utcTime(new Date(2_000_000_000_000))),
    name,
    rsa.publicKey.export({ format: 'der', type: 'spki' }),
  );
  const rsaCertificate = { der: sequence(body, withRsa, bitString(sign('sha256', body, rsa.privateKey))), privateKey: rsa.privateKey };
  const pss = (key: KeyObject) => (data: Buffer) => sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });

  test.each<[string, Partial<DtlsClientOptions>]>([
    ['RSA with PKCS #1', { scheme: 0x0401 }],
    ['RSA-PSS', { scheme: 0x0804, signature: pss(rsa.privateKey) }],
  ])('may sign with %s', (_, options) => {
    const { client, server } = pair({ certificate: rsaCertificate, ...options });
    client.start();
    expect([client.finished, server.connected]).toEqual([true, true]);
  });

  test.each<[string, Partial<DtlsClientOptions>]>([
    ['another key', { signature: (data) => sign('sha256', data, other) }],
    ['other data', { signature: (data) => sign('sha256', data.subarray(1), clientCertificate.privateKey) }],
    ['a scheme that was not offered', { scheme: 0x0503 }],
    ['ECDSA that is called RSA', { scheme: 0x0401 }],
    ['RSA over an ECDSA certificate', { scheme: 0x0401, signature: (data) => sign('sha256', data, rsa.privateKey) }],
    ['ECDSA over an RSA certificate', { certificate: rsaCertificate, scheme: 0x0403 }],
    ['RSA-PSS that is called PKCS #1', { certificate: rsaCertificate, scheme: 0x0401, signature: pss(rsa.privateKey) }],
    ['PKCS #1 that is called RSA-PSS', { certificate: rsaCertificate, scheme: 0x0804 }],
    ['RSA with a scheme that was not offered', { certificate: rsaCertificate, scheme: 0x0501 }],
  ])('are not believed with %s', (_, options) => {
    const { client, server, closed, connected } = pair(options);
    client.start();
    expect(closed).toEqual(['the client does not own its certificate']);
    expect(client.alerts).toEqual(['0 2,51']);
    expect([server.connected, connected]).toEqual([false, []]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('are not believed without a whole signature', () => {
    for (const length of [0, 3, 4]) {
      const { client, closed } = pair({
        tamper: (messages) => messages.map((m) => (m.type === 15 ? { ...m, body: m.body.subarray(0, length) } : m)),
      });
      client.start();
      expect(closed, `${length} bytes`).toEqual(['the client does not own its certificate']);
    }
  });

  test('must be the one of the answer', () => {
    const certificate = createCertificate();
    const { client, closed, shown } = pair({
      tamper: (messages) => messages.map((m) => (m.type === 11 ? { ...m, body: listOf(certificate.der) } : m)),
    });
    client.start();
    expect(shown).toEqual([certificate.der.toString('hex')]);
    expect(closed).toEqual(['the certificate is not the one of the answer']);
    expect(client.alerts).toEqual(['0 2,42']);
  });

  const listOf = (der: Buffer, claimed = der.length): Buffer => {
    const head = Buffer.alloc(6);
    head.writeUIntBE(claimed + 3, 0, 3);
    head.writeUIntBE(claimed, 3, 3);
    return Buffer.concat([head, der]);
  };

  test.each([
    ['an empty list', Buffer.alloc(3)],
    ['an empty certificate', listOf(Buffer.alloc(0))],
    ['one that is cut off', listOf(clientCertificate.der, clientCertificate.der.length + 1)],
    ['nothing', Buffer.alloc(0)],
  ])('must be there: %s is none', (_, der) => {
    const { client, closed, shown } = pair({ tamper: (messages) => messages.map((m) => (m.type === 11 ? { ...m, body: der } : m)) });
    client.start();
    expect(shown).toEqual([]);
    expect(closed).toEqual(['the certificate is not the one of the answer']);
  });
});

describe('a second flight that is out of order', () => {
  const without =
    (...types: readonly number[]) =>
    (messages: readonly TamperedMessage[]) =>
      messages.filter(({ type }) => !types.includes(type));

  test.each<[string, DtlsClientOptions['tamper'], string, string]>([
    ['without CertificateVerify', without(15), 'Finished out of order', '0 2,40'],
    ['without a certificate', without(11), 'the client does not own its certificate', '0 2,51'],
    [
      'with a wrong Finished',
      (messages) => messages.map((m) => (m.type === 20 ? { ...m, body: Buffer.alloc(12) } : m)),
      'the handshake was tampered with',
      '0 2,51',
    ],
    [
      'with a Finished that is too short',
      (messages) => messages.map((m) => (m.type === 20 ? { ...m, body: m.body.subarray(0, 11) } : m)),
      'the handshake was tampered with',
      '0 2,51',
    ],
    [
      'with a second key exchange',
      (messages) => [...messages.slice(0, 2), messages[1]!, ...messages.slice(2)],
      'unexpected key exchange',
      '0 2,40',
    ],
  ])('%s fails', (_, tamper, reason, alert) => {
    const { client, closed, connected, server } = pair({ tamper: tamper! });
    client.start();
    expect(closed).toEqual([reason]);
    expect(client.alerts).toEqual([alert]);
    expect([connected, server.connected]).toEqual([[], false]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a key exchange before the ClientHello fails', () => {
    const { client, closed } = pair();
    client.sendRecord(22, 0, Buffer.from('100000210000000000000021', 'hex').subarray(0, 12));
    const message = Buffer.concat([Buffer.from('100000010000000000000001', 'hex'), Buffer.from([0])]);
    client.sendRecord(22, 0, message);
    expect(closed).toEqual(['unexpected key exchange']);
  });

  test('a Finished in the clear, of a client that has proved itself but exchanged no key, fails', () => {
    // Header, length and key of the X25519 key exchange that is left out: not part of what is signed.
    const keyExchangeBytes = 12 + 1 + 32;
    const { client, closed } = pair({
      tamper: without(16, 20),
      signature: (transcript) => sign('sha256', transcript.subarray(0, -keyExchangeBytes), clientCertificate.privateKey),
    });
    client.start();
    expect(closed).toEqual([]);
    client.sendRecord(22, 0, Buffer.concat([Buffer.from('1400000c000300000000000c', 'hex'), Buffer.alloc(12)]));
    expect(closed).toEqual(['Finished out of order']);
    expect(client.alerts).toEqual(['0 2,40']);
  });

  test('a CertificateVerify before the ClientHello fails', () => {
    const { client, closed } = pair();
    const { der } = clientCertificate;
    const lengths = Buffer.alloc(6);
    lengths.writeUIntBE(der.length + 3, 0, 3);
    lengths.writeUIntBE(der.length, 3, 3);
    client.sendRecord(22, 0, serializeHandshake({ type: 11, sequence: 0, body: Buffer.concat([lengths, der]) }));
    const body = Buffer.concat([Buffer.from('04030047', 'hex'), sign('sha256', Buffer.alloc(0), other)]);
    client.sendRecord(22, 0, serializeHandshake({ type: 15, sequence: 1, body }));
    expect(closed).toEqual(['the client does not own its certificate']);
  });

  test('a Finished before everything else fails', () => {
    const { client, closed } = pair();
    client.sendRecord(22, 0, Buffer.concat([Buffer.from('1400000c000000000000000c', 'hex'), Buffer.alloc(12)]));
    expect(closed).toEqual(['Finished out of order']);
  });

  test.each([
    ['P-256', 23, Buffer.concat([Buffer.from([65, 4]), Buffer.alloc(64)])],
    ['X25519', 29, Buffer.concat([Buffer.from([31]), Buffer.alloc(31)])],
    ['P-256', 23, Buffer.alloc(0)],
  ])('a key that is not one of %s fails', (_, group, body) => {
    const { client, closed } = pair({
      groups: [group],
      tamper: (messages) => messages.map((m) => (m.type === 16 ? { ...m, body } : m)),
    });
    client.start();
    expect(closed).toEqual(["the client's key is not one of the group"]);
    expect(client.alerts).toEqual(['0 2,47']);
  });

  test('messages of unknown types are passed over', () => {
    const { client, closed, used } = pair();
    client.sendRecord(22, 0, Buffer.from('630000000000000000000000', 'hex'));
    expect([closed, used]).toEqual([[], [true]]);
  });
});

describe('after the handshake', () => {
  const connectedPair = () => {
    const all = pair();
    all.client.start();
    all.used.splice(0);
    return all;
  };

  test('a close_notify ends the session without an error', () => {
    const { client, closed, server } = connectedPair();
    client.sendAlert(1, 0);
    expect(closed).toEqual([undefined]);
    expect(server.connected).toBe(false);
    server.send(Buffer.from('late'));
    expect(client.data).toEqual([]);
  });

  test('a fatal alert ends it with one, a warning does not', () => {
    const { client, closed, server, used } = connectedPair();
    client.sendAlert(1, 90);
    expect([closed, server.connected]).toEqual([[], true]);
    client.sendAlert(2, 80);
    expect(closed).toEqual(['the client sent the DTLS alert 80']);
    expect(used).toEqual([true, true]);
    client.sendData('late');
    expect(used).toEqual([true, true, false]);
    // RFC 5246 section 7.2.2: after a fatal alert nothing is said any more.
    expect(client.alerts).toEqual([]);
  });

  test('an alert that is cut off ends it as well, if it is fatal', () => {
    const { client, closed } = connectedPair();
    client.sendRecord(21, 1, Buffer.from([1]));
    expect(closed).toEqual([]);
    client.sendRecord(21, 1, Buffer.from([2]));
    expect(closed).toEqual(['the client sent the DTLS alert unknown']);
  });

  test('an alert in the clear is not believed', () => {
    const { client, closed, server, used } = connectedPair();
    client.sendAlert(2, 80, 0);
    expect([closed, server.connected, used]).toEqual([[], true, [false]]);
  });

  test('a ChangeCipherSpec in the clear is expected, again with a repeated flight, if it is whole and nothing more', () => {
    const { client, data, used } = connectedPair();
    for (const bytes of [[1], [2], [], [1, 1]]) client.sendRecord(20, 0, Buffer.from(bytes));
    client.sendRecord(23, 0, Buffer.from([1]));
    client.sendData('still there');
    expect([used, data]).toEqual([[true, false, false, false, false, true], ['still there']]);
  });

  test('close tells the client where it shall, once', () => {
    const { client, server, closed } = connectedPair();
    server.close(true);
    server.close(true);
    expect(client.alerts).toEqual(['1 1,0']);
    const silent = connectedPair();
    silent.server.close(false);
    expect([silent.client.alerts, closed, silent.closed]).toEqual([[], [], []]);
  });

  test('records that were changed, are of another epoch or of an unknown type are not used', () => {
    const { client, server, used, data } = connectedPair();
    client.sendRecord(24, 1, Buffer.from('x'));
    client.sendRecord(23, 2, Buffer.from('x'));
    const record = Buffer.concat([Buffer.from('17fefd0001000000000009', 'hex'), Buffer.from([0, 30]), Buffer.alloc(30)]);
    expect(server.receive(record)).toBe(false);
    const short = Buffer.concat([Buffer.from('17fefd0001000000000009', 'hex'), Buffer.from([0, 10]), Buffer.alloc(10)]);
    expect(server.receive(short)).toBe(false);
    expect([used, data]).toEqual([[false, false], []]);
    client.sendData('still there');
    expect(data).toEqual(['still there']);
  });

  test('the last flight is repeated when the client repeats its own, with new record numbers', () => {
    const { server, datagrams } = connectedPair();
    const received: Buffer[] = [];
    const { client, ...other } = pair({ send: (datagram) => received.push(datagram) });
    client.start();
    for (const datagram of received.splice(0)) other.server.receive(datagram);
    const [second] = received;
    other.server.receive(second!);
    expect(client.heard.slice(5)).toEqual(finish);
    expect(other.server.receive(second!)).toBe(true);
    expect(client.heard.slice(5)).toEqual(finish);
    vi.advanceTimersByTime(100);
    expect(other.server.receive(second!)).toBe(true);
    expect(client.heard.slice(5)).toEqual([...finish, ...finish]);
    expect(other.connected).toHaveLength(1);
    const sequences = other.datagrams.map((datagram) => datagram.readUIntBE(5, 6));
    expect(new Set(sequences).size).toBe(sequences.length);
    server.close(false);
    expect(datagrams.length).toBeGreaterThan(0);
  });

  test.each([0x01, 0x0b, 0x0f, 0x10, 0x14])('there is no renegotiation: a new message of type %i changes nothing', (type) => {
    const { client, server, connected, data, used, closed } = connectedPair();
    const message = Buffer.from('ff0000000005000000000000', 'hex');
    message.writeUInt8(type, 0);
    client.sendRecord(22, 1, message);
    client.sendRecord(22, 0, message);
    client.sendData('still there');
    expect([connected.length, server.connected, data, closed]).toEqual([1, true, ['still there'], []]);
    expect(used).toEqual([true, true, true]);
  });

  test('a record without a whole message is not used', () => {
    const { client, used } = connectedPair();
    client.sendRecord(22, 1, Buffer.from('0b00000000050000000000', 'hex'));
    client.sendRecord(22, 0, Buffer.alloc(0));
    expect(used).toEqual([false, false]);
  });
});

describe('records that come too early', () => {
  test.each([
    ['waits for it', 3, true],
    ['is dropped behind four others, and counts when it is repeated', 4, false],
  ])('a Finished that overtakes the key exchange %s', (_, others, connected) => {
    const flights: Buffer[] = [];
    const { client, server, closed } = pair({ send: (datagram) => flights.push(datagram) });
    client.start();
    server.receive(flights.shift()!);
    const records = split(flights.shift()!);
    const finished = records.at(-1)!;
    const junk = Buffer.concat([Buffer.from('17fefd000100000000000900', 'hex'), Buffer.from([30]), Buffer.alloc(30)]);
    for (let index = 0; index < others; index++) expect(server.receive(junk)).toBe(true);
    server.receive(finished);
    for (const record of records.slice(0, -1)) server.receive(record);
    expect(server.connected).toBe(connected);
    server.receive(finished);
    expect([server.connected, client.finished, closed]).toEqual([true, true, []]);
    server.close(false);
  });

  const split = (datagram: Buffer): Buffer[] => {
    const records: Buffer[] = [];
    for (let at = 0; at < datagram.length;) {
      const end = at + 13 + datagram.readUInt16BE(at + 11);
      records.push(datagram.subarray(at, end));
      at = end;
    }
    return records;
  };

  test('data that comes before the Finished is not handed over', () => {
    const flights: Buffer[] = [];
    const { client, server, data } = pair({ send: (datagram) => flights.push(datagram) });
    client.start();
    server.receive(flights.shift()!);
    const records = split(flights.splice(0)[0]!);
    for (const record of records.slice(0, -1)) server.receive(record);
    client.sendData('early');
    expect(server.receive(flights[0]!)).toBe(false);
    expect(data).toEqual([]);
    server.receive(records.at(-1)!);
    expect([server.connected, data]).toEqual([true, []]);
  });
});

test('a certificate holds what createCertificate says', () => {
  const { der, fingerprint } = createCertificate();
  const certificate = new X509Certificate(der);
  expect(fingerprint).toBe((createHash('sha256').update(der).digest('hex').toUpperCase().match(/../g) ?? []).join(':'));
  expect(certificate.issuer).toBe('CN=rx-sora lab');
});

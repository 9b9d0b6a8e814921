import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

// Written from RFC 5246, 6347, 5288, 5764, 7627 and 8422. It shares no code with the server, so that the two cannot be wrong in the same way.

const type = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;
const message = {
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
} as const;

const uint = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};

/** With a length in front of it. */
const vector = (lengthBytes: number, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([uint(body.length, lengthBytes), body]);
};

const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

const pseudoRandomFunction = (secret: Buffer, label: string, seed: Buffer, bytes: number): Buffer => {
  const hmac = (data: Buffer): Buffer => createHmac('sha256', secret).update(data).digest();
  const first = Buffer.concat([Buffer.from(label), seed]);
  let output = Buffer.alloc(0);
  for (let a = hmac(first); output.length < bytes; a = hmac(a)) output = Buffer.concat([output, hmac(Buffer.concat([a, first]))]);
  return output.subarray(0, bytes);
};

export interface DtlsClientOptions {
  readonly certificate: { readonly der: Buffer; readonly privateKey: KeyObject };
  readonly send: (datagram: Buffer) => void;
  readonly suites?: readonly number[];
  readonly groups?: readonly number[];
  /** Undefined: no use_srtp extension. */
  readonly srtpProfiles?: readonly number[];
  readonly extendedMasterSecret?: boolean;
  readonly pointFormats?: boolean;
  /** Undefined: no supported_versions extension, as clients without DTLS 1.3 have it. */
  readonly versions?: readonly number[];
  /** Signature scheme of CertificateVerify. Default 0x0403. */
  readonly scheme?: number;
  readonly signature?: (transcript: Buffer) => Buffer;
  /** Largest body of a handshake fragment. Default: whole messages. */
  readonly fragmentBytes?: number;
  /** Changes the messages of the second flight, Finished last, each with type and body; their order is the order of sending. */
  readonly tamper?: (messages: readonly TamperedMessage[]) => readonly TamperedMessage[];
}

export interface TamperedMessage {
  readonly type: number;
  readonly body: Buffer;
}

interface Keys {
  readonly write: Buffer;
  readonly writeSalt: Buffer;
  readonly read: Buffer;
  readonly readSalt: Buffer;
}

export interface ServerHello {
  readonly version: number;
  readonly random: Buffer;
  readonly sessionBytes: number;
  readonly suite: number;
  readonly compression: number;
  readonly extensions: ReadonlyMap<number, string>;
}

/** A DTLS 1.2 client with everything that it heard. It repeats nothing by itself. */
export class DtlsClient {
  readonly #options: Required<Pick<DtlsClientOptions, 'suites' | 'groups' | 'scheme' | 'fragmentBytes'>> & DtlsClientOptions;
  readonly #random = Buffer.alloc(32, 0x5a);
  readonly #sequence = [0, 0];
  #messageSequence = 0;
  #nextMessage = 0;
  #transcript: Buffer[] = [];
  #keys: Keys | undefined;
  #master: Buffer = Buffer.alloc(0);
  #serverPublic: { readonly group: number; readonly key: Buffer } | undefined;
  serverHello: ServerHello | undefined;
  serverCertificate: Buffer | undefined;
  certificateRequest: string | undefined;
  /** Whether the server signed its key with the key of its certificate. */
  serverProved = false;
  /** The server's Finished was right. */
  finished = false;
  /** Types of handshake messages, content types of everything else, each with its epoch. */
  readonly heard: string[] = [];
  readonly data: string[] = [];
  readonly alerts: string[] = [];

  constructor(options: DtlsClientOptions) {
    this.#options = { suites: [0xc02b], groups: [29, 23], scheme: 0x0403, fragmentBytes: 20_000, ...options };
  }

  /** The group in which the server has chosen its key. */
  get group(): number | undefined {
    return this.#serverPublic?.group;
  }

  /** RFC 5764: what both sides make SRTP keys of. */
  srtpMaterial(bytes: number): Buffer {
    const seed = Buffer.concat([this.#random, this.serverHello?.random ?? Buffer.alloc(0)]);
    return pseudoRandomFunction(this.#master, 'EXTRACTOR-dtls_srtp', seed, bytes);
  }

  /** Sends the ClientHello. */
  start(): void {
    const { suites, groups, srtpProfiles, extendedMasterSecret = true, pointFormats = true, versions } = this.#options;
    const extension = (number: number, ...body: readonly Buffer[]): Buffer => Buffer.concat([uint(number, 2), vector(2, ...body)]);
    const extensions = [
      extension(10, vector(2, ...groups.map((group) => uint(group, 2)))),
      extension(13, vector(2, uint(0x0403, 2))),
      ...(pointFormats ? [extension(11, vector(1, Buffer.from([0])))] : []),
      ...(extendedMasterSecret ? [extension(23)] : []),
      ...(versions === undefined ? [] : [extension(43, vector(1, ...versions.map((version) => uint(version, 2))))]),
      ...(srtpProfiles === undefined
        ? []
        : [extension(14, vector(2, ...srtpProfiles.map((profile) => uint(profile, 2))), Buffer.from([0]))]),
    ];
    const body = Buffer.concat([
      uint(0xfefd, 2),
      this.#random,
      vector(1),
      vector(1),
      vector(2, ...suites.map((suite) => uint(suite, 2))),
      vector(1, Buffer.from([0])),
      vector(2, ...extensions),
    ]);
    this.#options.send(this.#records(message.clientHello, body, 0));
  }

  sendData(text: string): void {
    this.#options.send(this.#record(type.data, 1, Buffer.from(text)));
  }

  sendAlert(level: number, description: number, epoch = 1): void {
    this.#options.send(this.#record(type.alert, epoch, Buffer.from([level, description])));
  }

  /** A record of any kind, encrypted from epoch 1 on. */
  sendRecord(contentType: number, epoch: number, fragment: Buffer): void {
    this.#options.send(this.#record(contentType, epoch, fragment));
  }

  receive(datagram: Buffer): void {
    for (let at = 0; at < datagram.length;) {
      const length = datagram.readUInt16BE(at + 11);
      const epoch = datagram.readUInt16BE(at + 3);
      const header = datagram.subarray(at, at + 13);
      const fragment = datagram.subarray(at + 13, at + 13 + length);
      at += 13 + length;
      const plain = epoch === 0 ? fragment : this.#open(header, fragment);
      switch (header[0]) {
        case type.handshake:
          this.#handshake(plain, epoch);
          break;
        case type.data:
          this.data.push(plain.toString());
          break;
        case type.alert:
          this.alerts.push(`${epoch} ${plain.join()}`);
          break;
        default:
          this.heard.push(`${epoch} content ${header[0] ?? ''} ${plain.toString('hex')}`);
      }
    }
  }

  #handshake(fragment: Buffer, epoch: number): void {
    const kind = fragment.readUInt8(0);
    const sequence = fragment.readUInt16BE(4);
    this.heard.push(`${epoch} ${kind}`);
    // Repeated, or in pieces: the server's messages are short enough for one piece each.
    if (sequence !== this.#nextMessage || fragment.readUIntBE(1, 3) !== fragment.readUIntBE(9, 3)) return;
    this.#nextMessage++;
    const body = fragment.subarray(12);
    if (kind === message.finished) {
      const expected = pseudoRandomFunction(this.#master, 'server finished', sha256(Buffer.concat(this.#transcript)), 12);
      this.finished = body.equals(expected);
      return;
    }
    this.#transcript.push(Buffer.from(fragment));
    if (kind === message.serverHello) this.#readServerHello(body);
    // A list that is longer or shorter than the one certificate in it is none.
    if (kind === message.certificate && body.readUIntBE(0, 3) === body.length - 3)
      this.serverCertificate = Buffer.from(body.subarray(6, 6 + body.readUIntBE(3, 3)));
    if (kind === message.serverKeyExchange) this.#readServerKeyExchange(body);
    if (kind === message.certificateRequest) this.certificateRequest = body.toString('hex');
    if (kind === message.serverHelloDone) this.#secondFlight();
  }

  #readServerHello(body: Buffer): void {
    const sessionBytes = body.readUInt8(34);
    const at = 35 + sessionBytes;
    const extensions = new Map<number, string>();
    const end = at + 5 + body.readUInt16BE(at + 3);
    for (let next = at + 5; next < end;) {
      const length = body.readUInt16BE(next + 2);
      extensions.set(body.readUInt16BE(next), body.subarray(next + 4, next + 4 + length).toString('hex'));
      next += 4 + length;
    }
    this.serverHello = {
      version: body.readUInt16BE(0),
      random: Buffer.from(body.subarray(2, 34)),
      sessionBytes,
      suite: body.readUInt16BE(at),
      compression: body.readUInt8(at + 2),
      extensions,
    };
  }

  #readServerKeyExchange(body: Buffer): void {
    const keyEnd = 4 + body.readUInt8(3);
    this.#serverPublic = { group: body.readUInt16BE(1), key: Buffer.from(body.subarray(4, keyEnd)) };
    const signature = body.subarray(keyEnd + 4, keyEnd + 4 + body.readUInt16BE(keyEnd + 2));
    const signed = Buffer.concat([this.#random, this.serverHello?.random ?? Buffer.alloc(0), body.subarray(0, keyEnd)]);
    this.serverProved =
      body.readUInt8(0) === 3 &&
      body.readUInt16BE(keyEnd) === 0x0403 &&
      verify('sha256', signed, new X509Certificate(this.serverCertificate ?? Buffer.alloc(0)).publicKey, signature);
  }

  #agree(): { readonly publicKey: Buffer; readonly secret: Buffer } {
    const { group, key } = this.#serverPublic ?? { group: 0, key: Buffer.alloc(0) };
    if (group === 23) {
      const own = createECDH('prime256v1');
      return { publicKey: own.generateKeys(), secret: own.computeSecret(key) };
    }
    const own = generateKeyPairSync('x25519');
    const remote = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x: key.toString('base64url') } });
    return {
      publicKey: Buffer.from(own.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
      secret: diffieHellman({ privateKey: own.privateKey, publicKey: remote }),
    };
  }

  #secondFlight(): void {
    const { certificate, scheme, signature, extendedMasterSecret = true, tamper } = this.#options;
    const { publicKey, secret } = this.#agree();
    const serverRandom = this.serverHello?.random ?? Buffer.alloc(0);
    const sequence = this.#messageSequence;
    const transcript = [...this.#transcript];
    const whole = (index: number, { type: kind, body }: TamperedMessage): Buffer =>
      this.#fragment(kind, sequence + index, body, 0, body.length);
    const messages: TamperedMessage[] = [];
    const add = (kind: number, body: Buffer): void => {
      const next = { type: kind, body };
      transcript.push(whole(messages.length, next));
      messages.push(next);
    };
    add(message.certificate, vector(3, vector(3, certificate.der)));
    add(message.clientKeyExchange, vector(1, publicKey));
    this.#master = extendedMasterSecret
      ? pseudoRandomFunction(secret, 'extended master secret', sha256(Buffer.concat(transcript)), 48)
      : pseudoRandomFunction(secret, 'master secret', Buffer.concat([this.#random, serverRandom]), 48);
    const signed = Buffer.concat(transcript);
    add(
      message.certificateVerify,
      Buffer.concat([uint(scheme, 2), vector(2, signature?.(signed) ?? sign('sha256', signed, certificate.privateKey))]),
    );
    add(message.finished, pseudoRandomFunction(this.#master, 'client finished', sha256(Buffer.concat(transcript)), 12));
    const block = pseudoRandomFunction(this.#master, 'key expansion', Buffer.concat([serverRandom, this.#random]), 40);
    this.#keys = {
      write: block.subarray(0, 16),
      read: block.subarray(16, 32),
      writeSalt: block.subarray(32, 36),
      readSalt: block.subarray(36, 40),
    };
    const tampered = tamper?.(messages) ?? messages;
    const records = tampered.map(({ type: kind, body }) =>
      kind === message.finished
        ? Buffer.concat([this.#record(type.changeCipherSpec, 0, Buffer.from([1])), this.#records(kind, body, 1)])
        : this.#records(kind, body, 0),
    );
    // The server may answer at once: what it says is hashed over what was said before.
    this.#transcript = transcript;
    this.#options.send(Buffer.concat(records));
  }

  #fragment(kind: number, sequence: number, body: Buffer, offset: number, length: number): Buffer {
    return Buffer.concat([
      uint(kind, 1),
      uint(body.length, 3),
      uint(sequence, 2),
      uint(offset, 3),
      uint(length, 3),
      body.subarray(offset, offset + length),
    ]);
  }

  #records(kind: number, body: Buffer, epoch: number): Buffer {
    const sequence = this.#messageSequence++;
    if (kind === message.clientHello) this.#transcript = [this.#fragment(kind, sequence, body, 0, body.length)];
    const pieces: Buffer[] = [];
    for (let offset = 0; offset === 0 || offset < body.length; offset += this.#options.fragmentBytes) {
      const length = Math.min(this.#options.fragmentBytes, body.length - offset);
      pieces.push(this.#record(type.handshake, epoch, this.#fragment(kind, sequence, body, offset, length)));
    }
    return Buffer.concat(pieces);
  }

  #record(contentType: number, epoch: number, plain: Buffer): Buffer {
    const sequence = this.#sequence[epoch] ?? 0;
    this.#sequence[epoch] = sequence + 1;
    const numbers = Buffer.concat([uint(epoch, 2), uint(sequence, 6)]);
    const head = Buffer.concat([uint(contentType, 1), uint(0xfefd, 2)]);
    const keys = this.#keys;
    let fragment = plain;
    if (epoch > 0 && keys !== undefined) {
      const cipher = createCipheriv('aes-128-gcm', keys.write, Buffer.concat([keys.writeSalt, numbers]));
      cipher.setAAD(Buffer.concat([numbers, head, uint(plain.length, 2)]));
      fragment = Buffer.concat([numbers, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    }
    return Buffer.concat([head, numbers, uint(fragment.length, 2), fragment]);
  }

  #open(header: Buffer, fragment: Buffer): Buffer {
    const keys = this.#keys;
    if (keys === undefined) throw new Error('an encrypted record came before the keys');
    const plainBytes = fragment.length - 24;
    const decipher = createDecipheriv('aes-128-gcm', keys.read, Buffer.concat([keys.readSalt, fragment.subarray(0, 8)]));
    decipher.setAAD(Buffer.concat([header.subarray(3, 11), header.subarray(0, 3), uint(plainBytes, 2)]));
    decipher.setAuthTag(fragment.subarray(8 + plainBytes));
    return Buffer.concat([decipher.update(fragment.subarray(8, 8 + plainBytes)), decipher.final()]);
  }
}

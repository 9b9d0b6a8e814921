import { sign } from 'node:crypto';
import type { DtlsCertificate } from './certificate.ts';
import { extensionType } from './client-hello.ts';
import { handshakeType } from './handshake-message.ts';
import type { KeyExchange } from './key-exchange.ts';
import { dtls12 } from './record.ts';

/** The one suite all WebRTC implementations share: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256. */
export const cipherSuite = 0xc02b;

export interface ServerFlightOptions {
  readonly certificate: DtlsCertificate;
  readonly keyExchange: KeyExchange;
  readonly clientRandom: Buffer;
  readonly serverRandom: Buffer;
  readonly srtpProfile: number | undefined;
  readonly extendedMasterSecret: boolean;
  readonly pointFormats: boolean;
}

/** A handshake message before it has a number. */
export interface MessageBody {
  readonly type: number;
  readonly body: Buffer;
}

const uint8 = (value: number): Buffer => Buffer.from([value]);
const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const uint24 = (value: number): Buffer => Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);

const extension = (type: number, body: Buffer): Buffer => Buffer.concat([uint16(type), uint16(body.length), body]);

const serverHello = (options: ServerFlightOptions): Buffer => {
  const extensions = Buffer.concat([
    extension(extensionType.renegotiationInfo, uint8(0)),
    options.extendedMasterSecret ? extension(extensionType.extendedMasterSecret, Buffer.alloc(0)) : Buffer.alloc(0),
    options.pointFormats ? extension(extensionType.ecPointFormats, Buffer.from([1, 0])) : Buffer.alloc(0),
    options.srtpProfile === undefined
      ? Buffer.alloc(0)
      : extension(extensionType.useSrtp, Buffer.concat([uint16(2), uint16(options.srtpProfile), uint8(0)])),
  ]);
  const noSession = uint8(0);
  const noCompression = uint8(0);
  return Buffer.concat([
    uint16(dtls12),
    options.serverRandom,
    noSession,
    uint16(cipherSuite),
    noCompression,
    uint16(extensions.length),
    extensions,
  ]);
};

const certificateList = (der: Buffer): Buffer => Buffer.concat([uint24(der.length + 3), uint24(der.length), der]);

const serverKeyExchange = ({ certificate, keyExchange, clientRandom, serverRandom }: ServerFlightOptions): Buffer => {
  const namedCurve = 3;
  const ecdsaSha256 = 0x0403;
  const parameters = Buffer.concat([
    uint8(namedCurve),
    uint16(keyExchange.group),
    uint8(keyExchange.publicKey.length),
    keyExchange.publicKey,
  ]);
  const signature = sign('sha256', Buffer.concat([clientRandom, serverRandom, parameters]), certificate.privateKey);
  return Buffer.concat([parameters, uint16(ecdsaSha256), uint16(signature.length), signature]);
};

/** ECDSA or RSA certificates, SHA-256 signatures, no list of authorities. */
const certificateRequest = Buffer.concat([Buffer.from([2, 64, 1]), uint16(6), uint16(0x0403), uint16(0x0804), uint16(0x0401), uint16(0)]);

/** Everything a server says between the client's two flights (RFC 5246 section 7.3). */
export const serverFlight = (options: ServerFlightOptions): MessageBody[] => [
  { type: handshakeType.serverHello, body: serverHello(options) },
  { type: handshakeType.certificate, body: certificateList(options.certificate.der) },
  { type: handshakeType.serverKeyExchange, body: serverKeyExchange(options) },
  { type: handshakeType.certificateRequest, body: certificateRequest },
  { type: handshakeType.serverHelloDone, body: Buffer.alloc(0) },
];

import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** STUN as ICE uses it: RFC 8489, RFC 8445. */
export const stunType = { bindingRequest: 0x0001, bindingIndication: 0x0011, bindingSuccess: 0x0101, bindingError: 0x0111 } as const;

export const stunAttribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
} as const;

const magicCookie = 0x2112a442;
const headerBytes = 20;
const integrityBytes = 24;
const fingerprintBytes = 8;
const fingerprintMask = 0x5354554e;

export interface StunMessage {
  readonly type: number;
  readonly transactionId: Buffer;
  /** By attribute type, first occurrence, up to MESSAGE-INTEGRITY: what follows it is not protected. */
  readonly attributes: ReadonlyMap<number, Buffer>;
  /** Whether MESSAGE-INTEGRITY is present and made with this password. */
  isAuthentic(password: string): boolean;
}

/** A copy of the first `length` bytes whose header claims that `claimed` bytes follow it. */
const withLength = (datagram: Buffer, length: number, claimed: number): Buffer => {
  const copy = Buffer.from(datagram.subarray(0, length));
  copy.writeUInt16BE(claimed, 2);
  return copy;
};

const integrityOf = (datagram: Buffer, at: number, password: string): Buffer =>
  createHmac('sha1', password)
    .update(withLength(datagram, at, at - headerBytes + integrityBytes))
    .digest();

const fingerprintOf = (datagram: Buffer, at: number): number =>
  (crc32(withLength(datagram, at, at - headerBytes + fingerprintBytes)) ^ fingerprintMask) >>> 0;

/** Undefined for anything that is not a well-formed STUN message with a right FINGERPRINT, which ICE demands. */
export const parseStun = (datagram: Buffer): StunMessage | undefined => {
  if (datagram.length < headerBytes || (datagram.readUInt8(0) & 0xc0) !== 0) return undefined;
  if (datagram.readUInt32BE(4) !== magicCookie || datagram.readUInt16BE(2) !== datagram.length - headerBytes) return undefined;
  const attributes = new Map<number, Buffer>();
  let integrityAt: number | undefined;
  let fingerprinted = false;
  for (let at = headerBytes; at + 4 <= datagram.length;) {
    const type = datagram.readUInt16BE(at);
    const length = datagram.readUInt16BE(at + 2);
    if (at + 4 + length > datagram.length) return undefined;
    const value = datagram.subarray(at + 4, at + 4 + length);
    if (type === stunAttribute.fingerprint) {
      if (length !== 4 || value.readUInt32BE(0) !== fingerprintOf(datagram, at)) return undefined;
      // It has to be the last attribute: what follows it is not covered.
      fingerprinted = at + fingerprintBytes === datagram.length;
    } else if (type === stunAttribute.messageIntegrity && length === 20) integrityAt ??= at;
    if (integrityAt === undefined && !attributes.has(type)) attributes.set(type, value);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  if (!fingerprinted) return undefined;
  return {
    type: datagram.readUInt16BE(0),
    transactionId: Buffer.from(datagram.subarray(8, headerBytes)),
    attributes,
    isAuthentic: (password) =>
      integrityAt !== undefined &&
      timingSafeEqual(datagram.subarray(integrityAt + 4, integrityAt + integrityBytes), integrityOf(datagram, integrityAt, password)),
  };
};

const attribute = (type: number, value: Buffer): Buffer => {
  const padded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  padded.writeUInt16BE(type, 0);
  padded.writeUInt16BE(value.length, 2);
  value.copy(padded, 4);
  return padded;
};

export interface StunMessageContent {
  readonly type: number;
  readonly transactionId: Buffer;
  readonly attributes: readonly (readonly [type: number, value: Buffer])[];
  readonly password: string;
}

/** A message with MESSAGE-INTEGRITY and FINGERPRINT. */
export const serializeStun = ({ type, transactionId, attributes, password }: StunMessageContent): Buffer => {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(type, 0);
  header.writeUInt32BE(magicCookie, 4);
  transactionId.copy(header, 8);
  const bare = Buffer.concat([header, ...attributes.map(([kind, value]) => attribute(kind, value))]);
  const signed = Buffer.concat([bare, attribute(stunAttribute.messageIntegrity, integrityOf(bare, bare.length, password))]);
  const mark = Buffer.alloc(4);
  mark.writeUInt32BE(fingerprintOf(signed, signed.length));
  const whole = Buffer.concat([signed, attribute(stunAttribute.fingerprint, mark)]);
  whole.writeUInt16BE(whole.length - headerBytes, 2);
  return whole;
};

/** The value of XOR-MAPPED-ADDRESS (RFC 8489 section 14.2). */
export const xorMappedAddress = (address: string, port: number, transactionId: Buffer): Buffer => {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(magicCookie, 0);
  transactionId.copy(key, 4);
  const bytes = addressBytes(address);
  const value = Buffer.alloc(4 + bytes.length);
  value.writeUInt8(bytes.length === 4 ? 1 : 2, 1);
  value.writeUInt16BE(port ^ (magicCookie >>> 16), 2);
  for (const [index, byte] of bytes.entries()) value.writeUInt8(byte ^ key.readUInt8(index), 4 + index);
  return value;
};

const addressBytes = (address: string): Buffer => {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  // The socket reports IPv6 in its shortest form: one `::` stands for all missing groups.
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail ?? '')];
  return Buffer.from(all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
};

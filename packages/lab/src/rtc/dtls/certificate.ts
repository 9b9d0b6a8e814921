import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bitString, explicit, integer, objectIdentifier, sequence, set, utcTime, utf8String } from './der.ts';

/** What a DTLS server shows and signs with. */
export interface DtlsCertificate {
  readonly der: Buffer;
  readonly privateKey: KeyObject;
  /** SHA-256, upper-case hexadecimal with colons, as in `a=fingerprint`. */
  readonly fingerprint: string;
}

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const commonName = '2.5.4.3';
const dayMs = 24 * 60 * 60 * 1000;

export const fingerprintOf = (der: Buffer, algorithm: string): string =>
  (createHash(algorithm).update(der).digest('hex').toUpperCase().match(/../g) ?? []).join(':');

/** A fresh P-256 key and a self-signed certificate around it, valid from yesterday for a month, as browsers do it. */
export const createCertificate = (): DtlsCertificate => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(objectIdentifier(commonName), utf8String('rx-sora lab'))));
  const now = Date.now();
  const serial = randomBytes(8);
  // DER wants the shortest form: no leading zero byte may be left over.
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name,
    sequence(utcTime(new Date(now - dayMs)), utcTime(new Date(now + 30 * dayMs))),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
  );
  const der = sequence(body, ecdsaWithSha256, bitString(sign('sha256', body, privateKey)));
  return { der, privateKey, fingerprint: fingerprintOf(der, 'sha256') };
};

import { X509Certificate } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createCertificate, fingerprintOf } from '../../../src/rtc/dtls/certificate.ts';

test('the certificate is a valid self-signed one, with the fingerprint that goes into the SDP', () => {
  const serials = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const { der, privateKey, fingerprint } = createCertificate();
    const certificate = new X509Certificate(der);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.fingerprint256).toBe(fingerprint);
    expect(certificate.subject).toBe('CN=rx-sora lab');
    expect(certificate.issuer).toBe('CN=rx-sora lab');
    // Positive, and in the shortest form whatever the random bytes are.
    expect(certificate.serialNumber).toMatch(/^[4-7][0-9A-F]{15}$/);
    serials.add(certificate.serialNumber.slice(0, 2));
    expect(certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  }
  expect(serials.size).toBeGreaterThan(1);
});

test('the certificate is valid from a day before now to 30 days behind it', () => {
  vi.useFakeTimers({ now: new Date('2026-05-06T07:08:09Z') });
  const certificate = new X509Certificate(createCertificate().der);
  vi.useRealTimers();
  expect(certificate.validFromDate.toISOString()).toBe('2026-05-05T07:08:09.000Z');
  expect(certificate.validToDate.toISOString()).toBe('2026-06-05T07:08:09.000Z');
});

test('a fingerprint is that of RFC 8122: upper-case pairs with colons', () => {
  expect(fingerprintOf(Buffer.from('abc'), 'sha1')).toBe('A9:99:3E:36:47:06:81:6A:BA:3E:25:71:78:50:C2:6C:9C:D0:D8:9D');
});

import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createCertificate } from '../../../src/rtc/dtls/certificate.ts';

test('the certificate is a valid self-signed one, with the fingerprint that goes into the SDP', () => {
  for (let round = 0; round < 20; round++) {
    const { der, privateKey, fingerprint } = createCertificate();
    const certificate = new X509Certificate(der);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(privateKey)).toBe(true);
    expect(certificate.fingerprint256).toBe(fingerprint);
    expect(certificate.subject).toBe('CN=rx-sora lab');
    expect(certificate.validFromDate.getTime()).toBeLessThan(Date.now());
    expect(certificate.validToDate.getTime()).toBeGreaterThan(Date.now());
  }
});

import { X509Certificate, constants, verify } from 'node:crypto';

/** Signature schemes offered in the CertificateRequest. */
const ecdsaSha256 = 0x0403;
const rsaPssSha256 = 0x0804;
const rsaPkcs1Sha256 = 0x0401;

/** The first certificate of a Certificate message; undefined when the client has sent none. */
export const firstCertificate = (body: Buffer): Buffer | undefined => {
  if (body.length < 6) return undefined;
  const length = body.readUIntBE(3, 3);
  return length === 0 || 6 + length > body.length ? undefined : body.subarray(6, 6 + length);
};

/** Whether a CertificateVerify message proves possession of the certificate's key over the transcript so far (RFC 5246 section 7.4.8). */
export const provesPossession = (certificateDer: Buffer, body: Buffer, transcript: Buffer): boolean => {
  if (body.length < 4) return false;
  const scheme = body.readUInt16BE(0);
  const signature = body.subarray(4, 4 + body.readUInt16BE(2));
  const key = new X509Certificate(certificateDer).publicKey;
  const matches = scheme === ecdsaSha256 ? key.asymmetricKeyType === 'ec' : key.asymmetricKeyType === 'rsa';
  if (!matches) return false;
  if (scheme === rsaPssSha256) {
    return verify('sha256', transcript, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature);
  }
  return (scheme === ecdsaSha256 || scheme === rsaPkcs1Sha256) && verify('sha256', transcript, key, signature);
};

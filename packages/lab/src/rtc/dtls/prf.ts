import { createHash, createHmac } from 'node:crypto';

const hmac = (secret: Buffer, ...parts: readonly Buffer[]): Buffer => {
  const mac = createHmac('sha256', secret);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

/** The pseudorandom function of TLS 1.2 with SHA-256 (RFC 5246 section 5). */
export const prf = (secret: Buffer, label: string, seed: Buffer, lengthBytes: number): Buffer => {
  const labelled = Buffer.concat([Buffer.from(label, 'ascii'), seed]);
  const output: Buffer[] = [];
  let a: Buffer = labelled;
  for (let have = 0; have < lengthBytes; have += 32) {
    a = hmac(secret, a);
    output.push(hmac(secret, a, labelled));
  }
  return Buffer.concat(output).subarray(0, lengthBytes);
};

export const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

import { createCipheriv } from 'node:crypto';
import { srtpKeyBytes } from './srtp-profile.ts';

/** Labels of RFC 3711 section 4.3. */
export const label = { rtpKey: 0, rtpAuthentication: 1, rtpSalt: 2, rtcpKey: 3, rtcpAuthentication: 4, rtcpSalt: 5 } as const;

/** AES in counter mode: the key stream for `data`, added to it. */
export const aesCounter = (key: Buffer, counter: Buffer, data: Buffer): Buffer => {
  const cipher = createCipheriv('aes-128-ctr', key, counter);
  return Buffer.concat([cipher.update(data), cipher.final()]);
};

/** One session key of `bytes` bytes from master key and salt, key derivation rate zero. A short salt counts as padded with zeros (RFC 7714 section 11). */
export const deriveKey = (masterKey: Buffer, masterSalt: Buffer, which: number, bytes: number): Buffer => {
  const counter = Buffer.alloc(srtpKeyBytes);
  masterSalt.copy(counter);
  counter.writeUInt8(counter.readUInt8(7) ^ which, 7);
  return aesCounter(masterKey, counter, Buffer.alloc(bytes));
};

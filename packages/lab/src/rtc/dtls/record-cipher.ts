import { createCipheriv, createDecipheriv } from 'node:crypto';
import { dtls12 } from './record.ts';
import type { DtlsRecord } from './record.ts';

const explicitNonceBytes = 8;
const tagBytes = 16;

/** One direction of AES-128-GCM as TLS 1.2 uses it (RFC 5288): the explicit part of the nonce is epoch and sequence number. */
export interface RecordCipher {
  /** The fragment to put on the wire. */
  seal(record: DtlsRecord): Buffer;
  /** The plain fragment, or undefined when the record is not authentic. */
  open(record: DtlsRecord): Buffer | undefined;
}

const sequenceBytes = (epoch: number, sequence: number): Buffer => {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt16BE(epoch, 0);
  bytes.writeUIntBE(sequence, 2, 6);
  return bytes;
};

const additionalData = (record: DtlsRecord, plainBytes: number): Buffer => {
  const header = Buffer.allocUnsafe(5);
  header.writeUInt8(record.type, 0);
  header.writeUInt16BE(dtls12, 1);
  header.writeUInt16BE(plainBytes, 3);
  return Buffer.concat([sequenceBytes(record.epoch, record.sequence), header]);
};

export const createRecordCipher = (key: Buffer, salt: Buffer): RecordCipher => ({
  seal: (record) => {
    const explicit = sequenceBytes(record.epoch, record.sequence);
    const cipher = createCipheriv('aes-128-gcm', key, Buffer.concat([salt, explicit]));
    cipher.setAAD(additionalData(record, record.fragment.length));
    return Buffer.concat([explicit, cipher.update(record.fragment), cipher.final(), cipher.getAuthTag()]);
  },
  open: (record) => {
    const plainBytes = record.fragment.length - explicitNonceBytes - tagBytes;
    if (plainBytes < 0) return undefined;
    const explicit = record.fragment.subarray(0, explicitNonceBytes);
    const decipher = createDecipheriv('aes-128-gcm', key, Buffer.concat([salt, explicit]), { authTagLength: tagBytes });
    decipher.setAAD(additionalData(record, plainBytes));
    decipher.setAuthTag(record.fragment.subarray(explicitNonceBytes + plainBytes));
    const head = decipher.update(record.fragment.subarray(explicitNonceBytes, explicitNonceBytes + plainBytes));
    try {
      return Buffer.concat([head, decipher.final()]);
    } catch {
      return undefined;
    }
  },
});

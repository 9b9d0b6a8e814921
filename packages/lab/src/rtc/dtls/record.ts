/** Content types of RFC 6347 section 4.1. */
export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

/** DTLS 1.2 on the wire. */
export const dtls12 = 0xfefd;

/** Bytes before the fragment of a record. */
export const recordHeaderBytes = 13;

export interface DtlsRecord {
  readonly type: number;
  readonly epoch: number;
  /** 48 bits. */
  readonly sequence: number;
  readonly fragment: Buffer;
}

/** The records of one datagram; what is cut off or of another protocol version ends the list. */
export const parseRecords = (datagram: Buffer): DtlsRecord[] => {
  const records: DtlsRecord[] = [];
  let at = 0;
  while (at + recordHeaderBytes <= datagram.length) {
    const length = datagram.readUInt16BE(at + 11);
    const start = at + recordHeaderBytes;
    if (datagram[at + 1] !== 0xfe || start + length > datagram.length) break;
    records.push({
      type: datagram.readUInt8(at),
      epoch: datagram.readUInt16BE(at + 3),
      sequence: datagram.readUIntBE(at + 5, 6),
      fragment: datagram.subarray(start, start + length),
    });
    at = start + length;
  }
  return records;
};

export const serializeRecord = ({ type, epoch, sequence, fragment }: DtlsRecord): Buffer => {
  const header = Buffer.allocUnsafe(recordHeaderBytes);
  header.writeUInt8(type, 0);
  header.writeUInt16BE(dtls12, 1);
  header.writeUInt16BE(epoch, 3);
  header.writeUIntBE(sequence, 5, 6);
  header.writeUInt16BE(fragment.length, 11);
  return Buffer.concat([header, fragment]);
};

/** Handshake types that a DTLS 1.2 server meets (RFC 5246 section 7.4, RFC 6347 section 4.2.1). */
export const handshakeType = {
  clientHello: 1,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
} as const;

const headerBytes = 12;

export interface HandshakeMessage {
  readonly type: number;
  readonly sequence: number;
  readonly body: Buffer;
}

const header = (message: HandshakeMessage, offset: number, length: number): Buffer => {
  const bytes = Buffer.allocUnsafe(headerBytes);
  bytes.writeUInt8(message.type, 0);
  bytes.writeUIntBE(message.body.length, 1, 3);
  bytes.writeUInt16BE(message.sequence, 4);
  bytes.writeUIntBE(offset, 6, 3);
  bytes.writeUIntBE(length, 9, 3);
  return bytes;
};

/** The message in one piece: what the transcript hash covers, fragmented or not. */
export const serializeHandshake = (message: HandshakeMessage): Buffer =>
  Buffer.concat([header(message, 0, message.body.length), message.body]);

/** The message in pieces whose bodies have at most `maxBytes`. */
export const fragmentHandshake = (message: HandshakeMessage, maxBytes: number): Buffer[] => {
  const pieces: Buffer[] = [];
  let offset = 0;
  do {
    const body = message.body.subarray(offset, offset + maxBytes);
    pieces.push(Buffer.concat([header(message, offset, body.length), body]));
    offset += body.length;
  } while (offset < message.body.length);
  return pieces;
};

export interface HandshakeFragment {
  readonly type: number;
  readonly sequence: number;
  /** Length of the whole message. */
  readonly length: number;
  readonly offset: number;
  readonly body: Buffer;
}

/** The fragments of one record. A piece that is cut off ends the list. */
export const parseFragments = (record: Buffer): HandshakeFragment[] => {
  const fragments: HandshakeFragment[] = [];
  let at = 0;
  while (at + headerBytes <= record.length) {
    const end = at + headerBytes + record.readUIntBE(at + 9, 3);
    if (end > record.length) break;
    fragments.push({
      type: record.readUInt8(at),
      sequence: record.readUInt16BE(at + 4),
      length: record.readUIntBE(at + 1, 3),
      offset: record.readUIntBE(at + 6, 3),
      body: record.subarray(at + headerBytes, end),
    });
    at = end;
  }
  return fragments;
};

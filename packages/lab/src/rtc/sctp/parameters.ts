import { padded } from './packet.ts';

/** Parameters in INIT, INIT ACK and RE-CONFIG chunks, and causes in ABORT and ERROR chunks: type, length, value. */
export interface Parameter {
  readonly type: number;
  readonly value: Buffer;
}

export const parameterType = {
  stateCookie: 7,
  outgoingReset: 13,
  reconfigResponse: 16,
  supportedExtensions: 0x8008,
  forwardTsnSupported: 0xc000,
} as const;

/** @throws RangeError when a length points beyond the data. */
export const parseParameters = (data: Buffer): Parameter[] => {
  const parameters: Parameter[] = [];
  for (let at = 0; at + 4 <= data.length;) {
    const length = data.readUInt16BE(at + 2);
    if (length < 4 || at + length > data.length) throw new RangeError('parameter is cut off');
    parameters.push({ type: data.readUInt16BE(at), value: data.subarray(at + 4, at + length) });
    at += padded(length);
  }
  return parameters;
};

export const serializeParameter = ({ type, value }: Parameter): Buffer => {
  const bytes = Buffer.alloc(padded(4 + value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(4 + value.length, 2);
  value.copy(bytes, 4);
  return bytes;
};

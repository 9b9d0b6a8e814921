/** Just enough DER (X.690) to write a self-signed certificate. */
const element = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};

export const sequence = (...content: readonly Buffer[]): Buffer => element(0x30, ...content);
export const set = (...content: readonly Buffer[]): Buffer => element(0x31, ...content);
export const explicit = (number: number, content: Buffer): Buffer => element(0xa0 | number, content);
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'));
export const bitString = (bytes: Buffer): Buffer => element(0x03, Buffer.from([0]), bytes);

/** Unsigned: a leading zero keeps the sign bit clear. */
export const integer = (bytes: Buffer): Buffer => element(0x02, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);

export const utcTime = (date: Date): Buffer =>
  element(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`, 'ascii'));

/** From dotted notation; arcs below 2^21, which all of ours are. */
export const objectIdentifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    if (arc >= 0x4000) bytes.push(0x80 | (arc >> 14), 0x80 | ((arc >> 7) & 0x7f), arc & 0x7f);
    else if (arc >= 0x80) bytes.push(0x80 | (arc >> 7), arc & 0x7f);
    else bytes.push(arc);
  }
  return element(0x06, Buffer.from(bytes));
};

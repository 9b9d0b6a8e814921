/** Bytes or text that a transport delivered; a Blob has to be read first. */
export type Received = string | Uint8Array | PromiseLike<Uint8Array> | null;

/**
 * The data of a `message` event in the two forms that the SDK uses: text, or bytes as a view. Bytes are recognised by what they are, not by the
 * realm they come from; null for anything that is neither.
 */
export function receivedData(data: unknown): Received {
  if (typeof data === 'string' || (data instanceof Uint8Array && data.byteLength > 0)) return data;
  const bytes = viewOf(data);
  if (bytes !== null) return bytes;
  const { arrayBuffer } = (data ?? {}) as Partial<Blob>;
  return typeof arrayBuffer === 'function' ? arrayBuffer.call(data).then(bytesRead) : null;
}

/** @throws TypeError for what is no memory: as bytes it would be zero bytes, or as many as it counts */
function bytesRead(buffer: unknown): Uint8Array {
  const bytes = viewOf(buffer);
  if (bytes === null) throw new TypeError('arrayBuffer() gave no ArrayBuffer');
  return bytes;
}

/**
 * A view of the bytes that an ArrayBuffer of any realm or a view of one holds; null for other values.
 *
 * @throws TypeError for memory that was transferred away or has shrunk below the view
 */
export function viewOf(data: unknown): Uint8Array | null {
  if (ArrayBuffer.isView(data)) {
    // Memory that was transferred away or has shrunk reads as empty, and a copy of it throws.
    if (data.byteLength === 0) return new Uint8Array(data as Uint8Array);
    return data instanceof Uint8Array ? data : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  return isArrayBuffer(data) || tagOf(data) === '[object SharedArrayBuffer]' ? new Uint8Array(data as ArrayBuffer) : null;
}

const tagOf = (value: unknown): string => Object.prototype.toString.call(value);

/** Of any realm; the own one is quicker to tell. */
const isArrayBuffer = (value: unknown): boolean => value instanceof ArrayBuffer || tagOf(value) === '[object ArrayBuffer]';

/** Whether a transport may take the view as it is: no transport takes memory that is shared or can be resized. @source Web IDL 3.2.25 */
export function isPlainMemory({ buffer }: Uint8Array): boolean {
  return isArrayBuffer(buffer) && (buffer as { resizable?: boolean }).resizable !== true;
}

/** Text as UTF-8; lone surrogates become U+FFFD. Works where the runtime has no TextEncoder, as in jsdom. @source WHATWG Encoding 7 */
export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  if (typeof TextEncoder === 'function') return new TextEncoder().encode(text);
  const escaped = encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
  const bytes = escaped.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}

/** UTF-8 as text; null for bytes that are not UTF-8. @source WHATWG Encoding 7 */
export function utf8Text(bytes: Uint8Array): string | null {
  try {
    if (typeof TextDecoder === 'function') return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`);
    return decodeURIComponent(escaped.join(''));
  } catch {
    return null;
  }
}

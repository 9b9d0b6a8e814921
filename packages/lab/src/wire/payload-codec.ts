import { deflateSync, inflateSync } from 'node:zlib';

/** A DataChannel message: text or binary. */
export type Frame = string | Uint8Array;

/** Why a received frame could not be decoded. */
export type FrameFault = 'too-large' | 'bad-deflate' | 'text-on-compressed-channel';

export type Decoded = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly fault: FrameFault };

/** One zlib stream per message (RFC 1950), nothing shared between messages. */
export const deflate = (bytes: Uint8Array): Uint8Array => deflateSync(bytes);

/** Stops beyond `maxBytes`, so that a deflate bomb needs no more memory than that. */
export function inflate(bytes: Uint8Array, maxBytes: number): Decoded {
  try {
    return { ok: true, bytes: inflateSync(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    return { ok: false, fault: tooLarge ? 'too-large' : 'bad-deflate' };
  }
}

/** The payload of a received frame. Without compression text and binary mean the same bytes. */
export function decodeFrame(frame: Frame, compress: boolean, maxBytes: number): Decoded {
  if (compress) return typeof frame === 'string' ? { ok: false, fault: 'text-on-compressed-channel' } : inflate(frame, maxBytes);
  const bytes = typeof frame === 'string' ? Buffer.from(frame, 'utf8') : frame;
  return bytes.byteLength > maxBytes ? { ok: false, fault: 'too-large' } : { ok: true, bytes };
}

/** A JSON message as a frame: text, as browsers expect it, or compressed binary. */
export const encodeJson = (text: string, compress: boolean): Frame => (compress ? deflate(Buffer.from(text, 'utf8')) : text);

/** A user message as a frame. The sender's id comes first, inside the compressed stream, where the receiver asked for it. */
export function encodeMessage(
  payload: Uint8Array,
  senderConnectionId: string,
  options: { readonly compress: boolean; readonly senderHeader: boolean },
): Uint8Array {
  const bytes = options.senderHeader ? Buffer.concat([Buffer.from(senderConnectionId, 'ascii'), payload]) : payload;
  return options.compress ? deflate(bytes) : bytes;
}

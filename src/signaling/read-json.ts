import { decodeUtf8, parseJson } from './parse-json.ts';

/** A message's content before its shape is known. */
export type ReadJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string };

/** JSON text or its bytes as a value; what is neither is taken as parsed already. */
export function readJson(value: unknown): ReadJson {
  const text = value instanceof Uint8Array ? decodeUtf8(value) : value;
  if (text === null && value !== null) return { ok: false, detail: 'not UTF-8' };
  return typeof text === 'string' ? parseJson(text) : { ok: true, value };
}

import type { JsonValue } from './json.ts';

/** How much JSON is taken from the server: a re-offer of several hundred streams is far below, a hostile text far above. */
export interface JsonLimits {
  /** UTF-16 code units of the text. */
  readonly maxLength: number;
  /** Levels of arrays and objects. */
  readonly maxDepth: number;
}

export const jsonLimits: JsonLimits = { maxLength: 4 * 1024 * 1024, maxDepth: 100 };

export type ParsedJson = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly detail: string };

/**
 * JSON from outside as a value, within limits that are checked before anything is built. Members called `__proto__` are left out, so that no
 * later copy can change a prototype.
 */
export function parseJson(text: string, limits: JsonLimits = jsonLimits): ParsedJson {
  if (text.length > limits.maxLength) return { ok: false, detail: `text of ${text.length} characters` };
  if (isDeeperThan(limits.maxDepth, text)) return { ok: false, detail: `nested deeper than ${limits.maxDepth} levels` };
  try {
    return { ok: true, value: (mayNamePrototype.test(text) ? JSON.parse(text, withoutPrototype) : JSON.parse(text)) as JsonValue };
  } catch {
    // The engine's message quotes the text, which may hold secrets.
    return { ok: false, detail: 'not JSON' };
  }
}

/** The bytes of a message as text; null where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A reviver makes parsing several times slower, so it is used only where the name occurs or may be hidden in escapes. */
const mayNamePrototype = /__proto__|\\u/;

function withoutPrototype(name: string, value: unknown): unknown {
  return name === '__proto__' ? undefined : value;
}

/** Counts brackets outside of strings: one pass, nothing allocated, no recursion. Text that is no JSON is left to the parser. */
function isDeeperThan(maxDepth: number, text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 0x22:
        index = endOfString(text, index + 1);
        break;
      case 0x5b:
      case 0x7b:
        depth += 1;
        if (depth > maxDepth) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
        break;
    }
  }
  return false;
}

/** The index of the quote that ends a string beginning at `from`, or the end of the text. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end !== -1 && isEscaped(text, end, from)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** Whether an odd number of backslashes stands before the index. */
function isEscaped(text: string, index: number, from: number): boolean {
  let first = index;
  while (first > from && text.charCodeAt(first - 1) === 0x5c) first -= 1;
  return (index - first) % 2 === 1;
}

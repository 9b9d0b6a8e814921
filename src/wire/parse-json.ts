import type { JsonValue } from './json.ts';

/** The longest text that is read, in UTF-16 code units, and the largest message once it is inflated, in bytes. */
export const longestMessage = 16 * 1024 * 1024;

/** Levels of arrays and objects that are read: deeper text would exhaust the stack of whatever walks it. */
const deepestJson = 100;

export type ParsedJson = { readonly value: JsonValue; readonly problem: null } | { readonly value: null; readonly problem: string };

/**
 * JSON from outside as a value, within limits that are checked before anything is built. Members called `__proto__` are dropped, so that no later
 * copy can change a prototype.
 */
export function parseJson(text: string): ParsedJson {
  const invalid = (problem: string): ParsedJson => ({ value: null, problem });
  if (text.length > longestMessage) return invalid(`text of ${text.length} characters`);
  if (isTooDeep(text)) return invalid(`nested deeper than ${deepestJson} levels`);
  try {
    return { value: (mayNamePrototype.test(text) ? JSON.parse(text, withoutPrototype) : JSON.parse(text)) as JsonValue, problem: null };
  } catch {
    return invalid('not JSON'); // the engine's message would quote the text, which may hold secrets
  }
}

/** A reviver makes parsing several times slower, so it is used only where the name occurs or may be hidden in escapes. */
const mayNamePrototype = /__proto__|\\u/;

const withoutPrototype = (name: string, value: unknown): unknown => (name === '__proto__' ? undefined : value);

/** Counts brackets outside of strings, but only in a text that has enough of them at all. */
function isTooDeep(text: string): boolean {
  if (!hasManyBrackets(text)) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 0x22) index = endOfString(text, index + 1);
    else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth > deepestJson) return true;
  }
  return false;
}

function hasManyBrackets(text: string): boolean {
  let count = 0;
  for (const bracket of '[{') {
    for (let at = text.indexOf(bracket); at !== -1 && count <= deepestJson; at = text.indexOf(bracket, at + 1)) count += 1;
  }
  return count > deepestJson;
}

/** The index of the quote that ends a string, or the end of the text. */
function endOfString(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end !== -1 && isEscaped(text, end, from)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, index: number, from: number): boolean {
  let first = index;
  while (first > from && text.charCodeAt(first - 1) === 0x5c) first -= 1;
  return (index - first) % 2 === 1;
}

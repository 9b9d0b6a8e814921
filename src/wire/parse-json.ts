import type { JsonValue } from './json.ts';

/** The longest text that is read, in UTF-16 code units, and the largest message once it is inflated, in bytes. */
export const longestMessage = 16 * 1024 * 1024;

/** JSON as a value; undefined for what is not JSON, or too long. An error of the engine would quote the text, which may hold secrets. */
export function parseJson(text: string): JsonValue | undefined {
  if (text.length > longestMessage) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/**
 * Whether two values say the same: members that are undefined count as absent, errors go by name and message, and an expected value that can
 * judge by itself, as the matchers of test runners do, is asked.
 */
export function isEqual(actual: unknown, expected: unknown): boolean {
  return compare(actual, expected, new Map());
}

/** Where two values differ, as sentences with the path from `name`. */
export function differencesOf(actual: unknown, expected: unknown, name: string): readonly string[] {
  return inside(actual, expected, name, new Set());
}

function inside(actual: unknown, expected: unknown, name: string, above: ReadonlySet<unknown>): readonly string[] {
  if (isEqual(actual, expected) || above.has(actual)) return [];
  if (!isPlain(actual) || !isPlain(expected)) return [`${name} is ${written(actual)}, ${written(expected)} was expected`];
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  const beneath = new Set(above).add(actual);
  return [...names].flatMap((member) => inside(actual[member], expected[member], name === '' ? member : `${name}.${member}`, beneath));
}

type Compared = Map<unknown, Set<unknown>>;

function compare(actual: unknown, expected: unknown, compared: Compared): boolean {
  if (Object.is(actual, expected)) return true;
  if (!isObject(expected)) return false;
  const matcher = expected as { asymmetricMatch?: unknown };
  if (typeof matcher.asymmetricMatch === 'function') return Boolean((matcher.asymmetricMatch as (value: unknown) => unknown)(actual));
  if (!isObject(actual) || Object.prototype.toString.call(actual) !== Object.prototype.toString.call(expected)) return false;
  // A pair that is met again inside itself is as equal as the rest of it.
  const met = compared.get(actual) ?? new Set();
  if (met.has(expected)) return true;
  compared.set(actual, met.add(expected));
  if (actual instanceof Error && expected instanceof Error) return actual.name === expected.name && actual.message === expected.message;
  if (actual instanceof Date) return actual.getTime() === (expected as Date).getTime();
  if (ArrayBuffer.isView(actual) && ArrayBuffer.isView(expected)) return areSame(bytesOf(actual), bytesOf(expected), compared);
  if (isIterable(actual) && isIterable(expected)) return areSame([...actual], [...expected], compared);
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...names].every((name) => compare((actual as Members)[name], (expected as Members)[name], compared));
}

type Members = Readonly<Record<string, unknown>>;

function areSame(actual: readonly unknown[], expected: readonly unknown[], compared: Compared): boolean {
  return actual.length === expected.length && actual.every((one, index) => compare(one, expected[index], compared));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): readonly number[] {
  return [...new Uint8Array(buffer, byteOffset, byteLength)];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** An object whose members tell where it differs. */
function isPlain(value: unknown): value is Members {
  return isObject(value) && Object.prototype.toString.call(value) === '[object Object]' && !('asymmetricMatch' in value);
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

/** A value as it stands in a sentence. */
export function written(value: unknown): string {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    // A value that holds itself, or a number that JSON does not know.
    return Object.prototype.toString.call(value);
  }
}

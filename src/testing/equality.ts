import { excerpts } from './excerpts.ts';

/**
 * Whether two values say the same: members that are undefined count as absent, errors go by name and message, and an expected value that can
 * judge by itself, as the matchers of test runners do, is asked.
 */
export function isEqual(actual: unknown, expected: unknown): boolean {
  return compare(actual, expected, new Map());
}

/** Where two objects differ. */
export interface Difference {
  /** The member, as a path; for members that only the actual object has, all of them. */
  readonly path: string;
  readonly actual: unknown;
  readonly expected: unknown;
  /** Nobody has expected these members. */
  readonly isExtra: boolean;
}

/** The members in which two objects or arrays differ; empty where one of the two cannot be looked into. */
export function differencesOf(actual: unknown, expected: unknown): readonly Difference[] {
  return inside(actual, expected, '', new Set());
}

/** The longest that a value may be in a sentence. */
const LONGEST_VALUE = 200;

/** A difference as a sentence. */
export function differenceWords({ path, actual, expected, isExtra }: Difference): string {
  if (isExtra) return `nothing was expected in ${path}`;
  const [one, other] = excerpts(written(actual), written(expected), LONGEST_VALUE);
  return `${path} is ${one}, ${other} was expected`;
}

function inside(actual: unknown, expected: unknown, path: string, above: ReadonlySet<unknown>): readonly Difference[] {
  const isList = Array.isArray(actual) && Array.isArray(expected);
  if (!isList && (!isPlain(actual) || !isPlain(expected))) return [];
  const [ones, others] = [actual as Members, expected as Members];
  const at = (name: string): string => (isList ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`);
  const extra = Object.keys(ones).filter((name) => ones[name] !== undefined && others[name] === undefined);
  const beneath = new Set(above).add(actual);
  return [
    ...Object.keys(others).flatMap((name): readonly Difference[] => {
      const [one, other] = [ones[name], others[name]];
      if (isEqual(one, other) || above.has(one)) return [];
      const deeper = inside(one, other, at(name), beneath);
      return deeper.length > 0 ? deeper : [{ path: at(name), actual: one, expected: other, isExtra: false }];
    }),
    ...(extra.length > 0 ? [{ path: extra.map(at).join(', '), actual, expected, isExtra: true }] : []),
  ];
}

type Compared = Map<unknown, Set<unknown>>;

function compare(actual: unknown, expected: unknown, compared: Compared): boolean {
  if (Object.is(actual, expected)) return true;
  if (!isObject(expected)) return false;
  if (isMatcher(expected)) return Boolean(expected.asymmetricMatch(actual));
  if (!isObject(actual) || Object.prototype.toString.call(actual) !== Object.prototype.toString.call(expected)) return false;
  // A pair that is met again inside itself is as equal as the rest of it.
  const met = compared.get(actual) ?? new Set();
  if (met.has(expected)) return true;
  compared.set(actual, met.add(expected));
  if (actual instanceof Error && expected instanceof Error) return actual.name === expected.name && actual.message === expected.message;
  if (actual instanceof Date) return actual.getTime() === (expected as Date).getTime();
  if (ArrayBuffer.isView(actual) && ArrayBuffer.isView(expected)) return areSame(bytesOf(actual), bytesOf(expected), compared);
  if (actual instanceof ArrayBuffer)
    return areSame(bytesOf(new Uint8Array(actual)), bytesOf(new Uint8Array(expected as ArrayBuffer)), compared);
  if (isIterable(actual) && isIterable(expected)) return areSame([...actual], [...expected], compared);
  // What tells nothing by its members, such as a RegExp, equals itself alone.
  if (!isPlain(expected)) return false;
  const names = new Set([...Object.keys(actual), ...Object.keys(expected)]);
  return [...names].every((name) => compare((actual as Members)[name], expected[name], compared));
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
  return isObject(value) && Object.prototype.toString.call(value) === '[object Object]' && !isMatcher(value);
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

/** What a test runner gives for `expect.objectContaining()` and its like. */
interface Matcher {
  readonly sample?: unknown;
  asymmetricMatch(actual: unknown): unknown;
}

function isMatcher(value: unknown): value is Matcher {
  return isObject(value) && typeof (value as Partial<Matcher>).asymmetricMatch === 'function';
}

/** A value as it stands in a sentence. */
export function written(value: unknown): string {
  if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return String(value);
  if (isMatcher(value)) return `${value.constructor.name} ${written(value.sample)}`;
  try {
    return JSON.stringify(value, (_, member: unknown) => readable(member));
  } catch {
    // A value that holds itself.
    return Object.prototype.toString.call(value);
  }
}

/** JSON has no words for these. */
function readable(member: unknown): unknown {
  if (typeof member === 'bigint') return `${String(member)}n`;
  if (member instanceof Error) return `${member.name}: ${member.message}`;
  if (member instanceof Map || member instanceof Set || (ArrayBuffer.isView(member) && isIterable(member))) return [...member];
  return member;
}

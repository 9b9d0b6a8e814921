import { utf8Bytes } from '../transports/bytes.ts';
import type { JsonObject, Serializable } from '../wire/json.ts';
import { SoraOptionsError } from './options-error.ts';

/** Returns the value with its type, or throws a {@link SoraOptionsError} that names the path. */
export type Check<Value> = (value: unknown, path: string) => Value;

/** One check per member of a group of options. */
export type Members<Group extends object> = { readonly [Name in keyof Group]-?: Check<Exclude<Group[Name], undefined>> };

/** A group after its check: members that are undefined are absent. */
export type Checked<Group extends object> = { [Name in keyof Group]: Exclude<Group[Name], undefined> };

/** The longest delay that a timer takes: a longer one fires at once. @source WHATWG HTML 8.7, timers are 32-bit */
export const longestDelayMs = 2_147_483_647;

/** Deeper JSON is refused: code that walks it recursively would exhaust the stack. */
const deepestJson = 100;

function refuse(path: string, problem: string): never {
  throw new SoraOptionsError(path, problem);
}

export const flag: Check<boolean> = (value, path) => (typeof value === 'boolean' ? value : refuse(path, 'must be true or false'));

export const text: Check<string> = (value, path) => {
  if (typeof value !== 'string') return refuse(path, 'must be a string');
  return value === '' ? refuse(path, 'must not be empty') : value;
};

export const anyText: Check<string> = (value, path) => (typeof value === 'string' ? value : refuse(path, 'must be a string'));

/** The server takes identifiers of 1 to 255 bytes. */
export const identifier: Check<string> = (value, path) => {
  const id = text(value, path);
  return utf8Bytes(id).length > 255 ? refuse(path, 'must be at most 255 bytes of UTF-8') : id;
};

export const numberFrom =
  (low: number, high: number): Check<number> =>
  (value, path) =>
    // Written so that NaN falls through.
    typeof value === 'number' && value >= low && value <= high ? value : refuse(path, `must be a number from ${low} to ${high}`);

export const integerFrom =
  (low: number, high: number): Check<number> =>
  (value, path) =>
    typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
      ? value
      : refuse(path, `must be an integer from ${low} to ${high}`);

export const delayMs: Check<number> = numberFrom(0, longestDelayMs);

export const oneOf =
  <Word extends string>(words: readonly Word[]): Check<Word> =>
  (value, path) =>
    words.find((word) => word === value) ?? refuse(path, `must be one of ${words.join(', ')}`);

export const listOf =
  <Item>(check: Check<Item>): Check<readonly Item[]> =>
  (value, path) =>
    Array.isArray(value) ? value.map((item: unknown, index) => check(item, `${path}[${index}]`)) : refuse(path, 'must be an array');

/** Only that it is a function can be checked; the caller knows its type. */
export const isCallable: Check<unknown> = (value, path) => (typeof value === 'function' ? value : refuse(path, 'must be a function'));

/** An object of which only a few members can be checked: a live object of the platform. */
export const live =
  <Live>(isOne: (value: Record<string, unknown>) => boolean, name: string): Check<Live> =>
  (value, path) =>
    typeof value === 'object' && value !== null && isOne(value as Record<string, unknown>)
      ? (value as Live)
      : refuse(path, `must be ${name}`);

/** `true`, `false`, or a group that means `true` with details. */
export const flagOr =
  <Group>(check: Check<Group>): Check<boolean | Group> =>
  (value, path) => {
    if (typeof value === 'boolean') return value;
    return typeof value === 'object' ? check(value, path) : refuse(path, 'must be true, false or an object');
  };

/** A group of options. An unknown member is a mistake of the caller and is named; a member that is undefined counts as absent. */
export const groupOf = <Group extends object>(
  members: Members<Group>,
  required: readonly (keyof Group & string)[] = [],
): Check<Checked<Group>> => {
  const names = Object.keys(members);
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'must be an object');
    const given = value as Record<string, unknown>;
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(members, name) && given[name] !== undefined) refuse(at(name), unknownOption(name, names));
    }
    const checked: Record<string, unknown> = {};
    for (const name of names) {
      const member = given[name];
      if (member !== undefined) checked[name] = members[name as keyof Group](member, at(name));
      else if ((required as readonly string[]).includes(name)) refuse(at(name), 'is required');
    }
    return checked as Checked<Group>;
  };
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The wire's `channel_id` and a wrong capital are the most frequent slips, so the error names the right option. */
function unknownOption(name: string, names: readonly string[]): string {
  const meant = names.find((candidate) => plain(candidate) === plain(name));
  return meant === undefined ? 'is unknown' : `is unknown, did you mean ${meant}?`;
}

/** A value that JSON carries without loss: no NaN, no function, no cycle, not too deep. Objects with `toJSON`, such as dates, are allowed. */
export const json: Check<Serializable> = (value, path) => {
  checkJson(value, path, []);
  return value as Serializable;
};

export const jsonObject: Check<JsonObject> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'must be an object');
  checkJson(value, path, []);
  return value as JsonObject;
};

function checkJson(value: unknown, path: string, around: readonly object[]): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse(path, 'must be a finite number');
    return;
  }
  if (typeof value !== 'object') refuse(path, `must be JSON, not ${typeof value}`);
  if (around.includes(value)) refuse(path, 'must not contain itself');
  if (around.length >= deepestJson) refuse(path, `must not be nested deeper than ${deepestJson} levels`);
  const inside = [...around, value];
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    checkJson((value.toJSON as () => unknown)(), path, inside);
  } else if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => checkJson(item, `${path}[${index}]`, inside));
  } else {
    for (const [name, member] of Object.entries(value)) {
      if (member !== undefined) checkJson(member, `${path}.${name}`, inside);
    }
  }
}

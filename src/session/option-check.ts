import { utf8Bytes } from '../transports/bytes.ts';
import { type JsonObject, type Serializable, isJsonObject } from '../wire/json.ts';
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

export const mustBe =
  <Value>(what: string, test: (value: Value) => boolean): Check<Value> =>
  (value, path) =>
    test(value as Value) ? (value as Value) : refuse(path, `must be ${what}`);

export const flag = mustBe<boolean>('true or false', (value) => typeof value === 'boolean');
export const anyText = mustBe<string>('a string', (value) => typeof value === 'string');
export const text = mustBe<string>('a string that is not empty', (value) => typeof value === 'string' && value !== '');

/** The server takes identifiers of 1 to 255 bytes. */
export const identifier = mustBe<string>('a string of 1 to 255 bytes in UTF-8', (value) => {
  const { length } = typeof value === 'string' ? utf8Bytes(value) : '';
  return length > 0 && length <= 255;
});

export const numberFrom = (low: number, high: number, isInteger = false): Check<number> =>
  mustBe(
    `${isInteger ? 'an integer' : 'a number'} from ${low} to ${high}`,
    // Written so that NaN fails.
    (value) => typeof value === 'number' && value >= low && value <= high && (!isInteger || Number.isInteger(value)),
  );

export const integerFrom = (low: number, high: number): Check<number> => numberFrom(low, high, true);

export const delayMs: Check<number> = numberFrom(0, longestDelayMs);

export const oneOf = <Word extends string>(...words: readonly Word[]): Check<Word> =>
  mustBe(`one of ${words.join(', ')}`, (value) => words.includes(value));

/** Only that it is a function can be checked; the caller knows its type. */
export const callable = <Callable>(): Check<Callable> => mustBe('a function', (value) => typeof value === 'function');

export const listOf =
  <Item>(check: Check<Item>): Check<readonly Item[]> =>
  (value, path) =>
    Array.isArray(value) ? Array.from(value, (item: unknown, index) => check(item, `${path}[${index}]`)) : refuse(path, 'must be an array');

/** `true`, `false`, or a group that means `true` with details. */
export const flagOr =
  <Group>(check: Check<Group>): Check<boolean | Group> =>
  (value, path) =>
    typeof value === 'boolean' ? value : check(value, path);

/** A group of options. An unknown member is a mistake of the caller and is named; a member that is undefined counts as absent. */
export const groupOf = <Group extends object>(
  members: Members<Group>,
  ...required: readonly (keyof Group & string)[]
): Check<Checked<Group>> => {
  const names = Object.keys(members);
  return (value, path) => {
    if (!isJsonObject(value)) return refuse(path, 'must be an object');
    const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
    const checked: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      if (!Object.hasOwn(members, name)) return refuse(at(name), unknownOption(name, names));
      checked[name] = members[name as keyof Group](member, at(name));
    }
    for (const name of required) if (!(name in checked)) refuse(at(name), 'is required');
    return checked as Checked<Group>;
  };
};

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The wire's `channel_id` and a wrong capital are the most frequent slips, so the error names the right option. */
function unknownOption(name: string, names: readonly string[]): string {
  const meant = names.find((candidate) => plain(candidate) === plain(name));
  return meant === undefined ? 'is unknown' : `is unknown, did you mean ${meant}?`;
}

/** What JSON writes member by member. A Promise, a Map or a Blob it would write as `{}`. */
const writtenByMember = /^\[object (Object|Array)\]$/;

/** A value that JSON carries without loss: no NaN, no function, no cycle, not too deep. Objects with `toJSON`, such as dates, are allowed. */
export const json: Check<Serializable> = (value, path) => {
  checkJson(value, path, 0);
  return value as Serializable;
};

export const jsonObject: Check<JsonObject> = (value, path) =>
  isJsonObject(json(value, path)) ? (value as JsonObject) : refuse(path, 'must be an object');

function checkJson(value: unknown, path: string, depth: number): void {
  if (depth > deepestJson) refuse(path.slice(0, 100), `must not contain itself, nor be nested deeper than ${deepestJson} levels`);
  if (typeof value === 'object' && value !== null) {
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === 'function') checkJson(toJSON.call(value), path, depth + 1);
    else if (!writtenByMember.test(Object.prototype.toString.call(value))) refuse(path, 'must be JSON');
    else {
      for (const [name, member] of Object.entries(value)) {
        // JSON leaves an undefined member out, and would turn an undefined item of an array into null.
        if (member !== undefined || Array.isArray(value)) checkJson(member, `${path}.${name}`, depth + 1);
      }
    }
  } else if (
    typeof value === 'number' ? !Number.isFinite(value) : value !== null && typeof value !== 'string' && typeof value !== 'boolean'
  ) {
    refuse(path, 'must be JSON');
  }
}

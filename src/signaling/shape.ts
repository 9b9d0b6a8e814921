import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** A value that is not what was expected. */
export class Misfit {
  readonly at: string;
  readonly expected: string;

  constructor(at: string, expected: string) {
    this.at = at;
    this.expected = expected;
  }

  /** Names, never values. */
  get detail(): string {
    return `${this.at}: ${this.expected}`;
  }
}

/** Where a message differs from the documents without harm. Bounded: a hostile message names a few members and no more. */
export class Drift {
  readonly notes: string[] = [];

  note(at: string, what: string): void {
    if (this.notes.length < 32) this.notes.push(`${at.slice(0, 128)}: ${what}`);
  }
}

/** Gives a value back as what it was found to be. */
export type Read<Value> = (value: unknown, at: string, drift: Drift) => Value | Misfit;

interface Reading<Value> {
  readonly read: Read<Value>;
}

/** A member without which the message means nothing. */
type Required<Value> = Reading<Value> & { readonly need: 'required' };
/** A member that the SDK acts on where it is there: of a wrong type it spoils the message. */
type Used<Value> = Reading<Value> & { readonly need: 'used' };
/** A member that is only handed on: of a wrong type it is left out, and drift. */
type Told<Value> = Reading<Value> & { readonly need: 'told' };
/** A told member that is always there afterwards. */
type Filled<Value> = Reading<Value> & { readonly need: 'filled'; readonly otherwise: Value };
/** A used member whose absence has a meaning, and which is always there afterwards. */
type Defaulted<Value> = Reading<Value> & { readonly need: 'defaulted'; readonly otherwise: Value };

type AnyMember = Required<unknown> | Used<unknown> | Told<unknown> | Filled<unknown> | Defaulted<unknown>;

type IsOptional<Shape extends object, Name extends keyof Shape> = Partial<Pick<Shape, Name>> extends Pick<Shape, Name> ? true : false;

type MemberOf<Shape extends object, Name extends keyof Shape> =
  IsOptional<Shape, Name> extends true
    ? Used<Exclude<Shape[Name], undefined>> | Told<Exclude<Shape[Name], undefined>>
    : Required<Shape[Name]> | Filled<Shape[Name]> | Defaulted<Shape[Name]>;

/** Every member of a message with how it is read: what the type promises, the check keeps. */
export type MembersOf<Shape extends object> = { readonly [Name in keyof Shape]-?: MemberOf<Shape, Name> };

export const required = <Value>(read: Read<Value>): Required<Value> => ({ need: 'required', read });
export const used = <Value>(read: Read<Value>): Used<Value> => ({ need: 'used', read });
export const told = <Value>(read: Read<Value>): Told<Value> => ({ need: 'told', read });
export const filled = <Value>(read: Read<Value>, otherwise: Value): Filled<Value> => ({ need: 'filled', read, otherwise });
export const defaulted = <Value>(read: Read<Value>, otherwise: Value): Defaulted<Value> => ({ need: 'defaulted', read, otherwise });

export const string: Read<string> = (value, at) => (typeof value === 'string' ? value : new Misfit(at, 'string expected'));
export const number: Read<number> = (value, at) => (typeof value === 'number' ? value : new Misfit(at, 'number expected'));
export const boolean: Read<boolean> = (value, at) => (typeof value === 'boolean' ? value : new Misfit(at, 'boolean expected'));
export const anything: Read<JsonValue> = (value) => value as JsonValue;
export const anyObject: Read<JsonObject> = (value, at) => (isJsonObject(value) ? value : new Misfit(at, 'object expected'));

export const word =
  <Word extends string | number>(...words: readonly Word[]): Read<Word> =>
  (value, at) =>
    words.find((candidate) => candidate === value) ?? new Misfit(at, `one of ${words.join(', ')} expected`);

export const orNull =
  <Value>(read: Read<Value>): Read<Value | null> =>
  (value, at, drift) =>
    value === null ? null : read(value, at, drift);

export const either =
  <First, Second>(first: Read<First>, second: Read<Second>): Read<First | Second> =>
  (value, at, drift) => {
    const found = first(value, at, drift);
    return found instanceof Misfit ? second(value, at, drift) : found;
  };

/** A list whose items all fit; it stays the same object where no item had to be changed. */
export const list =
  <Item>(read: Read<Item>): Read<Item[]> =>
  (value, at, drift) => {
    if (!Array.isArray(value)) return new Misfit(at, 'array expected');
    const items: Item[] = [];
    for (const [index, item] of value.entries()) {
      const found = read(item, `${at}[${index}]`, drift);
      if (found instanceof Misfit) return found;
      items.push(found);
    }
    return items.every((item, index) => item === value[index]) ? (value as Item[]) : items;
  };

/** An object with known members; unknown ones are kept and noted. It stays the same object where nothing had to be changed. */
export const object = <Shape extends object>(members: MembersOf<Shape>): Read<Shape> => {
  const known = Object.entries<AnyMember>(members as Readonly<Record<string, AnyMember>>);
  return (value, at, drift) => {
    if (!isJsonObject(value)) return new Misfit(at, 'object expected');
    const changes = new Map<string, unknown>();
    for (const [name, member] of known) {
      const given = value[name];
      if (given === undefined) {
        if (member.need === 'required') return new Misfit(`${at}.${name}`, 'missing');
        if ('otherwise' in member) changes.set(name, member.otherwise);
        continue;
      }
      const found = member.read(given, `${at}.${name}`, drift);
      if (!(found instanceof Misfit)) {
        if (found !== given) changes.set(name, found);
        continue;
      }
      // Encoders that know no absence write null.
      const spoils = given !== null && (member.need === 'used' || member.need === 'defaulted');
      if (member.need === 'required' || spoils) return found;
      drift.note(found.at, found.expected);
      changes.set(name, 'otherwise' in member ? member.otherwise : undefined);
    }
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(members, name)) drift.note(`${at}.${name}`, 'unknown member');
    }
    return (changes.size === 0 ? value : changed(value, changes)) as Shape;
  };
};

function changed(value: JsonObject, changes: ReadonlyMap<string, unknown>): object {
  const copy: Record<string, unknown> = { ...value };
  for (const [name, change] of changes) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the names are those of the shape
    if (change === undefined) delete copy[name];
    else copy[name] = change;
  }
  return copy;
}

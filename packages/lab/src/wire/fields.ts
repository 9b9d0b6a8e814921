import { isJsonObject, type JsonObject } from './json.ts';

/** Why a message of a client is refused. Thrown inside the checks; {@link checked} turns it into a value. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8');

export interface TextLimits {
  readonly minLength?: number;
  readonly maxBytes?: number;
}

/**
 * Reads and checks the members of a JSON object. An absent member reads as `undefined`; one with a wrong type or out of range refuses the whole
 * message, and the reason names it.
 */
export class Fields {
  readonly #object: JsonObject;
  readonly #path: string;

  constructor(object: JsonObject, path = '') {
    this.#object = object;
    this.#path = path;
  }

  static of(value: unknown, path: string): Fields {
    if (!isJsonObject(value)) throw new Refusal(`${path} must be an object`);
    return new Fields(value, `${path}.`);
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined;
  }

  any(name: string): unknown {
    return this.#object[name];
  }

  text(name: string, limits: TextLimits = {}): string | undefined {
    const value = this.#object[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.#refuse(name, 'must be a string');
    if (value.length < (limits.minLength ?? 0)) return this.#refuse(name, 'must not be empty');
    if (byteLength(value) > (limits.maxBytes ?? Infinity)) return this.#refuse(name, `exceeds ${limits.maxBytes ?? 0} bytes`);
    return value;
  }

  requiredText(name: string, limits: TextLimits = {}): string {
    return this.text(name, limits) ?? this.#refuse(name, 'is required');
  }

  flag(name: string): boolean | undefined {
    const value = this.#object[name];
    if (value === undefined || typeof value === 'boolean') return value;
    return this.#refuse(name, 'must be a boolean');
  }

  integer(name: string, low: number, high: number): number | undefined {
    const value = this.#object[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
      return this.#refuse(name, `must be an integer from ${low} to ${high}`);
    }
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.#object[name];
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    return found ?? this.#refuse(name, `must be one of ${allowed.join(', ')}`);
  }

  requiredOneOf<T extends string>(name: string, allowed: readonly T[]): T {
    return this.oneOf(name, allowed) ?? this.#refuse(name, 'is required');
  }

  list(name: string, maxLength: number): readonly unknown[] | undefined {
    const value = this.#object[name];
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.#refuse(name, 'must be an array');
    if (value.length > maxLength) return this.#refuse(name, `has more than ${maxLength} entries`);
    return value as readonly unknown[];
  }

  object(name: string): Fields | undefined {
    const value = this.#object[name];
    return value === undefined ? undefined : Fields.of(value, this.#path + name);
  }

  refuse(name: string, why: string): never {
    return this.#refuse(name, why);
  }

  #refuse(name: string, why: string): never {
    throw new Refusal(`${this.#path}${name} ${why}`);
  }
}

/** The result of a check: the value, or the reason why it was refused. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** Runs a check that may throw a {@link Refusal} and returns its outcome as data. */
export function checked<T>(check: () => T): Checked<T> {
  try {
    return { ok: true, value: check() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    throw error;
  }
}

import type { LabOptions } from '../lab-options.ts';
import { OPTION_NAMES } from '../settings.ts';
import { isJsonObject } from '../wire/json.ts';
import { didYouMean } from './suggestion.ts';
import { UsageError } from './usage-error.ts';

/** Options that can be written down. */
const NAMES = OPTION_NAMES.filter((name) => name !== 'auth');

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** `no such file or directory` of `ENOENT: no such file or directory, open 'x'`. */
const systemReason = (error: unknown): string => /^[A-Z]+: ([^,]+)/.exec(messageOf(error))?.[1] ?? messageOf(error);

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${messageOf(error).replaceAll(/\s+/g, ' ')}`);
  }
}

/**
 * Reads a configuration file: the lab's options as a JSON object.
 *
 * @throws UsageError
 */
export function readConfigFile(path: string, readFile: (path: string) => string): LabOptions {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${systemReason(error)}`);
  }
  const value = parse(text, path);
  if (!isJsonObject(value)) throw new UsageError(`${path} must hold a JSON object`);
  const unknown = Object.keys(value).find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new UsageError(`${path}: unknown option ${unknown}${didYouMean(unknown, NAMES)}`);
  return value;
}

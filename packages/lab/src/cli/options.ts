import type { LabOptions } from '../lab-options.ts';
import { FLAG_OPTIONS, NUMBER_OPTIONS, OPTION_NAMES } from '../settings.ts';
import { isJsonObject, parseJson } from '../wire/json.ts';

/** How the command prints what happens. */
export type LogStyle = 'readable' | 'json' | 'none';
const LOG_STYLES: readonly LogStyle[] = ['readable', 'json', 'none'];

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'start'; readonly options: LabOptions; readonly log: LogStyle; readonly colours: boolean | undefined }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Of the lab's options those that can be written down. */
const WRITABLE = OPTION_NAMES.filter((name) => name !== 'auth');
const TEXT_OPTIONS: readonly string[] = ['host', 'redirect', 'version', 'authWebhookUrl', 'videoCodec', 'oversized'];

/** The port that a signaling server without TLS usually has. */
const DEFAULT_PORT = 5000;

const camelCase = (flag: string): string => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Reads a configuration file: the lab's options as a JSON object. */
export function optionsFromJson(text: string, path: string): LabOptions {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new UsageError(`${path} holds no JSON object`);
  const unknown = Object.keys(value).find((name) => !WRITABLE.includes(name));
  if (unknown !== undefined) throw new UsageError(`${path}: ${unknown} is not an option`);
  return value;
}

function valueOf(name: string, text: string): unknown {
  if (TEXT_OPTIONS.includes(name)) return text;
  if (NUMBER_OPTIONS.includes(name)) {
    const number = Number(text);
    if (text.trim() === '' || !Number.isInteger(number)) throw new UsageError(`--${kebabCase(name)} needs a whole number, not ${text}`);
    return number;
  }
  if (FLAG_OPTIONS.includes(name) || name === 'compress') {
    if (text !== 'true' && text !== 'false') throw new UsageError(`--${kebabCase(name)} needs true or false, not ${text}`);
    return text === 'true';
  }
  const value = parseJson(text);
  if (value === undefined) throw new UsageError(`--${kebabCase(name)} needs JSON, not ${text}`);
  return value;
}

const isFlag = (name: string): boolean => FLAG_OPTIONS.includes(name) || name === 'compress';

interface Reading {
  options: Record<string, unknown>;
  log: LogStyle;
  colours: boolean | undefined;
  config: string | undefined;
}

function readLogStyle(text: string | undefined): LogStyle {
  return LOG_STYLES.find((style) => style === text) ?? refuse(`--log needs one of ${LOG_STYLES.join(', ')}`);
}

function refuse(message: string): never {
  throw new UsageError(message);
}

/** Takes one argument, with the one after it where it needs a value; gives how many were taken. */
function take(reading: Reading, argument: string, next: string | undefined): number {
  const [head = '', inline] = argument.slice(2).split(/=(.*)/s, 2);
  const value = inline ?? next;
  const taken = inline === undefined ? 2 : 1;
  if (head === 'log') reading.log = readLogStyle(value);
  else if (head === 'config') reading.config = value ?? refuse('--config needs a file');
  else if (head === 'colours' || head === 'no-colours') {
    reading.colours = head === 'colours';
    return 1;
  } else return takeOption(reading, head, inline, next);
  return taken;
}

function takeOption(reading: Reading, head: string, inline: string | undefined, next: string | undefined): number {
  const negated = head.startsWith('no-');
  const name = camelCase(negated ? head.slice(3) : head);
  if (!WRITABLE.includes(name) || (negated && !isFlag(name))) refuse(`--${head} is not an option`);
  if (isFlag(name) && inline === undefined) {
    reading.options[name] = !negated;
    return 1;
  }
  reading.options[name] = valueOf(name, inline ?? next ?? refuse(`--${head} needs a value`));
  return inline === undefined ? 2 : 1;
}

/**
 * Reads the command line. Flags go before the configuration file, and both before the defaults.
 *
 * @throws UsageError
 */
export function readCommand(args: readonly string[], readFile: (path: string) => string): Command {
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help' };
  if (args.includes('--version') && args.length === 1) return { kind: 'version' };
  const reading: Reading = { options: {}, log: 'readable', colours: undefined, config: undefined };
  for (let index = 0; index < args.length;) {
    const argument = args[index] ?? '';
    if (!argument.startsWith('--')) refuse(`${argument} is not an option`);
    index += take(reading, argument, args[index + 1]);
  }
  const configured = reading.config === undefined ? {} : optionsFromJson(readFile(reading.config), reading.config);
  const options: LabOptions = { port: DEFAULT_PORT, ...configured, ...reading.options };
  return { kind: 'start', options, log: reading.log, colours: reading.colours };
}

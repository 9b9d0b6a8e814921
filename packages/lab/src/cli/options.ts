import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { FAULT_KINDS } from '../faults/fault-kinds.ts';
import type { LabOptions } from '../lab-options.ts';
import { isJsonObject } from '../wire/json.ts';
import { readConfigFile } from './config-file.ts';
import { DEFAULT_PORT, flagOf, OPTION_TABLE, type TableOption } from './option-table.ts';
import { didYouMean } from './suggestion.ts';
import { UsageError } from './usage-error.ts';

/** What the command prints while it runs. */
export type LogStyle = 'readable' | 'messages' | 'json' | 'none';
const LOG_STYLES: readonly LogStyle[] = ['readable', 'messages', 'json', 'none'];

/** What the command line asks for. */
export interface StartCommand {
  readonly kind: 'start';
  readonly options: LabOptions;
  readonly log: LogStyle;
  /** Undefined: as the terminal can. */
  readonly colours: boolean | undefined;
  /** What the user wrote to set an option of `startLab`: its flag, or the configuration file and its name. */
  readonly written: (option: string) => string;
}

export type Command = StartCommand | { readonly kind: 'help'; readonly all: boolean } | { readonly kind: 'version' };

/** Options of the command that are none of the lab. */
const OWN_FLAGS = { config: 'string', log: 'string', colours: 'boolean', 'no-colours': 'boolean' } as const;
const INFORMATION = { help: 'boolean', 'help-all': 'boolean', version: 'boolean' } as const;

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly row?: TableOption;
  /** The value of a switch that is given without one. */
  readonly on?: boolean;
}

function flagsOf(row: TableOption): readonly (readonly [string, Flag])[] {
  const flag = flagOf(row);
  if (row.kind !== 'switch') return [[flag, { type: 'string', row }]];
  return [
    [flag, { type: 'boolean', row, on: true }],
    [`no-${flag}`, { type: 'boolean', row, on: false }],
  ];
}

const own = Object.entries({ ...OWN_FLAGS, ...INFORMATION }).map(([name, type]): [string, Flag] => [name, { type }]);
const FLAGS: ReadonlyMap<string, Flag> = new Map([...own, ...OPTION_TABLE.flatMap(flagsOf)]);
const FLAG_NAMES = [...FLAGS.keys()];
const FLAG_OF: ReadonlyMap<string, string> = new Map(OPTION_TABLE.map((row) => [row.option, `--${flagOf(row)}`]));

const CONFIGURATION: ParseArgsOptionsConfig = Object.fromEntries(
  [...FLAGS].map(([name, { type }]) => [name, name === 'help' ? { type, short: 'h' } : { type }]),
);

function refuse(message: string): never {
  throw new UsageError(message);
}

/** One flag as it stands on the command line. */
interface Given {
  readonly name: string;
  readonly flag: Flag;
  readonly value: string | undefined;
}

/** The flags in their order. Throws for everything that is no flag of the command. */
function flagsGiven(args: readonly string[]): readonly Given[] {
  const { tokens } = parseArgs({ args: [...args], options: CONFIGURATION, strict: false, allowPositionals: true, tokens: true });
  return tokens.map((token) => {
    if (token.kind !== 'option') {
      const stray = token.kind === 'positional' ? token.value : '--';
      return refuse(`unexpected argument ${stray}${/^\d+$/.test(stray) ? `. Did you mean --port ${stray}?` : ''}`);
    }
    const flag = FLAGS.get(token.name) ?? refuse(`unknown option ${token.rawName}${didYouMean(token.name, FLAG_NAMES, '--')}`);
    const isForgotten = token.inlineValue !== true && token.value?.startsWith('--') === true;
    if (flag.type === 'string' && (token.value === undefined || isForgotten)) refuse(`--${token.name} needs a value`);
    return { name: token.name, flag, value: token.value };
  });
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  return text.trim() !== '' && Number.isInteger(number) ? number : refuse(`--${name} needs a whole number, not ${text}`);
}

function switchValue({ name, flag, value }: Given): boolean {
  if (value === undefined) return flag.on === true;
  if (value !== 'true' && value !== 'false') return refuse(`--${name} needs true or false, not ${value}`);
  return (value === 'true') === (flag.on === true);
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return refuse(`--${name} needs JSON, not ${text}`);
  }
}

function valueOf(given: Given, { kind }: TableOption, before: unknown): unknown {
  const { name, value = '' } = given;
  switch (kind) {
    case 'number':
      return wholeNumber(name, value);
    case 'switch':
      return switchValue(given);
    case 'json':
      return json(name, value);
    case 'texts':
      return [...(Array.isArray(before) ? (before as readonly unknown[]) : []), value];
    case 'text':
      return value;
  }
}

/** The list of all kinds would fill the screen, so an unknown one gets the one that was probably meant. */
function checkFaultKinds(faults: unknown, written: string): void {
  const kinds: readonly string[] = FAULT_KINDS.map(({ kind }) => kind);
  for (const rule of Array.isArray(faults) ? (faults as readonly unknown[]) : []) {
    const kind = isJsonObject(rule) && isJsonObject(rule['fault']) ? rule['fault']['kind'] : undefined;
    if (typeof kind === 'string' && !kinds.includes(kind)) refuse(`${written}: unknown fault ${kind}${didYouMean(kind, kinds)}`);
  }
}

const logStyle = (text: string): LogStyle =>
  LOG_STYLES.find((style) => style === text) ??
  refuse(`--log must be one of ${LOG_STYLES.join(', ')}, not ${text}${didYouMean(text, LOG_STYLES)}`);

/**
 * Reads the command line. Flags win over the configuration file, and both over the defaults.
 *
 * @throws UsageError
 */
export function readCommand(args: readonly string[], readFile: (path: string) => string): Command {
  const given = flagsGiven(args);
  const asks = (name: keyof typeof INFORMATION): boolean => given.some((each) => each.name === name);
  if (asks('help') || asks('help-all')) return { kind: 'help', all: asks('help-all') };
  if (asks('version')) return { kind: 'version' };

  const options: Record<string, unknown> = {};
  const flags = new Map<string, string>();
  for (const each of given) {
    const { row } = each.flag;
    if (row === undefined) continue;
    options[row.option] = valueOf(each, row, options[row.option]);
    flags.set(row.option, `--${each.name}`);
  }
  const last = (name: keyof typeof OWN_FLAGS): string | undefined => given.findLast((each) => each.name === name)?.value;
  const config = last('config');
  const configured = config === undefined ? {} : readConfigFile(config, readFile);
  const written = (option: string): string =>
    flags.get(option) ??
    (config !== undefined && Object.hasOwn(configured, option) ? `${config}: ${option}` : (FLAG_OF.get(option) ?? option));
  checkFaultKinds(options['faults'] ?? configured.faults, written('faults'));
  const colours = given.findLast(({ name }) => name === 'colours' || name === 'no-colours');
  return {
    kind: 'start',
    options: { port: DEFAULT_PORT, ...configured, ...options },
    log: logStyle(last('log') ?? 'readable'),
    colours: colours === undefined ? undefined : colours.name === 'colours',
    written,
  };
}

import { settingsFrom } from '../settings.ts';
import { DEFAULT_PORT, flagOf, OPTION_GROUPS, OPTION_TABLE, type TableOption } from './option-table.ts';

const SETTINGS: Readonly<Record<string, unknown>> = { ...settingsFrom({}), port: DEFAULT_PORT };

/** One line: what is typed, and what it does. */
type Row = readonly [typed: string, help: string];

/** Defaults of switches show in the form that is listed, and `0: …` is explained in words. */
function defaultOf({ option, kind, help }: TableOption): string {
  const value = SETTINGS[option];
  if (kind === 'number' && typeof value === 'number' && value !== 0) return ` (${value})`;
  return kind === 'text' && typeof value === 'string' && !help.endsWith(')') ? ` (${value})` : '';
}

function rowOf(option: TableOption): Row {
  // What is on is listed with the flag that turns it off.
  const negation = option.kind === 'switch' && SETTINGS[option.option] === true ? 'no-' : '';
  const value = option.value === undefined ? '' : ` <${option.value}>`;
  return [`--${negation}${flagOf(option)}${value}`, `${option.help}${defaultOf(option)}`];
}

const COMMAND: readonly Row[] = [
  ['--config <file>', 'options as a JSON object, in camelCase; flags win'],
  ['--log <what>', 'readable | messages | json | none (readable)'],
];
const COLOURS: Row = ['--colours, --no-colours', 'whatever the terminal can'];
const INFORMATION: readonly Row[] = [
  ['--help-all', 'every option'],
  ['--help, --version', 'this, and the version'],
];

function lines(rows: readonly Row[]): readonly string[] {
  const width = Math.max(...rows.map(([typed]) => typed.length));
  return rows.map(([typed, help]) => `  ${typed.padEnd(width)}  ${help}`);
}

const HEAD = ['rx-sora-lab - a stand-in for the WebRTC SFU Sora, for development and tests', '', 'Usage: rx-sora-lab [options]', ''];

/** What `--help` prints: one screen of 80 columns and 24 lines. */
export const HELP: string = [
  ...HEAD,
  ...lines([...OPTION_TABLE.filter(({ common }) => common === true).map(rowOf), ...COMMAND, ...INFORMATION]),
  '',
  'Open the URL of the page that it prints: connections, faults and the log, live.',
]
  .map((line) => `${line}\n`)
  .join('');

/** What `--help-all` prints. */
export const HELP_ALL: string = [
  ...HEAD,
  ...OPTION_GROUPS.flatMap(({ title, options }) => [`${title}:`, ...lines(options.map(rowOf)), '']),
  'The command:',
  ...lines([...COMMAND, COLOURS, ...INFORMATION]),
  '',
  'Every switch has two forms, --x and --no-x. Every option of startLab() has a flag, except "auth", which is a function.',
  'Over HTTP: GET / (the page), POST / with x-sora-target (the API), GET /lab/connections, GET /lab/log?follow=1 (JSON Lines),',
  'GET and POST /lab/faults, GET /lab/faults/kinds, POST /lab/faults/inject, DELETE /lab/faults.',
]
  .map((line) => `${line}\n`)
  .join('');

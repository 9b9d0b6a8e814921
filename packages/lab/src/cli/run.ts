import { readFileSync } from 'node:fs';
import { startLab, type Lab } from '../lab.ts';
import { jsonLine } from '../log/json-lines.ts';
import type { LabLogEntry } from '../log/log-entry.ts';
import { observe } from '../observe.ts';
import { eventLines } from './event-lines.ts';
import { explain } from './explain.ts';
import { HELP, HELP_ALL } from './help.ts';
import { messageLine } from './message-line.ts';
import { readCommand, type Command, type LogStyle, type StartCommand } from './options.ts';
import { coloured, plain, type Paint } from './paint.ts';

/** What the command needs of the process around it. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether colours are understood. */
  readonly colours: boolean;
  /** Resolves when the command is asked to stop. */
  readonly stop: Promise<unknown>;
  readonly version: string;
}

/** What each style prints for an entry; nothing where it is undefined. */
const STYLES: Readonly<Record<LogStyle, (paint: Paint) => (entry: LabLogEntry) => string | undefined>> = {
  readable: eventLines,
  messages: (paint) => (entry) => messageLine(entry, paint),
  json: () => (entry) => jsonLine(entry).trimEnd(),
  none: () => () => undefined,
};

function printLog(lab: Lab, style: LogStyle, paint: Paint, out: Terminal['out']): void {
  const lineOf = STYLES[style](paint);
  // Ends with the lab.
  void observe(lab.log$, (entry) => {
    const line = lineOf(entry);
    if (line !== undefined) out(`${line}\n`);
  });
}

/** With a JSON log standard output holds nothing else. */
function greet(lab: Lab, style: LogStyle, terminal: Terminal): void {
  const lines = [
    'rx-sora-lab: a stand-in for Sora, for development and tests only. Ctrl+C stops it.',
    ...lab.urls.map((url) => `  signaling  ${url}`),
    `  page       ${lab.httpUrl}/`,
    `  HTTP API   ${lab.httpUrl}/ with x-sora-target, control ${lab.httpUrl}/lab`,
  ];
  const print = style === 'json' ? terminal.err : terminal.out;
  print(`${lines.join('\n')}\n`);
}

async function serve({ options, log, colours }: StartCommand, terminal: Terminal): Promise<void> {
  const lab = await startLab(options);
  greet(lab, log, terminal);
  printLog(lab, log, (colours ?? terminal.colours) ? coloured : plain, terminal.out);
  await terminal.stop;
  await lab.close();
}

function inform(command: Exclude<Command, StartCommand>, { out, version }: Terminal): void {
  if (command.kind === 'version') out(`${version}\n`);
  else out(command.all ? HELP_ALL : HELP);
}

/** Runs the command and gives its exit code: 0 after a stop, 1 when the lab could not be started. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  let command: Command | undefined;
  try {
    command = readCommand(args, (path) => readFileSync(path, 'utf8'));
    if (command.kind === 'start') await serve(command, terminal);
    else inform(command, terminal);
    return 0;
  } catch (error) {
    const started = command?.kind === 'start' ? command : undefined;
    terminal.err(`rx-sora-lab: ${explain(error, started?.written ?? ((option) => option), started?.options.host)}\n`);
    return 1;
  }
}

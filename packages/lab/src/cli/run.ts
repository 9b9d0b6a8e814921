import { readFileSync } from 'node:fs';
import { startLab, type Lab } from '../lab.ts';
import { LabOptionsError } from '../lab-options.ts';
import { LabPortError } from '../lab-port-error.ts';
import { jsonLine } from '../log/json-lines.ts';
import { observe } from '../observe.ts';
import { HELP } from './help.ts';
import { readCommand, UsageError, type Command, type LogStyle } from './options.ts';
import { coloured, plain, readableLine, type Paint } from './readable-line.ts';

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

function printLog(lab: Lab, style: LogStyle, paint: Paint, terminal: Terminal): void {
  if (style === 'none') return;
  const line = style === 'json' ? jsonLine : (entry: Parameters<typeof jsonLine>[0]) => `${readableLine(entry, paint)}\n`;
  // Ends with the lab.
  void observe(lab.log$, (entry) => terminal.out(line(entry)));
}

/** With a JSON log standard output holds nothing else. */
function greet(lab: Lab, style: LogStyle, terminal: Terminal): void {
  const lines = [
    'rx-sora-lab: a stand-in for Sora, for development and tests only',
    ...lab.urls.map((url) => `  signaling  ${url}`),
    `  HTTP API   ${lab.httpUrl}/   control ${lab.httpUrl}/lab`,
  ];
  const say = style === 'json' ? terminal.err : terminal.out;
  say(`${lines.join('\n')}\n`);
}

async function serve(command: Extract<Command, { readonly kind: 'start' }>, terminal: Terminal): Promise<number> {
  const lab = await startLab(command.options);
  greet(lab, command.log, terminal);
  printLog(lab, command.log, (command.colours ?? terminal.colours) ? coloured : plain, terminal);
  await terminal.stop;
  await lab.close();
  return 0;
}

/** What people can mend themselves is told in one line; anything else with its trace. */
function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof LabOptionsError || error instanceof LabPortError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs the command and gives its exit code: 0 after a stop, 1 when the lab could not be started. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const command = readCommand(args, (path) => readFileSync(path, 'utf8'));
    if (command.kind === 'start') return await serve(command, terminal);
    terminal.out(command.kind === 'help' ? HELP : `${terminal.version}\n`);
    return 0;
  } catch (error) {
    terminal.err(`rx-sora-lab: ${explain(error)}\n`);
    return 1;
  }
}

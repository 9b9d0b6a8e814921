import { fromEvent, merge, firstValueFrom } from 'rxjs';
import { runCommand } from './cli/run.ts';
import { LAB_VERSION } from './settings.ts';

const outputFailed$ = fromEvent(process.stdout, 'error');
// A reader that is gone (`rx-sora-lab | head`) is a reason to stop as well.
const stop = firstValueFrom(merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM'), outputFailed$));
// Nobody reads what is printed until then; the failures of those lines must not end the process before it has stopped.
void outputFailed$.subscribe();

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  colours: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
  stop,
  version: LAB_VERSION,
});

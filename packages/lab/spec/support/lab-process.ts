import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

const COMMAND = new URL('../../src/cli.ts', import.meta.url).pathname;

/** The lab's command in a process of its own, so that its memory and its death are its own. */
export class LabProcess {
  readonly url: string;
  /** What it wrote to standard error. A lab in good order writes nothing. */
  complaints = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #exit: Promise<number | null>;

  static async start(args: readonly string[] = [], nodeArgs: readonly string[] = []): Promise<LabProcess> {
    const child = spawn(process.execPath, [...nodeArgs, COMMAND, '--port', '0', '--log', 'none', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = await new Promise<string>((resolve, reject) => {
      let greeting = '';
      child.stdout.on('data', (chunk: Buffer) => {
        greeting += chunk.toString();
        const found = /signaling {2}(ws:\/\/\S+)\n/.exec(greeting);
        if (found !== null) resolve(found[1]!);
      });
      child.once('exit', (code) => reject(new Error(`the lab ended with ${code ?? 'a signal'}`)));
    });
    return new LabProcess(child, url);
  }

  private constructor(child: ChildProcessByStdio<null, Readable, Readable>, url: string) {
    this.url = url;
    this.#child = child;
    child.stderr.on('data', (chunk: Buffer) => (this.complaints += chunk.toString()));
    this.#exit = once(child, 'exit').then(([code]) => code as number | null);
  }

  /** Memory that the process holds now. Linux only. */
  residentMebibytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid ?? 0}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024);
  }

  /** Stops it as a user would and gives its exit code; null when it had died of a signal. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return this.#exit;
  }
}

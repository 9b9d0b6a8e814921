import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { FigureGroup } from '../figure.ts';

/** What a session costs on fakes, measured in a process of its own. */
export async function onFakes(): Promise<readonly FigureGroup[]> {
  const script = new URL('../fakes.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--max-old-space-size=8192', script], {
    maxBuffer: 1_048_576,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as readonly FigureGroup[];
}

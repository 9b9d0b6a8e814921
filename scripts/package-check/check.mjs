// Runs commands and counts what passed. Each check prints one line, and what went wrong below it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** CI has 25 minutes: there some rows stand for all of them, and what CI has run in its checkout is not run again in the clone. */
export const inCi = process.env.CI !== undefined;

/** The oldest and the newest, in CI; all of them elsewhere. */
export const representatives = (versions) =>
  inCi ? versions.filter((_, index) => index === 0 || index === versions.length - 1) : versions;

export const count = { passed: 0, failed: 0 };

/** Runs a command and resolves with its standard output. Rejects, with both outputs, where it exits with anything but 0. */
export async function run(command, args, { cwd, timeoutMs = 600_000, env = {} } = {}) {
  const { stdout } = await promisify(execFile)(command, args, {
    cwd,
    timeout: timeoutMs,
    env: { ...process.env, ...env },
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return stdout;
}

/** Runs the body and prints whether it passed. Resolves with what it gave; undefined where it failed. */
export async function check(title, body) {
  const startedAt = performance.now();
  const line = (word) => `${word} ${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`;
  try {
    const result = await body();
    count.passed += 1;
    console.log(line('ok  '));
    return result;
  } catch (error) {
    count.failed += 1;
    const output = `${error.stdout ?? ''}${error.stderr ?? ''}`;
    // A command that a signal ended has not judged anything.
    const signal = typeof error.signal === 'string' ? `\nended by ${error.signal}${error.killed ? ' after its time was up' : ''}` : '';
    console.log(`${line('FAIL')}\n${output === '' ? error.message : output}${signal}`);
    return undefined;
  }
}

/** Fails a check with a list of what is wrong. */
export function expectNone(found, what) {
  if (found.length > 0) throw new Error(`${what}:\n${found.map((each) => `  ${each}`).join('\n')}`);
}

/** Works through a list with a few at a time. */
export async function each(list, atOnce, body) {
  const waiting = [...list];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await body(next);
    }),
  );
}

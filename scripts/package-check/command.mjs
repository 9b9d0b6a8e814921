// The command of the packed lab, started as a user does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { run } from './check.mjs';

const SIGNALING_URL = /ws:\/\/127\.0\.0\.1:\d+\/signaling/;

/** Starts the lab in a folder. `interrupt()` is what Ctrl+C does; it resolves with the exit code when nobody is left who could print. */
async function startLab(folder, [command, ...args]) {
  const child = spawn(command, [...args, '--port', '0'], {
    cwd: folder,
    // A terminal sends SIGINT to every process in the foreground. Here they are a group of their own.
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'close').then(([code, signal]) => code ?? signal);
  const stop = (signal) => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
    return exit;
  };
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [found] = SIGNALING_URL.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    exit.then((code) => reject(new Error(`rx-sora-lab ended with ${code} and printed no URL`)), reject);
  });
  return { url, interrupt: () => stop('SIGINT'), kill: () => stop('SIGKILL') };
}

async function withLab(folder, command, body) {
  const lab = await startLab(folder, command);
  try {
    await body(lab);
    return await lab.interrupt();
  } finally {
    await lab.kill();
  }
}

/** npm keeps a shell between itself and the command. The shell dies of the signal, and npm with it, whatever the command exits with. */
const BY_NPX = ['npx', '--no-install', 'rx-sora-lab'];
const ITSELF = ['node_modules/.bin/rx-sora-lab'];

async function expectPage({ url }) {
  const page = await fetch(url.replace(/^ws(.*)signaling$/, 'http$1'), { headers: { accept: 'text/html' } });
  if (page.status !== 200 || !(await page.text()).includes('<!doctype html>')) throw new Error(`GET / answers ${page.status}, no page`);
}

/** Starts, serves its page, stops. */
export async function expectCommand(folder) {
  await withLab(folder, BY_NPX, expectPage);
  const code = await withLab(folder, ITSELF, expectPage);
  if (code !== 0) throw new Error(`SIGINT ended it with ${code}`);
}

/** `npm start -- --serve` of a clone runs the command as well. */
export const expectServe = (clone) => withLab(clone, ['npm', 'start', '--silent', '--', '--serve'], expectPage);

/** Runs the README's example in Node against the command, and resolves with what it printed first. */
export async function runExample(project, example) {
  let printed;
  await withLab(project, ITSELF, async ({ url }) => {
    writeFileSync(join(project, 'readme-example.ts'), example.replaceAll(/wss?:\/\/[^'"]+/g, url));
    writeFileSync(
      join(project, 'run-example.mjs'),
      `
      import { RTCPeerConnection } from 'werift';
      import { WebSocket } from 'ws';
      Object.assign(globalThis, { RTCPeerConnection, WebSocket });
      console.log = (...words) => {
        process.stdout.write(words.join(' ') + '\\n', () => process.exit(0));
      };
      await import('./readme-example.ts');
      `,
    );
    printed = await run(process.execPath, ['run-example.mjs'], { cwd: project, timeoutMs: 60_000 });
  });
  if (!/^connected as \w+\n$/.test(printed)) throw new Error(`the example printed: ${printed}`);
  return printed;
}

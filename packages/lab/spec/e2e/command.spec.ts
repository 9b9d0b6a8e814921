import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { closeClients, WeriftClient } from './support/werift-client.ts';

const command = new URL('../../src/cli.ts', import.meta.url).pathname;

interface Run {
  readonly child: ChildProcess;
  output: string;
  readonly exit: Promise<number | null>;
}

const runs: Run[] = [];
afterEach(async () => {
  await closeClients();
  for (const { child } of runs.splice(0)) child.kill('SIGKILL');
});

const start = (...args: readonly string[]): Run => {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
  const run: Run = { child, output: '', exit: once(child, 'close').then(([code]) => code as number | null) };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (run.output += chunk.toString()));
  runs.push(run);
  return run;
};

const urls = async (run: Run, count: number): Promise<readonly string[]> => {
  await expect.poll(() => run.output, { timeout: 20_000 }).toMatch(/HTTP API/);
  const found = [...run.output.matchAll(/ws:\/\/\S+/g)].map(([url]) => url).slice(0, count);
  expect(found).toHaveLength(count);
  return found;
};

test('starts, logs for people, stops on SIGINT with 0', async () => {
  const run = start('--port', '0', '--cluster', '2', '--redirect=never');
  const [url] = await urls(run, 2);
  await new WeriftClient(url!).ready();
  await expect.poll(() => run.output).toMatch(/<- ws\s+notify event_type=connection\.created/);
  run.child.kill('SIGINT');
  expect(await run.exit).toBe(0);
});

test('a JSON log on standard output holds nothing else; a file gives the options, flags go first', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'rx-sora-lab-'));
  const file = join(directory, 'lab.json');
  await writeFile(
    file,
    JSON.stringify({
      port: 0,
      normalCloseReason: true,
      faults: [{ fault: { kind: 'websocket-close', code: 4444 }, at: 'open' }],
      cluster: 3,
    }),
  );
  const run = start('--config', file, '--log', 'json', '--cluster', '1');
  const [url] = await urls(run, 1);
  expect(await new WeriftClient(url!).closed()).toMatchObject({ code: 4444 });
  await expect.poll(() => run.output).toContain('"type":"websocket-close"');
  run.child.kill('SIGTERM');
  expect(await run.exit).toBe(0);
  const lines = run.output.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toContain('websocket-open');
  await rm(directory, { recursive: true });
});

test('a port in use: one clear line and 1', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const run = start('--port', String(port));
  expect(await run.exit).toBe(1);
  expect(run.output).toBe(`rx-sora-lab: port ${port} of 127.0.0.1 is in use\n`);
  server.close();
});

test('--help and a wrong flag', async () => {
  const help = start('--help');
  expect(await help.exit).toBe(0);
  expect(help.output).toContain('Usage: rx-sora-lab [options]');
  const wrong = start('--prot', '1');
  expect(await wrong.exit).toBe(1);
  expect(wrong.output).toBe('rx-sora-lab: --prot is not an option\n');
});

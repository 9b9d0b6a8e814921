import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BehaviorSubject, filter, firstValueFrom, map } from 'rxjs';
import { afterEach, expect, test } from 'vitest';
import { closeClients, WeriftClient } from './support/werift-client.ts';

const command = new URL('../../bin/rx-sora-lab.js', import.meta.url).pathname;

interface Run {
  readonly child: ChildProcess;
  output: string;
  readonly exit: Promise<number | null>;
  /** Resolves with the match once there is one in the output. */
  readonly printed: (pattern: RegExp) => Promise<RegExpExecArray>;
}

const runs: Run[] = [];
afterEach(async () => {
  await closeClients();
  for (const { child } of runs.splice(0)) child.kill('SIGKILL');
});

const start = (...args: readonly string[]): Run => {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
  const outputSubject = new BehaviorSubject('');
  const run: Run = {
    child,
    output: '',
    exit: once(child, 'close').then(([code]) => code as number | null),
    printed: (pattern) =>
      firstValueFrom(
        outputSubject.pipe(
          map((output) => pattern.exec(output)),
          filter((match) => match !== null),
        ),
      ),
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      run.output += chunk.toString();
      outputSubject.next(run.output);
    });
  }
  child.once('close', () => outputSubject.error(new Error(`the command is over; it printed ${run.output}`)));
  runs.push(run);
  return run;
};

const urls = async (run: Run, count: number): Promise<readonly string[]> => {
  await run.printed(/HTTP API/);
  const found = [...run.output.matchAll(/ws:\/\/\S+/g)].map(([url]) => url).slice(0, count);
  expect(found).toHaveLength(count);
  return found;
};

/** The line of the log for people that has this verb. */
const logged = async (run: Run, verb: string): Promise<string> => {
  const [, line] = await run.printed(new RegExp(`^(\\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\S+ +${verb}\\b.*)\\n`, 'm'));
  return line!;
};

test('starts, shows connects, ends and faults as they happen, stops on SIGINT with 0', async () => {
  const run = start('--port', '0', '--cluster', '2', '--redirect=never');
  const [url] = await urls(run, 2);
  const ann = await new WeriftClient(url!, { connect: { client_id: 'ann' }, mode: 'both' }).ready();
  expect(await logged(run, 'connect')).toMatch(/channel room, client ann, sendrecv, WebSocket \+ DataChannel$/);
  expect(await logged(run, 'connected')).toMatch(/after [\d.]+ m?s$/);
  expect(await logged(run, 'switched')).toMatch(/after [\d.]+ m?s$/);
  const page = url!.replace(/^ws(.*)signaling$/, 'http$1');
  await fetch(`${page}lab/faults/inject`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ fault: { kind: 'websocket-cut' }, match: { clientId: 'ann' } }),
  });
  await ann.closed();
  expect(await logged(run, 'fault')).toMatch(/websocket-cut$/);
  expect(await logged(run, 'ended')).toMatch(/after [\d.]+ m?s: the WebSocket was lost$/);
  expect(run.output).not.toMatch(/notify/);
  run.child.kill('SIGINT');
  expect(await run.exit).toBe(0);
});

test('with --log messages every message has its line', async () => {
  const run = start('--port', '0', '--log', 'messages');
  const [url] = await urls(run, 1);
  await new WeriftClient(url!).ready();
  await run.printed(/<- ws\s+notify event_type=connection\.created/);
  run.child.kill('SIGINT');
  expect(await run.exit).toBe(0);
});

test('with --log json standard output holds nothing else; a file gives the options, and flags win', async () => {
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
  await run.printed(/"type":"websocket-close"/);
  run.child.kill('SIGTERM');
  expect(await run.exit).toBe(0);
  const lines = run.output.split('\n').filter((line) => line.startsWith('{'));
  expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toContain('websocket-open');
  await rm(directory, { recursive: true });
});

test('a port in use is one line, and exit code 1', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const run = start('--port', String(port));
  expect(await run.exit).toBe(1);
  expect(run.output).toBe(
    `rx-sora-lab: port ${port} of 127.0.0.1 is in use. Choose another port with --port; --port 0 takes a free one.\n`,
  );
  server.close();
});

test.each([
  [['--config', 'nowhere.json'], 'cannot read nowhere.json: no such file or directory'],
  // An address for documentation (RFC 5737): no machine has it.
  [['--host', '203.0.113.9', '--host-names', 'lab.example'], '--host 203.0.113.9 is not an address of this machine'],
  [
    ['--host', '203.0.113.9'],
    '--host-names is required with host 203.0.113.9: list the names and addresses by which clients reach this machine',
  ],
  [['--prot', '1'], 'unknown option --prot. Did you mean --port?'],
  [['--cluster', '9'], '--cluster must be an integer from 1 to 8'],
])('%j is one line, and exit code 1', async (args, line) => {
  const run = start('--port', '0', ...args);
  expect(await run.exit).toBe(1);
  expect(run.output).toBe(`rx-sora-lab: ${line}\n`);
});

test('--help', async () => {
  const help = start('--help');
  expect(await help.exit).toBe(0);
  expect(help.output).toContain('Usage: rx-sora-lab [options]');
});

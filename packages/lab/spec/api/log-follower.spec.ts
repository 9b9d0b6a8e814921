import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { control, type ControlSubject } from '../../src/api/control.ts';
import { FaultList } from '../../src/faults/fault-list.ts';
import { LabLog } from '../../src/log/lab-log.ts';

const MEBIBYTE = 1024 * 1024;

const subjectOf = (log: LabLog): ControlSubject => ({ log, faults: new FaultList(() => 0), connections: [], urls: [] });

/** The answer to a reader that takes nothing. Every line counts as one byte. */
class HeldResponse extends EventEmitter {
  readonly lines: string[] = [];
  writableLength = 0;
  destroyed = false;
  ended = false;

  hasHeaders = false;

  writeHead(): this {
    return this;
  }

  flushHeaders(): void {
    this.hasHeaders = true;
  }

  write(line: string): boolean {
    this.lines.push(line);
    this.writableLength += 1;
    return false;
  }

  end(): void {
    this.ended = true;
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const entry = (type: string, connectionId?: string) =>
  ({ kind: 'event', node: 'n', type, ...(connectionId !== undefined && { connectionId }) }) as const;

async function following(log: LabLog, query = ''): Promise<HeldResponse> {
  const response = new HeldResponse();
  await control(subjectOf(log), {
    method: 'GET',
    url: new URL(`http://lab/lab/log?follow=1${query}`),
    request: undefined as never,
    response: response as unknown as ServerResponse,
    body: () => Promise.resolve(undefined),
  });
  return response;
}

const types = ({ lines }: HeldResponse): readonly unknown[] => lines.map((line) => (JSON.parse(line) as { readonly type: unknown }).type);

describe('who follows the log', () => {
  test('has the headers before the first entry', async () => {
    const response = await following(new LabLog({ capacity: 10, capacityBytes: Infinity }));
    expect([response.hasHeaders, response.lines]).toEqual([true, []]);
  });

  test('gets what is kept, then what comes, a line each', async () => {
    const log = new LabLog({ capacity: 10, capacityBytes: Infinity });
    log.add(entry('kept'));
    const reader = await following(log);
    log.add(entry('new'));
    expect(types(reader)).toEqual(['kept', 'new']);
    expect(reader.lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  test('may pick one connection', async () => {
    const log = new LabLog({ capacity: 10, capacityBytes: Infinity });
    const reader = await following(log, '&connectionId=C');
    for (const [type, connectionId] of [['mine', 'C'], ['yours', 'D'], ["nobody's"]] as const) log.add(entry(type, connectionId));
    expect(types(reader)).toEqual(['mine']);
  });

  test('receives nothing more once it has left', async () => {
    const log = new LabLog({ capacity: 10, capacityBytes: Infinity });
    const reader = await following(log);
    reader.emit('close');
    log.add(entry('new'));
    expect([types(reader), reader.ended]).toEqual([[], true]);
  });

  test('is at the end when the lab is closed', async () => {
    const log = new LabLog({ capacity: 10, capacityBytes: Infinity });
    const reader = await following(log);
    log.add(entry('last'));
    expect(reader.ended).toBe(false);
    log.close();
    expect([types(reader), reader.ended, reader.destroyed]).toEqual([['last'], true, false]);
  });
});

describe('a reader that takes nothing', () => {
  test('may be 64 MiB behind, and is cut at the next line', async () => {
    const log = new LabLog({ capacity: 0, capacityBytes: 0 });
    const reader = await following(log);
    reader.writableLength = 64 * MEBIBYTE - 1;
    log.add(entry('full'));
    expect([reader.writableLength, reader.destroyed]).toEqual([64 * MEBIBYTE, false]);
    log.add(entry('above'));
    log.add(entry('after'));
    expect([types(reader), reader.destroyed]).toEqual([['full', 'above'], true]);
  });

  test('loses nobody else a line', async () => {
    const log = new LabLog({ capacity: 0, capacityBytes: 0 });
    const [slow, quick] = [await following(log), await following(log)];
    slow.writableLength = 64 * MEBIBYTE;
    for (const type of ['a', 'b']) log.add(entry(type));
    expect([slow.destroyed, types(slow), quick.destroyed, types(quick)]).toEqual([true, ['a'], false, ['a', 'b']]);
  });

  test('that catches up in time stays', async () => {
    const log = new LabLog({ capacity: 0, capacityBytes: 0 });
    const reader = await following(log);
    for (const type of ['a', 'b', 'c']) {
      reader.writableLength = 64 * MEBIBYTE - 1;
      log.add(entry(type));
    }
    expect([types(reader), reader.destroyed]).toEqual([['a', 'b', 'c'], false]);
  });
});

describe('over a socket', () => {
  const close: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const each of close.splice(0)) await each();
  });

  test('a reader that stands still is cut off before it takes more memory', { timeout: 30_000 }, async () => {
    const log = new LabLog({ capacity: 0, capacityBytes: 0 });
    const subject = subjectOf(log);
    const responses: ServerResponse[] = [];
    const server = createServer((request, response) => {
      responses.push(response);
      const url = new URL(request.url!, 'http://lab');
      void control(subject, { method: 'GET', url, request, response, body: () => Promise.resolve(undefined) });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    close.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const reader = connect((server.address() as AddressInfo).port, '127.0.0.1');
    // A reset is what a reader that was cut sees.
    reader.on('error', () => undefined);
    reader.write('GET /lab/log?follow=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await once(server, 'request');
    reader.pause();
    const [response] = responses;
    const gone = once(response!, 'close');
    let most = 0;
    for (let count = 0; count < 400 && !response!.destroyed; count += 1) {
      log.add({ ...entry('large'), detail: { padding: 'x'.repeat(MEBIBYTE) } });
      most = Math.max(most, response!.writableLength);
      await new Promise(setImmediate);
    }
    await gone;
    expect(response!.destroyed).toBe(true);
    expect(most).toBeLessThan(66 * MEBIBYTE);
    reader.destroy();
  });
});

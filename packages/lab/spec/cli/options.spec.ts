import { describe, expect, test } from 'vitest';
import { readCommand, UsageError } from '../../src/cli/options.ts';

const noFile = (): string => {
  throw new Error('no file is read');
};
const read = (...args: string[]) => readCommand(args, noFile);

test('nothing: port 5000 and a log for people', () => {
  expect(read()).toEqual({ kind: 'start', options: { port: 5000 }, log: 'readable', colours: undefined });
});

test('numbers, flags, texts, JSON, with and without =', () => {
  const faults = '[{"fault":{"kind":"silent"}}]';
  expect(
    read(
      '--port=0',
      '--cluster',
      '2',
      '--close-message',
      '--no-messaging',
      '--video-codec',
      'VP8',
      '--faults',
      faults,
      '--bundle-id=false',
    ),
  ).toMatchObject({
    options: {
      port: 0,
      cluster: 2,
      closeMessage: true,
      messaging: false,
      videoCodec: 'VP8',
      faults: [{ fault: { kind: 'silent' } }],
      bundleId: false,
    },
  });
});

test('a file gives the options, flags go first', () => {
  const command = readCommand(['--config', 'lab.json', '--port', '1'], (path) => `{"port":2,"host":"::1","version":"${path}"}`);
  expect(command).toMatchObject({ options: { port: 1, host: '::1', version: 'lab.json' } });
});

test('log and colours', () => {
  expect(read('--log', 'json', '--no-colours')).toMatchObject({ log: 'json', colours: false });
  expect(read('--colours')).toMatchObject({ colours: true });
});

test('help and version', () => {
  expect(read('--port', '1', '-h')).toEqual({ kind: 'help' });
  expect(read('--version')).toEqual({ kind: 'version' });
  expect(read('--version', 'lab-9')).toMatchObject({ options: { version: 'lab-9' } });
});

describe('what cannot be understood', () => {
  test.each([
    [['--prot'], '--prot is not an option'],
    [['port'], 'port is not an option'],
    [['--auth', '{}'], '--auth is not an option'],
    [['--no-port'], '--no-port is not an option'],
    [['--port'], '--port needs a value'],
    [['--port', 'x'], '--port needs a whole number, not x'],
    [['--rpc=maybe'], '--rpc needs true or false, not maybe'],
    [['--faults', '{'], '--faults needs JSON, not {'],
    [['--log', 'loud'], '--log needs one of readable, json, none'],
  ])('%j', (args, message) => {
    expect(() => readCommand(args, noFile)).toThrow(new UsageError(message));
  });

  test.each([
    ['[]', 'f holds no JSON object'],
    ['{"prot":1}', 'f: prot is not an option'],
    ['{"auth":1}', 'f: auth is not an option'],
  ])('a file with %s', (text, message) => {
    expect(() => readCommand(['--config', 'f'], () => text)).toThrow(new UsageError(message));
  });
});

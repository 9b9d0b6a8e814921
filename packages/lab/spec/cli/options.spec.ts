import { describe, expect, test } from 'vitest';
import { flagOf, OPTION_TABLE } from '../../src/cli/option-table.ts';
import { readCommand, type StartCommand } from '../../src/cli/options.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { FLAG_OPTIONS, NUMBER_OPTIONS, OPTION_NAMES } from '../../src/settings.ts';

const noFile = (): string => {
  throw new Error('no file is read');
};
const read = (...args: readonly string[]) => readCommand(args, noFile);
const start = (...args: readonly string[]): StartCommand => {
  const command = read(...args);
  if (command.kind !== 'start') throw new Error(command.kind);
  return command;
};

describe('the table of options', () => {
  test('has every option of startLab but the function auth, once', () => {
    expect(OPTION_TABLE.map(({ option }) => option).sort()).toEqual(OPTION_NAMES.filter((name) => name !== 'auth').sort());
  });

  test('agrees with the settings about numbers and switches', () => {
    const ofKind = (kind: string) => OPTION_TABLE.filter((row) => row.kind === kind).map(({ option }) => option);
    expect(ofKind('number').sort()).toEqual([...NUMBER_OPTIONS].sort());
    expect(ofKind('switch').sort()).toEqual(['compress', ...FLAG_OPTIONS].sort());
  });

  test('gives each option a flag of its own, beside those of the command', () => {
    const flags = [...OPTION_TABLE.map(flagOf), 'config', 'log', 'colours', 'help', 'help-all', 'version'];
    expect(new Set(flags).size).toBe(flags.length);
  });
});

describe('without arguments', () => {
  test('it starts on port 5000 with a log for people', () => {
    expect(start()).toMatchObject({ kind: 'start', options: { port: 5000 }, log: 'readable', colours: undefined });
  });
});

describe('a flag', () => {
  test('takes its value with and without =', () => {
    expect(start('--port=0', '--cluster', '2', '--video-codec', 'VP8', '--offer-version', 'a=b').options).toEqual({
      port: 0,
      cluster: 2,
      videoCodec: 'VP8',
      version: 'a=b',
    });
  });

  test('is a switch, on or off', () => {
    expect(start('--close-message', '--no-messaging', '--bundle-id=false', '--no-rpc=false').options).toMatchObject({
      closeMessage: true,
      messaging: false,
      bundleId: false,
      rpc: true,
    });
  });

  test('holds JSON', () => {
    const { options } = start('--faults', '[{"fault":{"kind":"silent"}}]', '--rpc-methods', '["a"]');
    expect(options).toMatchObject({ faults: [{ fault: { kind: 'silent' } }], rpcMethods: ['a'] });
  });

  test('given twice counts the last time', () => {
    expect(start('--port', '1', '--port', '2').options.port).toBe(2);
  });
});

describe('a configuration file', () => {
  const withFile = (text: string, ...args: readonly string[]) => readCommand(['--config', 'lab.json', ...args], () => text);

  test('gives options, and flags win', () => {
    expect(withFile('{"port":2,"host":"::1"}', '--port', '1')).toMatchObject({ options: { port: 1, host: '::1' } });
  });

  test.each([
    ['[]', 'lab.json must hold a JSON object'],
    ['{"prot":1}', 'lab.json: unknown option prot. Did you mean port?'],
    ['{"auth":1}', 'lab.json: unknown option auth'],
    ['{"faults":[{"fault":{"kind":"offer-delay"}}]}', 'lab.json: faults: unknown fault offer-delay. Did you mean offer-delayed?'],
  ])('with %s is refused in one line', (text, message) => {
    expect(() => withFile(text)).toThrow(new RegExp(`^${message.replaceAll(/[.?()]/g, '\\$&')}`));
  });

  test('that is not JSON is refused in one line with the place', () => {
    expect(() => withFile('{\n"port": x\n}')).toThrow(/^lab\.json is not JSON: [^\n]+$/);
  });

  test('that cannot be read is refused in one line with the reason', () => {
    const missing = (): string => {
      throw new Error("ENOENT: no such file or directory, open 'lab.json'");
    };
    expect(() => readCommand(['--config', 'lab.json'], missing)).toThrow(new UsageError('cannot read lab.json: no such file or directory'));
  });
});

describe('what the user wrote', () => {
  test('is the flag, the file with the name in it, or the flag that there would be', () => {
    const command = readCommand(['--config', 'lab.json', '--port', '1', '--no-rpc'], () => '{"host":"x","port":3}');
    if (command.kind !== 'start') throw new Error(command.kind);
    expect(['port', 'rpc', 'host', 'cluster'].map(command.written)).toEqual(['--port', '--no-rpc', 'lab.json: host', '--cluster']);
  });
});

test('log and colours', () => {
  expect(start('--log', 'json', '--no-colours')).toMatchObject({ log: 'json', colours: false });
  expect(start('--log=messages', '--colours')).toMatchObject({ log: 'messages', colours: true });
});

test('help and version win over everything else', () => {
  expect(read('--port', '1', '-h')).toEqual({ kind: 'help', all: false });
  expect(read('--help-all')).toEqual({ kind: 'help', all: true });
  expect(read('--version', '--port', '1')).toEqual({ kind: 'version' });
});

test.each([
  [['--prot', '1'], 'unknown option --prot. Did you mean --port?'],
  [['--pingIntervalMs', '1'], 'unknown option --pingIntervalMs. Did you mean --ping-interval-ms?'],
  [['--webhook', 'x'], 'unknown option --webhook. Did you mean --auth-webhook-url?'],
  [['--auth', '{}'], 'unknown option --auth. Did you mean --auth-webhook-url?'],
  [['--no-port'], 'unknown option --no-port. Did you mean --port?'],
  [['-p', '1'], 'unknown option -p. Did you mean --port?'],
  [['--quite-something-else'], 'unknown option --quite-something-else'],
  [['8080'], 'unexpected argument 8080. Did you mean --port 8080?'],
  [['serve'], 'unexpected argument serve'],
  [['--'], 'unexpected argument --'],
  [['--port'], '--port needs a value'],
  [['--host', '--port', '1'], '--host needs a value'],
  [['--port', 'x'], '--port needs a whole number, not x'],
  [['--port='], '--port needs a whole number, not '],
  [['--rpc=maybe'], '--rpc needs true or false, not maybe'],
  [['--faults', '{'], '--faults needs JSON, not {'],
  [['--faults', '[{"fault":{"kind":"slient"}}]'], '--faults: unknown fault slient. Did you mean silent?'],
  [['--log', 'redable'], '--log must be one of readable, messages, json, none, not redable. Did you mean readable?'],
])('%j is refused with a hint', (args, message) => {
  expect(() => read(...args)).toThrow(new UsageError(message));
});

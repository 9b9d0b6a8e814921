import { expect, test } from 'vitest';
import { HELP, HELP_ALL } from '../../src/cli/help.ts';
import { flagOf, OPTION_TABLE } from '../../src/cli/option-table.ts';
import { readCommand } from '../../src/cli/options.ts';

const flagsIn = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('  --'))
    .flatMap((line) => [...line.split('  ')[1]!.matchAll(/--([a-z-]+)/g)].map(([flag]) => flag));

test('--help fits one screen of 80 columns and 24 lines', () => {
  const lines = HELP.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(24);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});

test('--help-all lists every option, what is on with the flag that turns it off', () => {
  const listed = flagsIn(HELP_ALL).map((flag) => flag.replace(/^--(no-)?/, ''));
  expect(OPTION_TABLE.map(flagOf).filter((flag) => !listed.includes(flag))).toEqual([]);
  expect(HELP_ALL).toContain('--no-messaging');
  expect(HELP_ALL).not.toContain('--no-close-message');
});

test.each([
  ['--help', HELP],
  ['--help-all', HELP_ALL],
])('%s names only flags that exist', (_, text) => {
  const flags = flagsIn(text);
  expect(flags.length).toBeGreaterThan(10);
  const unknown = flags.filter((flag) => {
    try {
      readCommand([flag, '0'], () => '{}');
      return false;
    } catch (error) {
      return String(error).includes('unknown option');
    }
  });
  expect(unknown).toEqual([]);
});

test('shows the defaults of the command', () => {
  expect(HELP).toMatch(/--port <n> .* \(5000\)$/m);
  expect(HELP_ALL).toMatch(/--ping-interval-ms <n> .* \(5000\)$/m);
  expect(HELP_ALL).toMatch(/--lifetime-ms <n> .* 0 has no limit$/m);
});

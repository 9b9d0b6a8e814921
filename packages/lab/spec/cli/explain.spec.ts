import { describe, expect, test } from 'vitest';
import { explain } from '../../src/cli/explain.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { LabOptionsError } from '../../src/lab-options.ts';
import { LabPortError } from '../../src/lab-port-error.ts';

const written = (option: string): string => `--${option}`;
const systemError = (code: string, syscall: string): Error => Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

describe('what a user can mend is one line', () => {
  test.each<[Error, string]>([
    [new UsageError('unknown option --x'), 'unknown option --x'],
    [new LabOptionsError('cluster', 'must be an integer from 1 to 8'), '--cluster must be an integer from 1 to 8'],
    [new LabOptionsError('closeCodes.stopped.code', 'cannot be sent'), '--closeCodes.stopped.code cannot be sent'],
    [
      new LabPortError('127.0.0.1', 5000, systemError('EADDRINUSE', 'listen')),
      'port 5000 of 127.0.0.1 is in use. Choose another port with --port; --port 0 takes a free one.',
    ],
    [new LabPortError('127.0.0.1', 80, systemError('EACCES', 'listen')), 'port 80 of 127.0.0.1 may not be opened without more rights'],
    [new LabPortError('10.9.9.9', 80, systemError('EADDRNOTAVAIL', 'listen')), '--host 10.9.9.9 is not an address of this machine'],
    [systemError('EADDRNOTAVAIL', 'bind'), '--host 10.9.9.9 is not an address of this machine'],
    [systemError('ENOTFOUND', 'getaddrinfo'), '--host 10.9.9.9 cannot be resolved (ENOTFOUND)'],
  ])('%s', (error, line) => {
    expect(explain(error, written, '10.9.9.9')).toBe(line);
  });
});

test('what nobody expects keeps its trace', () => {
  const error = new Error('unexpected');
  expect(explain(error, written)).toBe(error.stack);
  expect(explain('odd', written)).toBe('odd');
});

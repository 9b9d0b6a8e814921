import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('docs/parity.md is what the specs say', () => {
  expect(() => execFileSync(process.execPath, ['scripts/parity.mjs', '--check'], { stdio: 'pipe' })).not.toThrow();
});

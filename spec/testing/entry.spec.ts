import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../../src/testing/', import.meta.url);

test('rx-sora/testing imports no test runner: rxjs and this package only', () => {
  const imported = readdirSync(folder)
    .flatMap((file) => [...readFileSync(new URL(file, folder), 'utf8').matchAll(/from '([^']+)'/g)])
    .map(([, name = '']) => name)
    .filter((name) => !name.startsWith('.'));
  expect(imported.length).toBeGreaterThan(0);
  expect([...new Set(imported)].sort()).toEqual(['rxjs', 'rxjs/testing']);
});

test('importing rx-sora/testing touches no global', async () => {
  const before = Object.getOwnPropertyNames(globalThis);
  await import('../../src/testing/index.ts');
  expect(Object.getOwnPropertyNames(globalThis)).toEqual(before);
});

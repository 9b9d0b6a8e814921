import { expect, test } from 'vitest';
import { namesThisMachine } from '../../src/api/local-host.ts';

test.each([
  ['127.0.0.1:80', true],
  ['localhost', true],
  ['localhost:5000', true],
  ['[::1]:5000', true],
  ['evil.example:5000', false],
  ['127.evil.example', false],
  [undefined, false],
])('a lab on the loopback address, asked as %s: %s', (host, allowed) => {
  expect(namesThisMachine('127.0.0.1', host)).toBe(allowed);
});

test('a lab that listens to the network takes any name', () => {
  expect(namesThisMachine('0.0.0.0', 'lab.example')).toBe(true);
});

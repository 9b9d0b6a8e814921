import { expect, test } from 'vitest';
import { RateLimit } from '../../src/connection/rate-limit.ts';

test('twice the rate at once, then as much as fills up again', () => {
  let now = 0;
  const limit = new RateLimit(10, () => now);
  const granted = (count: number): number => Array.from({ length: count }, () => limit.take()).filter(Boolean).length;
  expect(granted(30)).toBe(20);
  now = 500;
  expect(granted(30)).toBe(5);
  now = 60_000;
  expect(granted(30)).toBe(20);
});

test('0 has no limit', () => {
  const limit = new RateLimit(0);
  expect(Array.from({ length: 1000 }, () => limit.take()).every(Boolean)).toBe(true);
});

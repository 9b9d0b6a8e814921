import { expect, test } from 'vitest';
import { alternating, each } from './alternating.ts';
import type { Sdk } from './sdk.ts';

test('both are measured in turn, the order is swapped every round, and warm-up rounds do not count', async () => {
  const order: Sdk[] = [];
  const samples = await alternating({ warmUp: 1, counted: 3 }, (sdk) => Promise.resolve(order.push(sdk)));
  expect(order.map((sdk) => sdk[0]).join('')).toBe('ro' + 'or' + 'ro' + 'or');
  expect(samples).toEqual({ rxSora: [4, 5, 8], official: [3, 6, 7] });
  expect(each(samples, (sample) => sample * 10)).toEqual({ rxSora: [40, 50, 80], official: [30, 60, 70] });
});

import { describe, expect, test } from 'vitest';
import { cutPoints } from './cut-points.ts';
import { Life, cuts, nothing } from './life.ts';

test('there are 53 cut points, each with a name of its own', () => {
  expect(new Set(cutPoints.map(({ name }) => name)).size).toBe(53);
  expect(cutPoints).toHaveLength(53);
});

describe.each(cutPoints)('$name', (point) => {
  test.each(cuts)('%s: nothing is left, at the end and long after', async (cut) => {
    const { reached, terminations, remains, late, errors, settled } = new Life(point, cut).run();

    expect(reached).toBe(true);
    expect(errors).toEqual([]);
    expect(terminations).toHaveLength(1);
    expect(remains).toEqual(nothing);
    expect(late).toEqual(nothing);
    await settled;
  });
});

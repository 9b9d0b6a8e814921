import { describe, expect, test } from 'vitest';
import { diagramEntries } from '../../src/model/diagram-entries.ts';
import { message, signaling, state } from '../support/entries.ts';

const many = (count: number, make: (at: number) => ReturnType<typeof message>): ReturnType<typeof message>[] =>
  Array.from({ length: count }, (_, at) => make(at));

describe('the entries of a diagram', () => {
  test('are all, while they are not too many', () => {
    const all = many(1500, (at) => message(at));
    expect(diagramEntries(all).entries).toBe(all);
  });

  test('leave out the crowd, but not its latest, and keep what tells how it began and ended', () => {
    const all = [state(0, 'opening'), signaling(1, 'offer', {}), ...many(10_000, (at) => message(at + 2)), state(10_002, 'ended')];
    const { entries, places } = diagramEntries(all);
    expect(entries.length).toBeLessThanOrEqual(1500);
    expect(entries.slice(0, 2)).toEqual(all.slice(0, 2));
    expect(entries.slice(-500)).toEqual(all.slice(-500));
    expect(places.map((place) => all[place])).toEqual(entries);
  });

  test('are bounded where none of them is of the crowd', () => {
    const all = many(10_000, (at) => signaling(at, 're-offer', {}));
    const { entries, places } = diagramEntries(all);
    expect(entries).toHaveLength(1500);
    expect([places[0], places.at(-1)]).toEqual([0, 9999]);
  });
});

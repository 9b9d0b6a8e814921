import { fc, test as propertyTest } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { type MemberList, memberList } from '../../src/roster/member-list.ts';

type Change = readonly ['with', string, number] | readonly ['without', string];

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.constant('with' as const), id, fc.nat(99)),
  fc.tuple(fc.constant('without' as const), id),
);

/** The same with copies: a Map keeps the order of arrival. */
const applied = (map: ReadonlyMap<string, number>, change: Change): Map<string, number> => {
  const copy = new Map(map);
  if (change[0] === 'with') copy.set(change[1], change[2]);
  else copy.delete(change[1]);
  return copy;
};

propertyTest.prop([fc.array(change, { maxLength: 20 }), fc.infiniteStream(fc.nat())])(
  'every version reads as a copy would, in whatever order versions are read for the first time',
  (changes, random) => {
    const versions: MemberList<number>[] = [memberList<number>()];
    const copies: ReadonlyMap<string, number>[] = [new Map()];
    for (const each of changes) {
      const last = versions.at(-1)!;
      versions.push(each[0] === 'with' ? last.with(each[1], each[2]) : last.without(each[1]));
      copies.push(applied(copies.at(-1)!, each));
    }
    const order = versions.map((_, index) => ({ index, rank: random.next().value as number })).sort((a, b) => a.rank - b.rank);
    for (const { index } of order) {
      for (const name of ['a', 'b', 'c', 'd', 'e']) expect(versions[index]!.get(name)).toBe(copies[index]!.get(name));
      expect(versions[index]!.items()).toEqual([...copies[index]!.values()]);
    }
  },
);

test('items are made once for each version', () => {
  const list = memberList<number>().with('a', 1);
  const items = list.items();
  list.with('b', 2);
  expect(list.items()).toBe(items);
});

test('taking away an item that is not listed gives the same list', () => {
  const list = memberList<number>().with('a', 1);
  expect(list.without('b')).toBe(list);
});

test('a newer version does not hold an older one', () => {
  const first = memberList<object>().with('a', {});
  const second = first.without('a');
  expect(Object.values(second)).not.toContain(first);
});

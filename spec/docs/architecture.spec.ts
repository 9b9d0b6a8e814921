import { describe, expect, test } from 'vitest';
import { circles, importsOfSource, roomOf } from './support/imports.ts';
import { tableRows } from './support/markdown.ts';

const imports = importsOfSource();

/** The table of floors in the page is the rule: ground first, a room with what it may import. */
const floors = tableRows('docs/architecture.md', 'The floors').map(([floor = '', room = '', , allowed = '']) => ({
  floor: Number(floor),
  rooms: names(room),
  allowed: names(allowed),
  types: names(/types of (.*)$/.exec(allowed)?.[1] ?? ''),
}));

/** What stands in backticks: rooms, or the packages that a room may import. */
function names(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replace(/^src\//, '').replace(/\/$/, ''));
}

describe('the floors of docs/architecture.md', () => {
  test('have every room of src', () => {
    const rooms = new Set(imports.map(({ from }) => roomOf(from)));
    const named = floors.flatMap(({ rooms: each }) => each);
    expect([...rooms].filter((room) => !named.includes(room))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  test('only let imports go down', () => {
    const floorOf = (room: string): number => floors.find(({ rooms }) => rooms.includes(room))?.floor ?? 0;
    const up = floors.flatMap(({ floor, rooms, allowed }) => allowed.filter((room) => floorOf(room) >= floor && !rooms.includes(room)));
    expect(up).toEqual([]);
  });

  test('are kept by every import', () => {
    const against = imports.filter(({ from, to, isPackage, typesOnly }) => {
      const home = floors.find(({ rooms }) => rooms.includes(roomOf(from)));
      const target = isPackage ? to : roomOf(to);
      if (home === undefined || (!isPackage && home.rooms.length === 1 && home.rooms.includes(target))) return false;
      if (!isPackage && roomOf(from) === target) return false;
      const name = isPackage
        ? (home.allowed.find((allowed) => to === allowed || (allowed.endsWith(':*') && to.startsWith(allowed.slice(0, -1)))) ?? to)
        : target;
      return !home.allowed.includes(name) || (home.types.includes(name) && !typesOnly);
    });
    expect(against.map(({ from, to }) => `src/${from} imports ${to}`)).toEqual([]);
  });

  test('no file imports, through others, the values of itself', () => {
    expect(circles(imports)).toEqual([]);
  });
});

describe('the lab', () => {
  const ofLab = importsOfSource('packages/lab/src');

  test('stands alone: it shares no code with the client that it tests', () => {
    const packages = ofLab.filter(({ isPackage }) => isPackage).map(({ to }) => to);
    expect(packages.filter((name) => !['leven', 'rxjs', 'ws'].includes(name) && !name.startsWith('node:'))).toEqual([]);
    expect(ofLab.filter(({ to }) => to.startsWith('..'))).toEqual([]);
  });

  test('no file imports, through others, the values of itself', () => {
    expect(circles(ofLab)).toEqual([]);
  });
});

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

describe('the inspector', () => {
  const ofInspector = importsOfSource('packages/inspector/src');

  test('knows the SDK by its public names, and nothing of the lab', () => {
    const packages = ofInspector.filter(({ isPackage }) => isPackage).map(({ to }) => to);
    expect(packages.filter((name) => !/^(rx-sora(\/\w+)?|rxjs|uplot|lit\/.+\.js)$/.test(name))).toEqual([]);
    expect(ofInspector.filter(({ to }) => to.startsWith('..'))).toEqual([]);
  });

  test('no file imports, through others, the values of itself', () => {
    expect(circles(ofInspector)).toEqual([]);
  });
});

describe("the lab's page", () => {
  const ofPage = importsOfSource('packages/lab/page');

  test('knows the SDK and the inspector by their public names, and of the lab nothing but types', () => {
    const packages = ofPage.filter(({ isPackage, typesOnly, to }) => isPackage && !(typesOnly && to === 'rx-sora-lab')).map(({ to }) => to);
    expect(packages.filter((name) => !/^(rx-sora(\/\w+)?|rx-sora-inspector|rxjs|lit\/.+\.js)$/.test(name))).toEqual([]);
    expect(ofPage.filter(({ to }) => to.startsWith('..'))).toEqual([]);
  });

  test('no file imports, through others, the values of itself', () => {
    expect(circles(ofPage)).toEqual([]);
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

  test('outside the WebRTC endpoint, no file imports itself through others, type imports included', () => {
    const inEndpoint = (path: string): boolean => path.startsWith('rtc/');
    expect(
      circles(
        ofLab.filter(({ from }) => !inEndpoint(from)),
        'types too',
      ),
    ).toEqual([]);
  });

  /** The table of rooms in the README is the rule: a row may import from rows below it, and rooms of one row from one another. */
  const rows = tableRows('packages/lab/README.md', 'How it is built').map(([cell = '']) => names(cell));
  const rowOf = (path: string): number => rows.findIndex((rooms) => rooms.includes(roomOf(path)));

  test('has every folder of its source in the table of rooms', () => {
    const folders = new Set(ofLab.map(({ from }) => roomOf(from)).filter((room) => !room.endsWith('.ts')));
    expect([...folders].filter((room) => !rows.flat().includes(room))).toEqual([]);
  });

  test('only imports down the table of rooms, types included', () => {
    const up = ofLab.filter(({ from, to, isPackage }) => !isPackage && rowOf(from) >= 0 && rowOf(to) >= 0 && rowOf(to) < rowOf(from));
    expect(up.map(({ from, to }) => `src/${from} imports src/${to}`)).toEqual([]);
  });
});

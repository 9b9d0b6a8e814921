import { describe, expect, test } from 'vitest';
import { entryBytes } from '../../src/log/entry-size.ts';
import { LabLog } from '../../src/log/lab-log.ts';

const logOf = (capacity: number, capacityBytes = Infinity): LabLog => new LabLog({ capacity, capacityBytes });
const entry = (type: string) => ({ kind: 'event', node: 'n', type }) as const;
const record = (log: LabLog): string[] => {
  const seen: string[] = [];
  log.entries$.subscribe({ next: ({ sequence, type }) => seen.push(`${sequence}${type}`), complete: () => seen.push('|') });
  return seen;
};

test('late readers get the entries kept, then every new one, then the completion', () => {
  const log = logOf(2);
  for (const type of ['a', 'b', 'c']) log.add(entry(type));
  const seen = record(log);
  log.add(entry('d'));
  log.close();
  expect(seen).toEqual(['2b', '3c', '4d', '|']);
  expect(record(log)).toEqual(['3c', '4d', '|']);
});

test('an entry that a reader adds follows the one that caused it, for every reader', () => {
  const log = logOf(10);
  log.entries$.subscribe(({ type }) => {
    if (type === 'cause') log.add(entry('effect'));
  });
  const seen = record(log);
  log.add(entry('cause'));
  expect(seen).toEqual(['1cause', '2effect']);
});

test('an entry that is added during the replay is not lost', () => {
  const log = logOf(10);
  log.add(entry('old'));
  const seen: string[] = [];
  log.entries$.subscribe(({ type }) => {
    seen.push(type);
    if (type === 'old') log.add(entry('new'));
  });
  expect(seen).toEqual(['old', 'new']);
});

test('a capacity of 0 keeps nothing', () => {
  const log = logOf(0);
  log.add(entry('a'));
  expect(log.entries()).toEqual([]);
});

describe('the bytes of the entries kept', () => {
  const large = (type: string, length: number) => ({ ...entry(type), detail: { text: 'x'.repeat(length) } });
  const types = (log: LabLog): readonly string[] => log.entries().map(({ type }) => type);
  const bytesKept = (log: LabLog): number => log.entries().reduce((bytes, each) => bytes + entryBytes(each), 0);

  test('stay within their limit: the oldest entries go first', () => {
    const log = logOf(1000, 12_000);
    for (const type of ['a', 'b', 'c', 'd']) {
      log.add(large(type, 1500));
      expect(bytesKept(log)).toBeLessThanOrEqual(12_000);
    }
    expect(types(log)).toEqual(['b', 'c', 'd']);
    for (let count = 0; count < 10; count += 1) log.add(entry('small'));
    expect(types(log).slice(-10)).toEqual(Array.from({ length: 10 }, () => 'small'));
  });

  test('count members at every depth and the text of names and values', () => {
    const bytesOf = (message: unknown): number => entryBytes({ sequence: 1, at: 0, ...entry('a'), message });
    expect(bytesOf({ sdp: 'x'.repeat(1000) }) - bytesOf({ sdp: '' })).toBe(2000);
    expect(bytesOf([{ deep: [{ ['n'.repeat(500)]: 1 }] }]) - bytesOf([{ deep: [{ '': 1 }] }])).toBe(1000);
    expect(bytesOf(new Uint8Array(5000))).toBeGreaterThan(5000);
  });

  test('never hold an entry that is larger than the limit, which every reader of the moment still gets', () => {
    const log = logOf(10, 12_000);
    const seen = record(log);
    log.add(large('huge', 20_000));
    expect([types(log), seen]).toEqual([[], ['1huge']]);
  });
});

import { expect, test } from 'vitest';
import { LabLog } from '../../src/log/lab-log.ts';

const entry = (type: string) => ({ kind: 'event', node: 'n', type }) as const;
const record = (log: LabLog): string[] => {
  const seen: string[] = [];
  log.entries$.subscribe({ next: ({ sequence, type }) => seen.push(`${sequence}${type}`), complete: () => seen.push('|') });
  return seen;
};

test('late readers get what the ring holds, then everything new, then the end', () => {
  const log = new LabLog(2);
  for (const type of ['a', 'b', 'c']) log.add(entry(type));
  const seen = record(log);
  log.add(entry('d'));
  log.close();
  expect(seen).toEqual(['2b', '3c', '4d', '|']);
  expect(record(log)).toEqual(['3c', '4d', '|']);
});

test('an entry that a reader causes comes after the one that caused it, for every reader', () => {
  const log = new LabLog(10);
  log.entries$.subscribe(({ type }) => {
    if (type === 'cause') log.add(entry('effect'));
  });
  const seen = record(log);
  log.add(entry('cause'));
  expect(seen).toEqual(['1cause', '2effect']);
});

test('an entry that is added while the ring is replayed is not lost', () => {
  const log = new LabLog(10);
  log.add(entry('old'));
  const seen: string[] = [];
  log.entries$.subscribe(({ type }) => {
    seen.push(type);
    if (type === 'old') log.add(entry('new'));
  });
  expect(seen).toEqual(['old', 'new']);
});

test('a capacity of 0 keeps nothing', () => {
  const log = new LabLog(0);
  log.add(entry('a'));
  expect(log.entries()).toEqual([]);
});

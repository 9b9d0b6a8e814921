import { describe, expect, test } from 'vitest';
import { createSerialQueue } from '../../src/session/serial-queue.ts';

function rig() {
  const log: string[] = [];
  const defects: unknown[] = [];
  const queue = createSerialQueue((error) => {
    defects.push(error);
    log.push('defect');
  });
  return { ...queue, log, defects, note: (name: string) => () => void log.push(name) };
}

describe('a serial queue', () => {
  test('holds everything until it starts, and then runs it behind the first task', () => {
    const { inTurn, start, log, note } = rig();
    inTurn(note('a'));
    inTurn(note('b'));
    expect(log).toEqual([]);
    start(note('first'));
    expect(log).toEqual(['first', 'a', 'b']);
  });

  test('runs a task in the call where nothing runs', () => {
    const { inTurn, start, log, note } = rig();
    start(note('first'));
    inTurn(note('a'));
    expect(log).toEqual(['first', 'a']);
  });

  test('runs what a task causes after the task and behind what waits already', () => {
    const { inTurn, start, log, note } = rig();
    start(() => {
      inTurn(() => {
        inTurn(note('c'));
        log.push('a');
      });
      inTurn(note('b'));
      log.push('first');
    });
    expect(log).toEqual(['first', 'a', 'b', 'c']);
  });

  test('next() runs directly after the task that is running, before what waits', () => {
    const { inTurn, next, start, log, note } = rig();
    start(() => {
      inTurn(note('b'));
      next(note('a'));
      log.push('first');
    });
    next(note('last'));
    expect(log).toEqual(['first', 'a', 'b', 'last']);
  });

  test('reports what a task throws before the next one runs, and goes on', () => {
    const { inTurn, start, log, defects, note } = rig();
    const error = new Error('defect');
    start(() => {
      inTurn(note('b'));
      throw error;
    });
    inTurn(note('c'));
    expect(log).toEqual(['defect', 'b', 'c']);
    expect(defects).toEqual([error]);
  });
});

import { describe, expect, test } from 'vitest';
import { createSerialQueue } from '../../src/session/serial-queue.ts';

/** A queue that has started, and what its tasks wrote. */
function started() {
  const log: unknown[] = [];
  const queue = createSerialQueue((error) => log.push(error));
  queue.start(() => undefined);
  const write =
    (entry: unknown, then: () => void = () => undefined) =>
    (): void => {
      log.push(entry);
      then();
    };
  return { queue, log, write };
}

describe('createSerialQueue', () => {
  test('until it starts everything waits; the first task goes before all that waited', () => {
    const log: string[] = [];
    const queue = createSerialQueue(() => undefined);
    queue.inTurn(() => log.push('a'));
    queue.inTurn(() => log.push('b'));
    expect(log).toEqual([]);
    queue.start(() => log.push('first'));
    expect(log).toEqual(['first', 'a', 'b']);
  });

  test('what waited before the start comes after what the first task causes in front of it', () => {
    const log: string[] = [];
    const queue = createSerialQueue(() => undefined);
    queue.inTurn(() => log.push('a'));
    queue.start(() => queue.next(() => log.push('next')));
    expect(log).toEqual(['next', 'a']);
  });

  test('a task runs in the call', () => {
    const { queue, log, write } = started();
    queue.inTurn(write(1));
    expect(log).toEqual([1]);
    queue.next(write(2));
    expect(log).toEqual([1, 2]);
  });

  test('what a task causes waits for its turn, so that tasks never run inside each other', () => {
    const { queue, log, write } = started();
    queue.inTurn(() => {
      queue.inTurn(write(2, () => queue.inTurn(write(4))));
      queue.inTurn(write(3));
      log.push(1);
    });
    expect(log).toEqual([1, 2, 3, 4]);
  });

  test('next runs directly after the running task, before those that wait', () => {
    const { queue, log, write } = started();
    queue.inTurn(() => {
      queue.inTurn(write('waits'));
      queue.next(write('next'));
      log.push('running');
    });
    expect(log).toEqual(['running', 'next', 'waits']);
  });

  test('after that it runs in the call again', () => {
    const { queue, log, write } = started();
    queue.inTurn(write(1, () => queue.inTurn(write(2))));
    queue.inTurn(write(3));
    expect(log).toEqual([1, 2, 3]);
  });

  test('a task that throws is reported as a defect, directly after it; the tasks behind it run all the same', () => {
    const { queue, log, write } = started();
    const error = new Error('thrown');
    queue.inTurn(() => {
      queue.inTurn(write('behind'));
      throw error;
    });
    queue.inTurn(write('later'));
    expect(log).toEqual([error, 'behind', 'later']);
  });
});

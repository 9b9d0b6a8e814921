import { describe, expect, test } from 'vitest';
import { createMailbox } from '../../src/operators/mailbox.ts';

/** A mailbox with as many readers, who write down what they read. */
function readers(count: number) {
  const mailbox = createMailbox<number>();
  const logs = Array.from({ length: count }, (): (number | '|')[] => []);
  const on = new Map<number, () => void>();
  logs.forEach((log, index) => {
    mailbox.values$.subscribe({
      next: (value) => {
        log.push(value);
        if (index === 0) on.get(value)?.();
      },
      complete: () => log.push('|'),
    });
  });
  return { mailbox, logs, on };
}

describe('createMailbox', () => {
  test('what is posted is read at once, by all', () => {
    const { mailbox, logs } = readers(2);
    mailbox.post(1);
    expect(logs).toEqual([[1], [1]]);
  });

  test('values that mean nothing to others are values: 0, null, false, and the empty string', () => {
    const mailbox = createMailbox<unknown>();
    const log: unknown[] = [];
    mailbox.values$.subscribe((value) => log.push(value));
    for (const value of [0, null, false, '']) mailbox.post(value);
    expect(log).toEqual([0, null, false, '']);
  });

  test('hot, no replay', () => {
    const { mailbox } = readers(1);
    mailbox.post(1);
    const late: number[] = [];
    mailbox.values$.subscribe((value) => late.push(value));
    mailbox.post(2);
    expect(late).toEqual([2]);
  });

  test('re-entrancy: what a reader posts waits its turn, so that every reader sees one order', () => {
    const { mailbox, logs, on } = readers(3);
    on.set(1, () => {
      mailbox.post(2);
      mailbox.post(3);
    });
    on.set(2, () => mailbox.post(4));
    mailbox.post(1);
    expect(logs).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
  });

  test('after that it reads at once again', () => {
    const { mailbox, logs, on } = readers(1);
    on.set(1, () => mailbox.post(2));
    mailbox.post(1);
    mailbox.post(3);
    expect(logs).toEqual([[1, 2, 3]]);
  });

  test('close completes; what is posted later is ignored', () => {
    const { mailbox, logs } = readers(2);
    mailbox.post(1);
    mailbox.close();
    mailbox.post(2);
    mailbox.close();
    expect(logs).toEqual([
      [1, '|'],
      [1, '|'],
    ]);
  });

  test('close while reading: the value is read by all, what waits is dropped, and so is what is posted afterwards', () => {
    const { mailbox, logs, on } = readers(2);
    on.set(1, () => {
      mailbox.post(2);
      mailbox.close();
      mailbox.post(3);
    });
    mailbox.post(1);
    mailbox.post(4);
    expect(logs).toEqual([
      [1, '|'],
      [1, '|'],
    ]);
  });

  test('close while a value that had waited is being read', () => {
    const { mailbox, logs, on } = readers(2);
    on.set(1, () => {
      mailbox.post(2);
      mailbox.post(3);
    });
    on.set(2, () => mailbox.close());
    mailbox.post(1);
    expect(logs).toEqual([
      [1, 2, '|'],
      [1, 2, '|'],
    ]);
  });

  test('a late subscriber to a closed mailbox gets completion', () => {
    const { mailbox } = readers(0);
    mailbox.close();
    const log: string[] = [];
    mailbox.values$.subscribe({ complete: () => log.push('|') });
    expect(log).toEqual(['|']);
  });

  test('its stream is no Subject: nobody can post around the queue', () => {
    expect('next' in createMailbox<number>().values$).toBe(false);
  });
});

import { asyncScheduler, interval, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test, vi } from 'vitest';
import { runInVirtualTime, type VirtualEvent } from '../../src/testing/virtual-time.ts';

const seenIn = (untilMs: number, events: (see: (what: string) => void) => VirtualEvent[], begin: (see: (what: string) => void) => void) => {
  const seen: string[] = [];
  const see = (what: string): void => {
    seen.push(`${asyncScheduler.now()} ${what}`);
  };
  runInVirtualTime(
    events(see),
    untilMs,
    () => begin(see),
    () => undefined,
  );
  return seen;
};

describe('the virtual time of scenarios', () => {
  test('lets an event win over a timer of the same instant, whichever was there first', () => {
    const seen = seenIn(
      100,
      (see) => [{ at: 10, run: () => see('event') }],
      (see) => timer(10).subscribe(() => see('timer')),
    );
    expect(seen).toEqual(['10 event', '10 timer']);
  });

  test('keeps the order of events of one instant', () => {
    const seen = seenIn(
      100,
      (see) => ['first', 'second'].map((name) => ({ at: 5, run: () => see(name) })),
      () => undefined,
    );
    expect(seen).toEqual(['5 first', '5 second']);
  });

  test('suspends timers, those set during the suspension too, and lets events of the wake-up go first', () => {
    const seen = seenIn(
      100,
      (see) => [
        { at: 5, run: (time) => time.suspend(50) },
        { at: 20, run: () => void timer(1).subscribe(() => see('late timer')) },
        { at: 50, run: () => see('event') },
      ],
      (see) => {
        timer(2).subscribe(() => see('before'));
        timer(10).subscribe(() => see('timer'));
        timer(60).subscribe(() => see('after'));
      },
    );
    expect(seen).toEqual(['2 before', '50 event', '50 timer', '50 late timer', '60 after']);
  });

  test('lets suspended timers fire in the order in which they were due, not in the order in which they were set', () => {
    const seen = seenIn(
      100,
      () => [{ at: 5, run: (time) => time.suspend(50) }],
      (see) => {
        for (const ms of [30, 10, 20]) timer(ms).subscribe(() => see(`${ms} ms, at ${asyncScheduler.now()}`));
      },
    );
    expect(seen).toEqual(['50 10 ms, at 50', '50 20 ms, at 50', '50 30 ms, at 50']);
  });

  test('ends, although something goes on for ever', () => {
    const seen = seenIn(
      25,
      () => [],
      (see) => interval(10).subscribe(() => see('tick')),
    );
    expect(seen).toEqual(['10 tick', '20 tick']);
  });

  test('counts timers that have not fired', () => {
    const counts: number[] = [];
    runInVirtualTime(
      [{ at: 50, run: () => undefined }],
      100,
      () => {
        timer(10).subscribe();
        timer(20).subscribe();
      },
      ({ timers }) => counts.push(timers),
    );
    expect(counts).toEqual([2, 1, 0, 0, 0]);
  });

  test('runs what is due at once when asked to', () => {
    const seen: string[] = [];
    runInVirtualTime(
      [],
      10,
      (time) => {
        timer(0).subscribe(() => seen.push('due'));
        timer(1).subscribe(() => seen.push('later'));
        time.settle();
        seen.push('settled');
      },
      () => undefined,
    );
    expect(seen).toEqual(['due', 'settled', 'later']);
  });

  test('keeps errors that timers and events throw, and goes on', () => {
    const error = new Error('of an event');
    const { errors } = runInVirtualTime(
      [
        {
          at: 1,
          run: () => {
            throw error;
          },
        },
      ],
      10,
      () => undefined,
      () => undefined,
    );
    expect(errors).toEqual([error]);
  });

  test('is refused inside another virtual time, whose timers it would stop', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable }) => {
      expectObservable(timer(7)).toBe('7ms (t|)', { t: 0 });
      expect(() =>
        seenIn(
          1,
          () => [],
          () => undefined,
        ),
      ).toThrow('not inside TestScheduler.run');
    });
  });

  test('is fine under the fake clock of a runner', () => {
    vi.useFakeTimers({ now: 5 });
    try {
      expect(
        seenIn(
          1,
          (see) => [{ at: 1, run: () => see('event') }],
          () => undefined,
        ),
      ).toEqual(['1 event']);
    } finally {
      vi.useRealTimers();
    }
  });
});

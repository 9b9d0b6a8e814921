import { describe, expect, test, vi } from 'vitest';
import { type Deferral, createDeferral } from '../../src/telemetry/deferral.ts';
import { elapse, useVirtualTime } from '../support/session-rig.ts';
import { reportedErrors } from '../support/reported-errors.ts';

useVirtualTime();

/** A clock of a session that began at once, and one handler that notes what it is given and when that happened. */
function deferred(elapsed: () => number | null = () => performance.now()): Deferral & {
  readonly note: (value: string) => void;
  readonly noted: string[];
} {
  const noted: string[] = [];
  const deferral = createDeferral(elapsed);
  const note = deferral.later((value: string) => noted.push(`${value} ${deferral.time().getTime()}`));
  return { ...deferral, note, noted };
}

describe('what is deferred', () => {
  test('waits until it is played, in order, as of the time at which it happened', () => {
    const { note, noted, play } = deferred();
    note('a');
    elapse(5);
    note('b');
    elapse(5);
    expect(noted).toEqual([]);
    play();
    expect(noted).toEqual(['a 0', 'b 5']);
  });

  test('is played once, and what comes after that runs at once', () => {
    const { note, noted, play } = deferred();
    note('a');
    play();
    elapse(5);
    note('b');
    play();
    expect(noted).toEqual(['a 0', 'b 5']);
  });

  test('is played in a task of its own when it is due, and leaves no timer', () => {
    const { note, noted, playIn } = deferred();
    note('a');
    playIn(10);
    elapse(9);
    expect(noted).toEqual([]);
    elapse();
    expect(noted).toEqual(['a 0']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is due at the first of the times that were said', () => {
    const { note, noted, playIn } = deferred();
    note('a');
    playIn(10);
    elapse(5);
    playIn(10);
    elapse(5);
    expect(noted).toEqual(['a 0']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is played before it is due where somebody asks for it, and no timer is left or made', () => {
    const { note, noted, playIn, play } = deferred();
    note('a');
    playIn(10);
    play();
    playIn(10);
    expect(noted).toEqual(['a 0']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('comes after all that waits, where a handler causes it', () => {
    const { note, noted, play, later } = deferred();
    later(() => {
      note('caused');
      play();
      expect(noted).toEqual([]);
    })(null);
    note('a');
    play();
    expect(noted).toEqual(['a 0', 'caused 0']);
  });

  test('is played although a handler throws, which RxJS reports', () => {
    const reported = reportedErrors();
    const { note, noted, play, later } = deferred();
    later(() => {
      throw new Error('no exporter');
    })(null);
    note('a');
    play();
    elapse();
    expect(noted).toEqual(['a 0']);
    expect(reported).toEqual([new Error('no exporter')]);
  });
});

describe('the time', () => {
  test('is the wall clock at the begin and what has elapsed since, whatever becomes of the wall clock', () => {
    vi.setSystemTime(1_800_000_000_000);
    const { note, noted, play } = deferred();
    note('a');
    vi.setSystemTime(1_700_000_000_000);
    elapse(5);
    note('b');
    play();
    vi.setSystemTime(1_900_000_000_000);
    elapse(5);
    note('c');
    expect(noted).toEqual(['a 1800000000000', 'b 1800000000005', 'c 1800000000010']);
  });

  test('begins with the session and not with the deferral', () => {
    let begunAt: number | null = null;
    const { note, noted, play } = deferred(() => (begunAt === null ? null : performance.now() - begunAt));
    note('idle');
    vi.setSystemTime(1_800_000_000_000);
    begunAt = performance.now();
    note('opening');
    play();
    expect(noted).toEqual(['idle 0', 'opening 1800000000000']);
  });
});

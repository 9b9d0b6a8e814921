import { wallTime } from '../platform/wall-time.ts';
import type { SessionClock } from '../termination/port.ts';
import { SoraOptionsError } from './options-error.ts';

/** Milliseconds by which the clock of RxJS and that of the machine differ only in virtual time. */
const VIRTUAL_MS = 1000;

/** Whether the fake timers of a test runner have replaced `Date` and left `performance` as it was, whose methods are those of its prototype. */
const isDateFakedAlone = (): boolean =>
  !String(Date.now).includes('[native code]') && typeof performance === 'object' && !Object.hasOwn(performance, 'now');

/**
 * A clock that starts now. Durations come from a monotonic clock, so they stay right when the wall clock is set back or forward (Q85); inside
 * `TestScheduler.run` they follow its virtual time, and where a test runner fakes `Date` but not `performance`, they follow `Date`. Whole milliseconds.
 */
export function startClock(now?: () => number): SessionClock {
  const isVirtual = isDateFakedAlone() || Math.abs(wallTime() - Date.now()) > VIRTUAL_MS;
  const monotonic = typeof performance === 'object' && !isVirtual ? (): number => performance.now() : wallTime;
  const read = now ?? monotonic;
  const startedAt = (now ?? wallTime)();
  const origin = read();
  if (!Number.isFinite(origin)) throw new SoraOptionsError('platform.now', 'must return a finite number');
  let latest = 0;
  return { startedAt, elapsed: () => (latest = Math.max(latest, Math.round(read() - origin))) };
}

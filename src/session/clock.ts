import { wallTime } from '../platform/wall-time.ts';
import type { SessionClock } from '../termination/port.ts';

/** Milliseconds by which the clock of RxJS and that of the machine differ only in virtual time. */
const VIRTUAL_MS = 1000;

/**
 * A clock that starts now. Durations come from a monotonic clock, so they stay right when the wall clock is set back or forward (Q85); inside
 * `TestScheduler.run` they follow its virtual time. Whole milliseconds.
 */
export function startClock(now?: () => number): SessionClock {
  const isVirtual = Math.abs(wallTime() - Date.now()) > VIRTUAL_MS;
  const monotonic = typeof performance === 'object' && !isVirtual ? (): number => performance.now() : wallTime;
  const read = now ?? monotonic;
  const startedAt = (now ?? wallTime)();
  const origin = read();
  let latest = 0;
  return { startedAt, elapsed: () => (latest = Math.max(latest, Math.round(read() - origin))) };
}

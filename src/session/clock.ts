import type { SessionClock } from '../termination/sources.ts';

/** A clock that starts once: with the session, or with its end if that comes first (Q73). */
export interface StartableClock extends SessionClock {
  start(): void;
}

export function createClock(now: () => number): StartableClock {
  let startedAt: number | null = null;
  const start = (): number => (startedAt ??= now());
  return {
    start,
    get startedAt() {
      return start();
    },
    elapsed: () => now() - start(),
  };
}

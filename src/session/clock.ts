import type { SessionClock } from '../termination/sources.ts';

/** A clock that starts once: with the session, or with its end if that comes first (Q73). Until then no time has passed. */
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
    elapsed: () => (startedAt === null ? 0 : now() - startedAt),
  };
}

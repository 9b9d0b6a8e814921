import { Subscription, asyncScheduler, from } from 'rxjs';

/** Lets the events of one session wait and plays them later, in their order, as of the times at which they happened. */
export interface Deferral {
  /** A handler whose calls wait until what waits is played; from then on, and without more cost per event, each runs at once. */
  readonly later: <Value>(handle: (value: Value) => void) => (value: Value) => void;
  /** When that happened which is being handled: the wall clock at the begin of the session and what has elapsed on its own clock since. */
  readonly time: () => Date;
  /** Plays in a task of its own after so many milliseconds, whatever was planned before. */
  readonly playIn: (delayMs: number) => void;
  /** Plays what waits, once. A handler that throws is reported by RxJS and keeps no other from its turn. */
  readonly play: () => void;
}

/** @param elapsed milliseconds on the session's clock, which never goes back; null before the session has begun */
export function createDeferral(elapsed: () => number | null): Deferral {
  /** Null once it was played. */
  let waiting: (() => void)[] | null = [];
  let isPlaying = false;
  let planned = Subscription.EMPTY;
  let startedAt: number | null = null;
  let playedAt: number | null = null;

  function now(): number {
    const elapsedMs = elapsed();
    if (elapsedMs === null) return asyncScheduler.now();
    startedAt ??= asyncScheduler.now() - elapsedMs;
    return startedAt + elapsedMs;
  }

  function play(): void {
    if (waiting === null || isPlaying) return;
    isPlaying = true;
    planned.unsubscribe();
    // What a handler causes is appended, and has its turn in this loop too.
    // eslint-disable-next-line rxjs-x/no-ignored-subscription -- synchronous
    from(waiting).subscribe((handle) => handle());
    waiting = playedAt = null;
  }

  return {
    later: (handle) => (value) => {
      if (waiting === null) {
        handle(value);
        return;
      }
      const at = now();
      waiting.push(() => {
        playedAt = at;
        handle(value);
      });
    },
    // A number would be taken for one of `performance.now()` where the wall clock stands near 1970.
    time: () => new Date(playedAt ?? now()),
    playIn(delayMs) {
      planned.unsubscribe();
      if (waiting !== null && !isPlaying) planned = asyncScheduler.schedule(play, delayMs);
    },
    play,
  };
}

import { Subscription, asyncScheduler, from } from 'rxjs';
import { wallTime } from '../platform/wall-time.ts';

/** Lets the events of one session wait and plays them later, in their order, as of the times at which they happened. */
export interface Deferral {
  /** A handler whose calls wait until what waits is played; from then on, and without more cost per event, each runs at once. */
  readonly later: <Value>(handle: (value: Value) => void) => (value: Value) => void;
  /** When that happened which is being handled: the wall clock at the begin of the session and what has elapsed on its own clock since. */
  readonly time: () => Date;
  /** Plays in a task of its own after so many milliseconds, unless it is done before. */
  readonly playIn: (delayMs: number) => void;
  /** Plays what waits, once. A handler that throws is reported by RxJS and keeps no other from its turn. */
  readonly play: () => void;
}

/** @param elapsed milliseconds on the session's clock, which never goes back; null before the session has begun, or where it has none */
export function createDeferral(elapsed: () => number | null): Deferral {
  const waiting: (() => void)[] = [];
  let isPlayed = false;
  /** Closed once the playing has begun, and then closes what is added. */
  const planned = new Subscription();
  let startedAt: number | undefined;
  let playedAt: number | null = null;

  function now(): number {
    const elapsedMs = elapsed();
    return elapsedMs === null ? wallTime() : (startedAt ??= wallTime() - elapsedMs) + elapsedMs;
  }

  function play(): void {
    if (planned.closed) return;
    planned.unsubscribe();
    // What a handler causes is appended, and has its turn in this loop too.
    // eslint-disable-next-line rxjs-x/no-ignored-subscription -- synchronous
    from(waiting).subscribe((handle) => handle());
    isPlayed = true;
    waiting.length = 0;
    playedAt = null;
  }

  return {
    later: (handle) => (value) => {
      if (isPlayed) {
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
    playIn: (delayMs) => planned.add(asyncScheduler.schedule(play, delayMs)),
    play,
  };
}

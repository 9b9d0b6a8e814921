import { TestScheduler } from 'rxjs/testing';

interface Action {
  readonly delay: number;
  readonly state: unknown;
  execute(state: unknown, delay: number): unknown;
}

/** The time of a replay: it stands where the recording stands, and timers fire when the recording shows that they did. */
export interface ReplayTime {
  /** The clock, in the milliseconds of the recording. */
  nowMs: number;
  /** Fires timers in the order they are due until something is so; false if it never became so. */
  fireUntil(isSo: () => boolean): boolean;
}

/** More timers than any session sets: the end of a chain that sets itself anew. */
const MOST_TIMERS = 1_000;

class RecordedTime extends TestScheduler implements ReplayTime {
  nowMs = 0;
  readonly errors: unknown[] = [];
  readonly #play: (time: ReplayTime) => void;

  constructor(play: (time: ReplayTime) => void) {
    super(() => undefined);
    this.#play = play;
  }

  fireUntil(isSo: () => boolean): boolean {
    for (let fired = 0; !isSo() && fired < MOST_TIMERS; fired += 1) {
      const next = this.#actions[0];
      if (!next) return false;
      this.#actions.shift();
      // Timers of a runtime are late, and sometimes early: a timer sees its own time, the session's clock that of the recording.
      this.frame = next.delay;
      try {
        const error = next.execute(next.state, next.delay);
        if (error !== undefined) this.errors.push(error);
      } catch (error) {
        this.errors.push(error);
      }
      this.frame = Math.max(this.frame, this.nowMs);
    }
    return isSo();
  }

  /** What is still due when the recording is over belongs to a time that nobody recorded. */
  override flush(): void {
    this.#play(this);
    for (const action of this.#actions.splice(0)) (action as unknown as { unsubscribe(): void }).unsubscribe();
  }

  get #actions(): Action[] {
    return this.actions as unknown as Action[];
  }

  moveTo(nowMs: number): void {
    this.nowMs = nowMs;
    this.frame = nowMs;
  }
}

/** Plays something in recorded time. Gives the errors that nobody caught. */
export function playInRecordedTime(play: (time: ReplayTime, moveTo: (nowMs: number) => void) => void): readonly unknown[] {
  const time: RecordedTime = new RecordedTime(() => {
    play(time, (nowMs) => time.moveTo(nowMs));
  });
  time.run(() => undefined);
  return time.errors;
}

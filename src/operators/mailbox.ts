import { type Observable, Subject } from 'rxjs';

/** A queue with one reader at a time: what is posted while a value is being read waits for its turn. */
export interface Mailbox<Value> {
  /** Hands a value over: at once when nothing is being read, otherwise after what was posted before. Ignored after `close`. */
  readonly post: (value: Value) => void;
  /** Hot, no replay; completes with `close`. */
  readonly values$: Observable<Value>;
  /** Runs once nothing is being read and nothing waits: at once, or right after the last value. Everything stays in one call. */
  readonly afterwards: (run: () => void) => void;
  /** Ends the stream once the value that is being read has been read by all; what still waits is dropped. */
  readonly close: () => void;
}

/**
 * A mailbox keeps arrival order where a Subject would not: with a Subject, a `next` from inside a subscriber reaches the other subscribers
 * before the value that caused it.
 */
export function createMailbox<Value>(): Mailbox<Value> {
  const subject = new Subject<Value>();
  const waiting: Value[] = [];
  const later: (() => void)[] = [];
  let reading = false;
  let closed = false;

  const finish = (): void => {
    waiting.length = 0;
    subject.complete();
  };
  return {
    values$: subject.asObservable(),
    post: (value) => {
      if (closed) return;
      waiting.push(value);
      if (reading) return;
      reading = true;
      // `closed` changes while subscribers read.
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        subject.next(next);
        if (closed as boolean) break;
      }
      reading = false;
      if (closed as boolean) finish();
      for (let run = later.shift(); run !== undefined; run = later.shift()) run();
    },
    afterwards: (run) => {
      if (reading) later.push(run);
      else run();
    },
    close: () => {
      if (closed) return;
      closed = true;
      if (!reading) finish();
    },
  };
}

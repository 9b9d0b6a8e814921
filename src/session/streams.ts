import { type Observable, ReplaySubject, Subject } from 'rxjs';

/** The public streams of one session, by name. A stream is made when somebody asks for it; all complete together. */
export interface Streams {
  /** A stream of events: hot, replays nothing. */
  events<Value>(this: void, name: string): Observable<Value>;
  /** A stream of a state: its latest value, then every change; after its completion the last value. */
  state<Value>(this: void, name: string, latest: Value | undefined): Observable<Value>;
  readonly emit: (name: string, value: unknown) => void;
  readonly complete: (name: string) => void;
  readonly completeAll: () => void;
}

export function createStreams(): Streams {
  const subjects = new Map<string, Subject<unknown>>();
  const streams = new Map<string, Observable<unknown>>();
  const completed = new Set<string>();
  let isCompleted = false;

  function stream<Value>(name: string, make: () => Subject<unknown>): Observable<Value> {
    let stream$ = streams.get(name);
    if (stream$ === undefined) {
      const subject = make();
      if (isCompleted || completed.has(name)) subject.complete();
      subjects.set(name, subject);
      streams.set(name, (stream$ = subject.asObservable()));
    }
    return stream$ as Observable<Value>;
  }
  return {
    // eslint-disable-next-line rxjs-x/finnish -- `events` names what the stream is of
    events(name) {
      return stream(name, () => new Subject());
    },
    // eslint-disable-next-line rxjs-x/finnish -- `state` names what the stream is of
    state(name, latest) {
      return stream(name, () => {
        const subject = new ReplaySubject<unknown>(1);
        if (latest !== undefined) subject.next(latest);
        return subject;
      });
    },
    emit: (name, value) => subjects.get(name)?.next(value),
    complete(name) {
      completed.add(name);
      subjects.get(name)?.complete();
    },
    completeAll() {
      isCompleted = true;
      for (const subject of subjects.values()) subject.complete();
    },
  };
}

import { type Observable, ReplaySubject, Subject } from 'rxjs';

interface Stream {
  readonly subject: Subject<never>;
  readonly stream$: Observable<never>;
}

/**
 * The public streams of one session, by name. Nothing exists for a stream that nobody has asked for; all complete together.
 */
export class Streams {
  readonly #streams = new Map<string, Stream>();
  #isCompleted = false;

  /** A stream of events: hot, replays nothing. */
  events<Value>(name: string): Observable<Value> {
    return this.#stream(name, () => new Subject<never>());
  }

  /** A stream of a state: its latest value, then every change; after its completion the last value. */
  state<Value>(name: string, latest: Value | undefined): Observable<Value> {
    return this.#stream(name, () => {
      const subject = new ReplaySubject<never>(1);
      if (latest !== undefined) subject.next(latest as never);
      return subject;
    });
  }

  emit(name: string, value: unknown): void {
    this.#streams.get(name)?.subject.next(value as never);
  }

  /** Whether somebody may be listening. */
  isAsked(name: string): boolean {
    return this.#streams.get(name)?.subject.observed === true;
  }

  complete(name: string): void {
    this.#streams.get(name)?.subject.complete();
  }

  completeAll(): void {
    this.#isCompleted = true;
    for (const { subject } of this.#streams.values()) subject.complete();
  }

  #stream(name: string, make: () => Subject<never>): Observable<never> {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      const subject = make();
      if (this.#isCompleted) subject.complete();
      this.#streams.set(name, (stream = { subject, stream$: subject.asObservable() }));
    }
    return stream.stream$;
  }
}

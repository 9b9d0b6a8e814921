import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

/** Something that happens at a time, before every timer that is due then. */
export interface VirtualEvent {
  readonly at: number;
  readonly run: (time: VirtualTime) => void;
}

/** What an event may do with the time it happens in. */
export interface VirtualTime {
  /** Virtual milliseconds since the begin. */
  readonly nowMs: number;
  /** Timers that have not fired, events not counted. */
  readonly timers: number;
  /** Lets timers stand still until then, as a machine that sleeps does. */
  suspend(until: number): void;
  /** Runs the timers that are due now. */
  settle(): void;
}

interface Action {
  delay: number;
  index: number;
  readonly state: unknown;
  execute(state: unknown, delay: number): unknown;
}

/**
 * The virtual time of a scenario: RxJS's TestScheduler in run mode, with three things on top. An event wins over a timer of the same
 * instant, timers can be suspended, and time ends, so that a session that lives on does not run for ever.
 */
class ScenarioTime extends TestScheduler implements VirtualTime {
  readonly #untilMs: number;
  readonly #observe: () => void;
  readonly #events = new Set<Action>();
  readonly #errors: unknown[] = [];
  /** When a suspended timer was due. */
  readonly #wasDue = new WeakMap<Action, number>();
  #frozenUntil = 0;
  #woken = 0;
  #glance: number | null = null;

  constructor(untilMs: number, observe: () => void) {
    super(() => undefined);
    this.#untilMs = untilMs;
    this.#observe = observe;
    // An action first looks up, by the time, whose timer is due: of several suspended ones that has to be its own.
    this.now = (): number => {
      const glance = this.#glance;
      this.#glance = null;
      return glance ?? this.frame;
    };
  }

  get errors(): readonly unknown[] {
    return this.#errors;
  }

  get nowMs(): number {
    return this.frame;
  }

  get timers(): number {
    return this.#actions.filter((action) => !this.#events.has(action)).length;
  }

  /** Events are put in before anything else, so that they come first at their instant. */
  plan(events: readonly VirtualEvent[]): void {
    for (const { at, run } of events) this.#events.add(this.schedule(() => run(this), at) as unknown as Action);
  }

  suspend(until: number): void {
    this.#frozenUntil = until;
  }

  settle(): void {
    for (let next = this.#due(); next; next = this.#due()) this.#execute(next);
  }

  override flush(): void {
    for (let next = this.#actions[0]; next && next.delay <= this.#untilMs; next = this.#actions[0]) {
      this.frame = next.delay;
      this.#execute(next);
      this.#freeze();
    }
    this.frame = this.#untilMs;
    this.#observe();
  }

  get #actions(): Action[] {
    return this.actions as unknown as Action[];
  }

  #due(): Action | undefined {
    return this.#actions.find((action) => action.delay <= this.frame && !this.#events.has(action));
  }

  #execute(action: Action): void {
    this.#actions.splice(this.#actions.indexOf(action), 1);
    this.#glance = this.#wasDue.get(action) ?? null;
    try {
      // An error comes back as a value where the scheduler caught it, and is thrown where a timer's handler threw it.
      const error = action.execute(action.state, action.delay);
      if (error !== undefined) this.#errors.push(error);
    } catch (error) {
      this.#errors.push(error);
    }
    this.#observe();
  }

  /** Timers that would fire during a suspension fire at its end, in the order in which they were due. */
  #freeze(): void {
    if (this.frame >= this.#frozenUntil) return;
    for (const action of this.#actions) {
      if (this.#events.has(action) || action.delay >= this.#frozenUntil) continue;
      if (!this.#wasDue.has(action)) this.#wasDue.set(action, action.delay);
      action.delay = this.#frozenUntil;
      // Among actions of one instant the scheduler goes by the index: these come after the events, which were planned first.
      this.#woken += 1;
      action.index = this.#events.size + this.#woken / 2 ** 32;
    }
    this.#actions.sort((a, b) => a.delay - b.delay || a.index - b.index);
  }
}

/** What became of a run in virtual time. */
export interface VirtualRun {
  /** Errors that were thrown by timers and events: unhandled errors of RxJS among them. */
  readonly errors: readonly unknown[];
}

/**
 * Runs something in virtual time of its own, with RxJS's timers and clocks inside it. Not to be called inside another `TestScheduler.run`,
 * which allows one virtual time only.
 *
 * @param begin runs at 0, before every event
 * @param observe runs after every event and timer, and at the end
 * @throws Error inside another virtual time, whose timers would never fire afterwards
 */
export function runInVirtualTime(
  events: readonly VirtualEvent[],
  untilMs: number,
  begin: (time: VirtualTime) => void,
  observe: (time: VirtualTime) => void,
): VirtualRun {
  if (isVirtual()) {
    throw new Error('a scenario and a replay have a virtual time of their own: not inside TestScheduler.run. There, drive a FakeSora');
  }
  const time: ScenarioTime = new ScenarioTime(untilMs, () => observe(time));
  time.run(() => {
    time.plan(events);
    begin(time);
    observe(time);
  });
  return { errors: time.errors };
}

/** Whether RxJS's clock is another one than the runtime's, which a runner may have faked. */
function isVirtual(): boolean {
  const before = Date.now();
  const now = asyncScheduler.now();
  return now < before || now > Date.now();
}

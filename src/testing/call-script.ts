import { SyncThenable, type UnheardRejections } from './sync-thenable.ts';

/** What a call of a fake's method does instead of its usual work. */
export type ScriptedCall =
  /** Throws at once, as every native method may. */
  | { readonly throws: unknown }
  /** Returns a thenable that is rejected; a method without a promise throws instead. */
  | { readonly rejects: unknown };

/** A promise-returning call that was made to wait. Told before the call happens, it lets that call through or fails it at once. */
export interface HeldCall {
  /** Whether the call has been made. */
  readonly called: boolean;
  /** Lets the call do its usual work and settle. */
  release(): void;
  /** Rejects the call. */
  fail(error: unknown): void;
}

type Entry = ScriptedCall | { readonly held: Hold };

class Hold implements HeldCall {
  called = false;
  #settle: (() => void) | null = null;
  #verdict: { readonly error: unknown } | 'released' | null = null;

  release(): void {
    this.#tell('released');
  }

  fail(error: unknown): void {
    this.#tell({ error });
  }

  /** The thenable of the call that this object holds. */
  take<Value>(act: () => Value, unheard: UnheardRejections): SyncThenable<Value> {
    this.called = true;
    return new SyncThenable<Value>((resolve, reject) => {
      this.#settle = () => {
        if (this.#verdict !== null && this.#verdict !== 'released') {
          reject(this.#verdict.error);
          return;
        }
        try {
          resolve(act());
        } catch (error) {
          reject(error);
        }
      };
      if (this.#verdict) this.#settle();
    }, unheard);
  }

  #tell(verdict: { readonly error: unknown } | 'released'): void {
    if (this.#verdict) return;
    this.#verdict = verdict;
    this.#settle?.();
  }
}

/**
 * How the methods of one fake, or of all fakes of a sort, behave next: throw, reject, or wait until told.
 *
 * Entries are used up in the order they were given, own entries before those of the sort; `always` entries stay.
 */
export class CallScript<Method extends string = string> {
  /** Made with the first entry, as most fakes have none. */
  #next: Map<Method, Entry[]> | null = null;
  #always: Map<Method, ScriptedCall> | null = null;
  readonly #parent: CallScript<Method> | null;
  readonly #unheard: UnheardRejections;

  constructor(unheard: UnheardRejections, parent: CallScript<Method> | null = null) {
    this.#unheard = unheard;
    this.#parent = parent;
  }

  /** The next call of the method throws or rejects. */
  next(method: Method, call: ScriptedCall): void {
    this.#push(method, call);
  }

  /** Every call of the method throws or rejects, until `usual` is called. */
  always(method: Method, call: ScriptedCall): void {
    (this.#always ??= new Map<Method, ScriptedCall>()).set(method, call);
  }

  /** The next call of the method waits until the returned object is told what becomes of it. For promise-returning methods. */
  hold(method: Method): HeldCall {
    const held = new Hold();
    this.#push(method, { held });
    return held;
  }

  /** Forgets everything scripted for the method. */
  usual(method: Method): void {
    this.#next?.delete(method);
    this.#always?.delete(method);
  }

  /** Runs a method that returns no promise. */
  call<Value>(method: Method, act: () => Value): Value {
    const entry = this.#take(method);
    if (entry && 'throws' in entry) throw entry.throws;
    if (entry && 'rejects' in entry) throw entry.rejects;
    return act();
  }

  /** Runs a method that returns a promise. */
  promise<Value>(method: Method, act: () => Value): SyncThenable<Value> {
    const entry = this.#take(method);
    if (entry && 'throws' in entry) throw entry.throws;
    if (entry && 'rejects' in entry) return SyncThenable.rejected(entry.rejects, this.#unheard);
    if (entry) return entry.held.take(act, this.#unheard);
    return new SyncThenable<Value>((resolve) => resolve(act()), this.#unheard);
  }

  #push(method: Method, entry: Entry): void {
    this.#next ??= new Map<Method, Entry[]>();
    const entries = this.#next.get(method);
    if (entries) entries.push(entry);
    else this.#next.set(method, [entry]);
  }

  #take(method: Method): Entry | undefined {
    const own = this.#next?.get(method)?.shift() ?? this.#always?.get(method);
    return own ?? (this.#parent === null ? undefined : this.#parent.#take(method));
  }
}

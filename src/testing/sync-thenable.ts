type Reaction = () => void;

/** Where thenables that were rejected and never listened to are kept, so that a test can ask for them at its end. */
export type UnheardRejections = Set<SyncThenable<unknown>>;

/**
 * A promise that settles its listeners at once instead of in a microtask.
 *
 * What the fakes return wherever the W3C says Promise. A pipeline that enters by `defer(() => from(call()))` then runs in one go, so that a
 * whole session fits into `TestScheduler.run`, where a real promise would settle after the run is over. `await` works as well, one microtask later.
 *
 * @source ECMAScript 27.2, without the job queue
 */
export class SyncThenable<Value> implements PromiseLike<Value> {
  #state:
    | { readonly kind: 'pending' | 'taken' }
    | { readonly kind: 'fulfilled'; readonly value: Value }
    | { readonly kind: 'rejected'; readonly reason: unknown } = {
    kind: 'pending',
  };
  #reactions: Reaction[] = [];
  #heard = false;
  readonly #unheard: UnheardRejections | undefined;

  constructor(
    executor: (resolve: (value: Value | PromiseLike<Value>) => void, reject: (reason: unknown) => void) => void,
    unheard?: UnheardRejections,
  ) {
    this.#unheard = unheard;
    try {
      executor(
        (value) => this.#resolve(value),
        (reason) => {
          if (this.#state.kind === 'pending') this.#reject(reason);
        },
      );
    } catch (error) {
      if (this.#state.kind === 'pending') this.#reject(error);
    }
  }

  /** A thenable that is fulfilled already. */
  static resolved<Value>(value: Value, unheard?: UnheardRejections): SyncThenable<Value> {
    return new SyncThenable<Value>((resolve) => resolve(value), unheard);
  }

  /** A thenable that is rejected already. */
  static rejected(reason: unknown, unheard?: UnheardRejections): SyncThenable<never> {
    return new SyncThenable<never>((_, reject) => reject(reason), unheard);
  }

  /** The reason of a rejection; undefined as long as there is none. */
  get reason(): unknown {
    return this.#state.kind === 'rejected' ? this.#state.reason : undefined;
  }

  then<Fulfilled = Value, Rejected = never>(
    onFulfilled?: ((value: Value) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): SyncThenable<Fulfilled | Rejected> {
    this.#heard = true;
    this.#unheard?.delete(this);
    return new SyncThenable<Fulfilled | Rejected>((resolve, reject) => {
      this.#react(() => {
        const state = this.#state;
        try {
          if (state.kind === 'fulfilled') resolve(onFulfilled ? onFulfilled(state.value) : (state.value as unknown as Fulfilled));
          else if (state.kind === 'rejected') {
            if (onRejected) resolve(onRejected(state.reason));
            else reject(state.reason);
          }
        } catch (error) {
          reject(error);
        }
      });
    }, this.#unheard);
  }

  catch<Rejected = never>(onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null): SyncThenable<Value | Rejected> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): SyncThenable<Value> {
    return this.then(
      (value) => {
        onFinally?.();
        return value;
      },
      (reason) => {
        onFinally?.();
        throw reason;
      },
    );
  }

  #resolve(value: Value | PromiseLike<Value>): void {
    if (this.#state.kind !== 'pending') return;
    if (!isThenable(value)) {
      this.#settle({ kind: 'fulfilled', value });
      return;
    }
    this.#state = { kind: 'taken' };
    value.then(
      (inner) => this.#settle({ kind: 'fulfilled', value: inner }),
      (reason: unknown) => this.#reject(reason),
    );
  }

  #reject(reason: unknown): void {
    if (!this.#heard) this.#unheard?.add(this);
    this.#settle({ kind: 'rejected', reason });
  }

  #settle(state: { readonly kind: 'fulfilled'; readonly value: Value } | { readonly kind: 'rejected'; readonly reason: unknown }): void {
    this.#state = state;
    const reactions = this.#reactions;
    this.#reactions = [];
    for (const reaction of reactions) reaction();
  }

  #react(reaction: Reaction): void {
    if (this.#state.kind === 'pending' || this.#state.kind === 'taken') this.#reactions.push(reaction);
    else reaction();
  }
}

function isThenable<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return (
    value !== null && (typeof value === 'object' || typeof value === 'function') && 'then' in value && typeof value.then === 'function'
  );
}

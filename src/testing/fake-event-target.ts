import type { FakeSort, FakeWorld } from './fake-world.ts';

/** An event as the fakes fire it: a plain object, which is all that may be assumed of one. */
export type FakeEvent = Readonly<Record<string, unknown>> & { readonly type: string; readonly target: FakeEventTarget };

/** A listener, or an `on…` handler. */
export type FakeListener = (event: FakeEvent) => void;

interface ListenerOptions {
  readonly once?: boolean;
}

interface Listening {
  readonly type: string;
  readonly listener: FakeListener;
  readonly once: boolean;
}

/**
 * An EventTarget whose listeners can be counted: `addEventListener` and `on…` handlers, both alive.
 *
 * A listener that throws stops nobody, as in a browser; its error lands in `world.uncaught`.
 *
 * @source WHATWG DOM 2.7
 */
export class FakeEventTarget {
  readonly world: FakeWorld;
  /** What this object is in the record of its platform. */
  readonly sort: FakeSort;
  readonly name: string;
  /** Listeners that were ever attached, handlers not counted. */
  attached = 0;
  /** Listeners that were taken away again. */
  detached = 0;
  #listening: readonly Listening[] = [];
  readonly #types: readonly string[];

  /** @param types the events that have an `on…` handler */
  constructor(world: FakeWorld, sort: FakeSort, name: string, types: readonly string[]) {
    this.world = world;
    this.sort = sort;
    this.name = name;
    this.#types = types;
    if (world.handlersOnly) {
      Object.defineProperty(this, 'addEventListener', { value: undefined });
      Object.defineProperty(this, 'removeEventListener', { value: undefined });
    }
  }

  addEventListener(type: string, listener: ((event: never) => void) | null, options: boolean | ListenerOptions = {}): void {
    if (!listener || this.#listening.some((each) => each.type === type && each.listener === listener)) return;
    const once = typeof options === 'object' && options.once === true;
    this.#listening = [...this.#listening, { type, listener: listener as FakeListener, once }];
    this.attached += 1;
  }

  removeEventListener(type: string, listener: ((event: never) => void) | null): void {
    const left = this.#listening.filter((each) => each.type !== type || each.listener !== listener);
    this.detached += this.#listening.length - left.length;
    this.#listening = left;
  }

  /** Fires an event that somebody else made, as it is. */
  dispatchEvent(event: object & { readonly type: string }): boolean {
    this.note('event', { type: event.type });
    this.#deliver(event.type, event as FakeEvent);
    return true;
  }

  /** Fires an event to whoever listens now, whatever state this object is in: the way to send what a well-behaved runtime would not. */
  fire(type: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.note('event', { type, ...fields });
    this.#deliver(type, { ...fields, type, target: this });
  }

  /** How many listeners and handlers are attached now. One that removes itself with its event (`once`) does not count. */
  get listenerCount(): number {
    const handlers = this.#types.filter((type) => (this as unknown as Record<string, unknown>)[`on${type}`] != null).length;
    return this.#listening.filter(({ once }) => !once).length + handlers;
  }

  #deliver(type: string, event: FakeEvent): void {
    const handler = (this as unknown as Record<string, FakeListener | null | undefined>)[`on${type}`];
    const listening = this.#listening.filter((each) => each.type === type);
    for (const { listener, once } of handler ? [{ listener: handler, once: false }, ...listening] : listening) {
      if (once) this.removeEventListener(type, listener);
      try {
        listener.call(this, event);
      } catch (error) {
        this.world.uncaught.push(error);
      }
    }
  }

  /** Writes into the record of the platform. */
  protected note(what: string, detail?: unknown): void {
    const { world, sort, name } = this;
    world.records.push({ at: world.now(), sort, name, what, ...(detail !== undefined && { detail }) });
  }
}

import { quietly } from '../platform/quietly.ts';
import type { EventSource } from '../platform/w3c.ts';
import { receivedData } from './bytes.ts';

type Listener = (event: object) => void;
type Handlers = Record<string, Listener | null>;

/**
 * Listens to events by `addEventListener`, or by `on…` where the runtime has nothing else. Returns what removes the listeners: each for itself, as a
 * removal that throws must not keep the others, nor an end that waits for it (P22).
 */
export function attach(target: EventSource, listeners: Readonly<Record<string, (event: never) => void>>): () => void {
  const hasMethods = target.addEventListener !== undefined && target.removeEventListener !== undefined;
  const handlers = target as unknown as Handlers;
  const types = Object.keys(listeners); // not for-in: an application may have put something into Object.prototype
  const remove = (type: string): void => {
    if (hasMethods) target.removeEventListener?.(type, listeners[type] as Listener);
    else handlers[`on${type}`] = null;
  };
  const detach = (): void => {
    for (const type of types) quietly(() => remove(type), undefined);
  };
  try {
    for (const type of types) {
      if (hasMethods) target.addEventListener?.(type, listeners[type] as Listener);
      else handlers[`on${type}`] = listeners[type] as Listener;
    }
  } catch (error) {
    detach(); // all or none
    throw error;
  }
  return detach;
}

/** Events of one object in the order of their arrival, although a Blob among them has to be read first. */
export interface OrderedEvents<Event> {
  readonly emit: (event: Event) => void;
  /** Emits what `toEvent` makes of the data; what is neither text nor bytes, and a Blob that cannot be read, is dropped. */
  readonly emitMessage: (data: unknown, toEvent: (data: string | Uint8Array) => Event) => void;
}

export function inOrder<Event>(emit: (event: Event) => void): OrderedEvents<Event> {
  const waiting: (() => void)[] = [];
  let isReading = false;
  const inLine = (run: () => void): void => {
    if (isReading) waiting.push(run);
    else run();
  };
  const proceed = (): void => {
    isReading = false;
    // A second Blob among those that waited makes the rest wait again.
    for (const run of waiting.splice(0)) inLine(run);
  };
  const emitMessage: OrderedEvents<Event>['emitMessage'] = (data, toEvent) => {
    if (isReading) {
      waiting.push(() => emitMessage(data, toEvent));
      return;
    }
    const received = receivedData(data);
    if (received === null) return;
    if (typeof received === 'string' || received instanceof Uint8Array) {
      emit(toEvent(received));
      return;
    }
    isReading = true;
    received.then((bytes) => {
      waiting.unshift(() => emit(toEvent(bytes)));
      proceed();
    }, proceed);
  };
  return { emit: (event) => inLine(() => emit(event)), emitMessage };
}

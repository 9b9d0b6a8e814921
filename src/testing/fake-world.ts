import type { SyncThenable, UnheardRejections } from './sync-thenable.ts';

/** Which fake something happened to. */
export type FakeSort = 'websocket' | 'datachannel' | 'peer-connection' | 'compression' | 'page' | 'media';

/** One thing that was done to a fake, or that a fake told, in order. */
export interface FakeRecord {
  /** Milliseconds on the platform's clock. */
  readonly at: number;
  readonly sort: FakeSort;
  /** Which one of its sort: its place in the list of the platform, or the label of a channel. */
  readonly name: string;
  /** The method that was called, `new`, or `event` for what the fake told. */
  readonly what: string;
  readonly detail?: unknown;
}

/** A frame that was handed to a transport. */
export interface SentFrame {
  /** Milliseconds on the platform's clock. */
  readonly at: number;
  readonly via: 'websocket' | 'datachannel';
  /** The label of the DataChannel; null for a WebSocket. */
  readonly label: string | null;
  readonly data: string | Uint8Array;
  /** False for what a browser takes and throws away: a frame for a WebSocket that is closing or closed. */
  readonly delivered: boolean;
}

/** What all fakes of one platform share: clock, record, and whatever went wrong without anybody listening. */
export interface FakeWorld {
  now(): number;
  /** An id that no other object of this world has, the same in every run. */
  newId(kind: string): string;
  readonly records: FakeRecord[];
  readonly sent: SentFrame[];
  /** Errors that a listener threw: a browser reports them to nobody in particular. */
  readonly uncaught: unknown[];
  /** Rejected thenables without a listener: unhandled rejections of a runtime. */
  readonly unheard: UnheardRejections;
  /** Whether the fakes have only `on…` handlers, as some runtimes do. */
  readonly handlersOnly: boolean;
}

/** A world on its own, for a fake that is used without a platform. */
export function fakeWorld(now: () => number = () => 0, handlersOnly = false): FakeWorld {
  let made = 0;
  const newId = (kind: string): string => {
    made += 1;
    return `fake-${kind}-${made}`;
  };
  return { now, newId, records: [], sent: [], uncaught: [], unheard: new Set<SyncThenable<unknown>>(), handlersOnly };
}

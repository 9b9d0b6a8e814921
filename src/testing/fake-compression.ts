import { utf8Bytes } from '../transports/bytes.ts';
import type { CallScript } from './call-script.ts';
import type { FakeWorld } from './fake-world.ts';
import { storeZlib, unstoreZlib } from './stored-zlib.ts';
import { SyncThenable } from './sync-thenable.ts';

/** What can be scripted of a compression stream: the work itself. `new` is the constructor. */
export type FakeCompressionMethod = 'new' | 'transform';

// The results are named by where they come from, as `Uint8Array` has a type parameter since TypeScript 5.7 only.

/**
 * What the fake compression makes of a message: a valid zlib stream in which nothing is compressed, so that it can be read back everywhere.
 *
 * @example
 * ```ts
 * console.log(fakeDeflate('hello')[0]?.toString(16)); // 78, as every zlib stream begins
 * ```
 */
export function fakeDeflate(message: string | Uint8Array): ReturnType<TextEncoder['encode']> {
  return storeZlib(typeof message === 'string' ? utf8Bytes(message) : message);
}

/**
 * The way back.
 *
 * @throws TypeError for anything that was really compressed, or is broken
 * @example
 * ```ts
 * console.log(new TextDecoder().decode(fakeInflate(fakeDeflate('hello')))); // hello
 * ```
 */
export function fakeInflate(data: Uint8Array): ReturnType<TextEncoder['encode']> {
  return unstoreZlib(data);
}

type Read = { readonly done: false; readonly value: Uint8Array } | { readonly done: true; readonly value: undefined };

/**
 * A CompressionStream or DecompressionStream whose work is done at once when the writer closes, or is held until told.
 *
 * @source Compression Streams 4, 5
 */
export class FakeCompressionStream {
  readonly readable: { getReader(): FakeReader };
  readonly writable: { getWriter(): FakeWriter };

  constructor(work: (data: Uint8Array) => Uint8Array, script: CallScript<FakeCompressionMethod>, world: FakeWorld) {
    script.call('new', () => undefined);
    const chunks: Uint8Array[] = [];
    const reader = new FakeReader(world);
    const writer: FakeWriter = {
      closed: new SyncThenable<undefined>(() => undefined),
      ready: SyncThenable.resolved(undefined),
      desiredSize: 1,
      write: (chunk) => {
        chunks.push(ArrayBuffer.isView(chunk) ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength) : new Uint8Array(chunk));
        return SyncThenable.resolved(undefined, world.unheard);
      },
      close: () => {
        const worked = script.promise('transform', () => work(joined(chunks)));
        worked.then(
          (output) => reader.give(output),
          (error: unknown) => reader.fail(error),
        );
        return worked.then(() => undefined);
      },
      abort: (reason) => {
        reader.fail(reason);
        return SyncThenable.resolved(undefined, world.unheard);
      },
      releaseLock: () => undefined,
    };
    this.readable = { getReader: () => reader };
    this.writable = { getWriter: () => writer };
  }
}

/** The writing end. */
export interface FakeWriter {
  readonly closed: SyncThenable<undefined>;
  readonly ready: SyncThenable<undefined>;
  readonly desiredSize: number;
  write(chunk: ArrayBuffer | ArrayBufferView): SyncThenable<undefined>;
  close(): SyncThenable<undefined>;
  abort(reason?: unknown): SyncThenable<undefined>;
  releaseLock(): void;
}

/** The reading end. */
export class FakeReader {
  readonly #world: FakeWorld;
  readonly #waiting: { readonly resolve: (read: Read) => void; readonly reject: (reason: unknown) => void }[] = [];
  #outcome: { readonly output: Uint8Array | null } | { readonly error: unknown } | null = null;

  constructor(world: FakeWorld) {
    this.#world = world;
  }

  read(): SyncThenable<Read> {
    return new SyncThenable<Read>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#serve();
    }, this.#world.unheard);
  }

  cancel(): SyncThenable<undefined> {
    this.#outcome = { output: null };
    this.#serve();
    return SyncThenable.resolved(undefined, this.#world.unheard);
  }

  releaseLock(): void {
    // Nothing locks these streams.
  }

  /** The output is there. */
  give(output: Uint8Array): void {
    this.#outcome ??= { output };
    this.#serve();
  }

  /** The stream has failed. */
  fail(error: unknown): void {
    this.#outcome ??= { error };
    this.#serve();
  }

  #serve(): void {
    let outcome = this.#outcome;
    for (let next = outcome && this.#waiting.shift(); next && outcome; next = this.#waiting.shift(), outcome = this.#outcome) {
      if ('error' in outcome) {
        next.reject(outcome.error);
        continue;
      }
      const { output } = outcome;
      this.#outcome = { output: null };
      if (output && output.length > 0) next.resolve({ done: false, value: output });
      else next.resolve({ done: true, value: undefined });
    }
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

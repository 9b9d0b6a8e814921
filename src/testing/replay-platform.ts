import type { Platform } from '../platform/platform.ts';
import type { FakeDataChannel } from './fake-data-channel.ts';
import { FakeEventTarget } from './fake-event-target.ts';
import { FakeWebSocket } from './fake-web-socket.ts';
import { fakeWorld, type FakeWorld } from './fake-world.ts';
import { ReplayPeerConnection } from './replay-peer-connection.ts';
import { SyncThenable } from './sync-thenable.ts';

/** What a recording knows about the runtime it was made on. */
export interface RecordedRuntime {
  readonly now: () => number;
  readonly userAgent: string | undefined;
  readonly connectionStateDefined: boolean;
  /** URLs for which no socket could be made. */
  readonly refusedUrls: ReadonlySet<string>;
  /** What making a socket or a peer connection threw. */
  readonly refusal: unknown;
  readonly peerConnectionThrows: boolean;
}

interface Decode {
  readonly resolve: (content: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

/** A runtime that does what a recording says and nothing else. */
export class ReplayPlatform {
  readonly world: FakeWorld;
  readonly sockets: FakeWebSocket[] = [];
  /** Those that were made for an offer of the server. */
  readonly peerConnections: ReplayPeerConnection[] = [];
  /** Those that were only made to write an offer. */
  readonly throwAways: ReplayPeerConnection[] = [];
  readonly page: FakeEventTarget;
  readonly platform: Partial<Platform>;
  /** Inflations that wait for what the recording says they gave, by the ticket that stands in place of the compressed bytes. */
  readonly #decodes = new Map<number, Decode>();
  #tickets = 0;

  constructor(runtime: RecordedRuntime) {
    const world = fakeWorld(runtime.now);
    this.world = world;
    this.page = new FakeEventTarget(world, 'page', 'page', []);
    const { sockets, peerConnections } = this;
    const { throwAways } = this;
    const inflate = (data: Uint8Array): SyncThenable<Uint8Array> =>
      new SyncThenable((resolve, reject) => {
        this.#decodes.set(ticketOf(data), { resolve, reject });
      });

    class WebSocket extends FakeWebSocket {
      constructor(url: string) {
        if (runtime.refusedUrls.has(url)) throw runtime.refusal;
        super(url, world, String(sockets.length + 1));
        sockets.push(this);
      }
    }
    class RTCPeerConnection extends ReplayPeerConnection {
      constructor(configuration?: object) {
        // The one that is thrown away has no configuration.
        if (runtime.peerConnectionThrows && configuration !== undefined) throw runtime.refusal;
        super(world, String(peerConnections.length + 1), runtime.connectionStateDefined ? 'new' : undefined);
        if (configuration === undefined) throwAways.push(this);
        else peerConnections.push(this);
      }
    }
    class DecompressionStream extends WorkedStream {
      constructor() {
        super(inflate);
      }
    }
    this.platform = {
      WebSocket,
      RTCPeerConnection,
      CompressionStream: StoringStream,
      DecompressionStream,
      page: this.page,
      now: runtime.now,
      ...(runtime.userAgent !== undefined && { userAgent: runtime.userAgent }),
    };
  }

  /** The last socket that was opened to a URL. */
  socket(url: string): FakeWebSocket | undefined {
    return this.sockets.findLast((socket) => socket.url === url);
  }

  /** The peer connection of the session. */
  get peerConnection(): ReplayPeerConnection | undefined {
    return this.peerConnections.at(-1);
  }

  /** The last channel of a label. */
  channel(label: string): FakeDataChannel | undefined {
    return this.peerConnection?.channels.findLast((channel) => channel.label === label);
  }

  /** Bytes that stand for a compressed message, as many as there were. */
  ticket(bytes: number): { readonly ticket: number; readonly data: Uint8Array<ArrayBuffer> } {
    this.#tickets += 1;
    const data = new Uint8Array(Math.max(bytes, 4));
    new DataView(data.buffer).setUint32(0, this.#tickets);
    return { ticket: this.#tickets, data };
  }

  /** What a compressed message gave; null for one that could not be inflated. */
  decoded(ticket: number, content: Uint8Array | null): void {
    const decode = this.#decodes.get(ticket);
    this.#decodes.delete(ticket);
    if (content) decode?.resolve(content);
    else decode?.reject(new TypeError('The compressed data was not valid'));
  }
}

const ticketOf = (data: Uint8Array): number => new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0);

/** A compression stream whose work is somebody else's: of a message as a whole, as soon as its writer closes. */
class WorkedStream {
  readonly readable: { getReader(): { read(): SyncThenable<object>; cancel(): SyncThenable<undefined> } };
  readonly writable: { getWriter(): { write(chunk: Uint8Array): SyncThenable<undefined>; close(): SyncThenable<undefined> } };

  constructor(work: (data: Uint8Array) => PromiseLike<Uint8Array>) {
    let data = new Uint8Array(0);
    let isGiven = false;
    let begin: () => void = () => undefined;
    const output = new SyncThenable<Uint8Array>((resolve) => {
      begin = () => resolve(work(data));
    });
    const done = SyncThenable.resolved(undefined);
    const read = (): SyncThenable<object> =>
      output.then((value) => {
        const isFirst = !isGiven && value.length > 0;
        isGiven = true;
        return isFirst ? { done: false, value } : { done: true, value: undefined };
      });
    const write = (chunk: Uint8Array): SyncThenable<undefined> => {
      data = new Uint8Array([...data, ...chunk]);
      return done;
    };
    const close = (): SyncThenable<undefined> => {
      begin();
      return output.then(() => undefined);
    };
    this.readable = { getReader: () => ({ read, cancel: () => done }) };
    this.writable = { getWriter: () => ({ write, close }) };
  }
}

/** Compresses nothing: what is sent in a replay goes nowhere. */
class StoringStream extends WorkedStream {
  constructor() {
    super((data) => SyncThenable.resolved(data));
  }
}

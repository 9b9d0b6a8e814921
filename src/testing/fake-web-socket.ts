import { utf8Bytes } from '../transports/bytes.ts';
import { CallScript } from './call-script.ts';
import { domError } from './dom-error.ts';
import { FakeEventTarget, type FakeListener } from './fake-event-target.ts';
import { fakeWorld, type FakeWorld } from './fake-world.ts';

/** The methods and getters of a WebSocket that can be scripted. */
export type FakeWebSocketMethod = 'new' | 'send' | 'close' | 'readyState';

/** A call of `close()`. */
export interface FakeWebSocketClose {
  readonly at: number;
  readonly code: number | undefined;
  readonly reason: string | undefined;
  /** The state that the call found. */
  readonly readyState: number;
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;

/**
 * A WebSocket whose far end is played by a test through {@link FakeWebSocket.remote}.
 *
 * Strict as a browser: `send` throws while connecting and is thrown away once closing, a wrong close code throws, one close event per socket,
 * no open and no message after `close()` was called.
 *
 * @source WHATWG WebSockets 3.1
 */
export class FakeWebSocket extends FakeEventTarget {
  static readonly CONNECTING: number = CONNECTING;
  static readonly OPEN: number = OPEN;
  static readonly CLOSING: number = CLOSING;
  static readonly CLOSED: number = CLOSED;
  readonly CONNECTING: number = CONNECTING;
  readonly OPEN: number = OPEN;
  readonly CLOSING: number = CLOSING;
  readonly CLOSED: number = CLOSED;
  readonly url: string;
  readonly protocol: string = '';
  readonly extensions: string = '';
  binaryType = 'blob';
  bufferedAmount = 0;
  onopen: FakeListener | null = null;
  onmessage: FakeListener | null = null;
  onerror: FakeListener | null = null;
  onclose: FakeListener | null = null;
  /** How its methods behave next. */
  readonly script: CallScript<FakeWebSocketMethod>;
  /** Milliseconds at which it was made. */
  readonly createdAt: number;
  /** Every call of `close()`, those without effect included. */
  readonly closeCalls: FakeWebSocketClose[] = [];
  /** Whether the close event has been fired. */
  closeFired = false;
  /** What the far end and the network do. */
  readonly remote: FakeWebSocketRemote;
  #readyState = CONNECTING;

  constructor(url: string, world: FakeWorld = fakeWorld(), name = '1', sortScript: CallScript<FakeWebSocketMethod> | null = null) {
    super(world, 'websocket', name, ['open', 'message', 'error', 'close']);
    this.script = new CallScript(world.unheard, sortScript);
    this.script.call('new', () => undefined);
    this.url = url;
    this.createdAt = world.now();
    this.note('new', { url });
    this.remote = new FakeWebSocketRemote(this, (state) => {
      this.#readyState = state;
    });
  }

  get readyState(): number {
    return this.script.call('readyState', () => this.#readyState);
  }

  /** The state without a script in between. */
  get state(): number {
    return this.#readyState;
  }

  send(data: string | ArrayBufferLike | ArrayBufferView): void {
    this.script.call('send', () => {
      if (this.#readyState === CONNECTING) throw domError('InvalidStateError', 'the socket is still connecting');
      const delivered = this.#readyState === OPEN;
      const frame = { at: this.world.now(), via: 'websocket', label: null, data: frameData(data), delivered } as const;
      this.world.sent.push(frame);
      this.note('send', frame);
    });
  }

  close(code?: number, reason?: string): void {
    const { world } = this;
    this.closeCalls.push({ at: world.now(), code, reason, readyState: this.#readyState });
    this.note('close', { code, reason, readyState: this.#readyState });
    this.script.call('close', () => {
      if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) {
        throw domError('InvalidAccessError', `${code} is not a code that an application may use`);
      }
      if (reason !== undefined && utf8Bytes(reason).length > 123) throw domError('SyntaxError', 'the reason is too long');
      if (this.#readyState < CLOSING) this.#readyState = CLOSING;
    });
  }
}

/** The other side of a {@link FakeWebSocket}. A call that the state of the socket does not allow does nothing, as nothing would arrive. */
export class FakeWebSocketRemote {
  readonly #socket: FakeWebSocket;
  readonly #become: (state: number) => void;

  constructor(socket: FakeWebSocket, become: (state: number) => void) {
    this.#socket = socket;
    this.#become = become;
  }

  /** The handshake succeeds. */
  open(): void {
    if (this.#socket.state !== CONNECTING) return;
    this.#become(OPEN);
    this.#socket.fire('open');
  }

  /** A message arrives; an object that is no binary data is written as JSON. */
  message(data: string | ArrayBufferLike | ArrayBufferView | object): void {
    if (this.#socket.state !== OPEN) return;
    this.#socket.fire('message', { data: wireData(data) });
  }

  /** The close handshake has begun; no event yet. */
  closing(): void {
    if (this.#socket.state < CLOSING) this.#become(CLOSING);
  }

  /**
   * The error event. A socket that was still connecting is closed by then, as in a browser; an open one stays open, which is the harder
   * case: some runtimes fire no close event afterwards.
   */
  error(): void {
    if (this.#socket.closeFired) return;
    if (this.#socket.state === CONNECTING) this.#become(CLOSED);
    this.#socket.fire('error');
  }

  /** The socket is closed: the one close event. */
  close(code = 1000, reason = '', wasClean: boolean = code !== 1006): void {
    if (this.#socket.closeFired) return;
    this.#socket.closeFired = true;
    this.#become(CLOSED);
    this.#socket.fire('close', { code, reason, wasClean });
  }

  /** The error and the close event that a browser fires in one task when a connection is lost. */
  fail(code = 1006): void {
    this.error();
    this.close(code);
  }
}

/** Frame data as the records keep it. */
export function frameData(data: string | ArrayBufferLike | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
  return new Uint8Array(data).slice();
}

/** Frame data as an event carries it. */
export function wireData(data: string | ArrayBufferLike | ArrayBufferView | object): string | ArrayBuffer {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer;
  return JSON.stringify(data);
}

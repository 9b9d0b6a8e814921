import type { Socket } from 'node:net';
import { AsyncSubject, Subject, type Observable } from 'rxjs';
import { WebSocket, type RawData } from 'ws';
import { closeReason, isSendableCloseCode } from '../wire/close-frame.ts';
import type { Frame } from '../wire/payload-codec.ts';

const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/** How a socket ended. 1006 where no Close frame was received. */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

const bytesOf = (data: RawData): Uint8Array => {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
};

/** One WebSocket of a client, with the ways to break it. Never throws; what is sent after the end is dropped. */
export class SignalingSocket {
  /** Counted over all nodes; names a client that has no id yet. */
  readonly id: number;
  /** The URL that the client opened. */
  readonly url: string;
  readonly #webSocket: WebSocket;
  readonly #tcp: Socket | undefined;
  readonly #messageSubject = new Subject<Frame>();
  readonly #closeSubject = new AsyncSubject<SocketClose>();
  readonly #errorSubject = new Subject<Error>();
  #held: Frame[] | undefined;

  /** Frames as received: text as string. Hot, no replay; completes at the end. */
  readonly message$: Observable<Frame> = this.#messageSubject.asObservable();
  /** The end of the socket; replays. */
  readonly close$: Observable<SocketClose> = this.#closeSubject.asObservable();
  /** Protocol errors of the client, before the close that follows. Hot. */
  readonly error$: Observable<Error> = this.#errorSubject.asObservable();

  /** `tcp` is the connection below the WebSocket, and below TLS where there is TLS. */
  constructor(webSocket: WebSocket, tcp: Socket | undefined, id: number, url: string) {
    this.id = id;
    this.url = url;
    this.#webSocket = webSocket;
    this.#tcp = tcp;
    webSocket.on('message', (data, isBinary) => {
      const bytes = bytesOf(data);
      this.#messageSubject.next(isBinary ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    });
    webSocket.on('error', (error) => this.#errorSubject.next(error));
    webSocket.on('close', (code, reason) => {
      this.#messageSubject.complete();
      this.#errorSubject.complete();
      this.#closeSubject.next({ code, reason: reason.toString('utf8') });
      this.#closeSubject.complete();
    });
  }

  get open(): boolean {
    return this.#webSocket.readyState === WebSocket.OPEN;
  }

  get closed(): boolean {
    return this.#webSocket.readyState === WebSocket.CLOSED;
  }

  /** Half-open: reads nothing and holds back what is sent until {@link thaw}. */
  freeze(): void {
    if (this.#held !== undefined || !this.open) return;
    this.#held = [];
    this.#webSocket.pause();
  }

  thaw(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#webSocket.resume();
    for (const frame of held) this.send(frame);
  }

  get frozen(): boolean {
    return this.#held !== undefined;
  }

  /** False when the socket is not open. A client that does not read is cut, so that its messages do not pile up. */
  send(frame: Frame): boolean {
    if (!this.open) return false;
    if (this.#webSocket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.cut();
      return false;
    }
    if (this.#held === undefined) this.#webSocket.send(frame);
    else this.#held.push(frame);
    return true;
  }

  /** Sends a Close frame, an empty one without a code. A frozen socket is cut instead, and so is one given a code that no frame can carry. */
  close(code?: number, reason = ''): void {
    if (!this.open) return;
    if (this.frozen || (code !== undefined && !isSendableCloseCode(code))) this.cut();
    else if (code === undefined) this.#webSocket.close();
    else this.#webSocket.close(code, closeReason(reason));
  }

  /** FIN without a Close frame. */
  cut(): void {
    this.#tcp?.destroySoon();
  }

  /** RST. */
  reset(): void {
    this.#tcp?.resetAndDestroy();
  }

  /** Destroys the socket at once. */
  terminate(): void {
    this.#webSocket.terminate();
  }
}

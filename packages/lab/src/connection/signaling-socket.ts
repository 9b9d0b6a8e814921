import type { Duplex } from 'node:stream';
import { Socket } from 'node:net';
import { AsyncSubject, Subject, type Observable } from 'rxjs';
import { WebSocket, type RawData } from 'ws';
import { closeReason, isSendableCloseCode } from '../wire/close-frame.ts';
import type { Frame } from '../wire/payload-codec.ts';

const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/** How a socket ended, as the lab saw it. 1006 where no Close frame came. */
export interface SocketClose {
  readonly code: number;
  readonly reason: string;
}

const bytesOf = (data: RawData): Uint8Array => {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
};

/** One WebSocket of a client, with the ways to break it. Never throws and is never sent to after its end. */
export class SignalingSocket {
  /** Counted over all nodes: what a client is called before it has an id. */
  readonly id: number;
  /** The URL by which the client came. */
  readonly url: string;
  readonly #webSocket: WebSocket;
  readonly #stream: Duplex;
  readonly #messageSubject = new Subject<Frame>();
  readonly #closeSubject = new AsyncSubject<SocketClose>();
  readonly #errorSubject = new Subject<Error>();
  #held: Frame[] | undefined;

  /** Frames as they came: text as string. Hot, no replay; completes at the end. */
  readonly message$: Observable<Frame> = this.#messageSubject.asObservable();
  /** The end of the socket; replays. */
  readonly close$: Observable<SocketClose> = this.#closeSubject.asObservable();
  /** Protocol errors of the client, before the close that follows. Hot. */
  readonly error$: Observable<Error> = this.#errorSubject.asObservable();

  constructor(webSocket: WebSocket, stream: Duplex, id: number, url: string) {
    this.id = id;
    this.url = url;
    this.#webSocket = webSocket;
    this.#stream = stream;
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

  /** False when the socket is not open. A client that never reads is cut: the lab's memory is not its mailbox. */
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

  /** Sends a Close frame, an empty one without a code. A frozen socket cannot, and no socket a code that no frame can carry: it is cut. */
  close(code?: number, reason = ''): void {
    if (!this.open) return;
    if (this.frozen || (code !== undefined && !isSendableCloseCode(code))) this.cut();
    else if (code === undefined) this.#webSocket.close();
    else this.#webSocket.close(code, closeReason(reason));
  }

  /** FIN without a Close frame. */
  cut(): void {
    if (this.#stream instanceof Socket) this.#stream.destroySoon();
    else this.#stream.destroy();
  }

  /** RST. */
  reset(): void {
    if (this.#stream instanceof Socket) this.#stream.resetAndDestroy();
    else this.#stream.destroy();
  }

  /** The end without ceremony, for a lab that is being closed. */
  terminate(): void {
    this.#webSocket.terminate();
  }
}

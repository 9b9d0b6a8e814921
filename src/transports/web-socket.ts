import type { Observable } from 'rxjs';
import type { WebSocketEvent } from '../model/session-event.ts';
import { quietly } from '../platform/quietly.ts';
import { wallTime } from '../platform/wall-time.ts';
import type { WebSocketLike } from '../platform/w3c.ts';
import { attach, inOrder } from './attach.ts';
import { hot } from './hot.ts';

/**
 * The events of a WebSocket in order: open, messages, error, close.
 *
 * Hot. Nothing is lost between this call and the first subscription; later subscribers get what happens from then on. A socket that is open or
 * closed already emits that first. Completes with `close`, never errors; listeners are removed with the end or with the last unsubscribe.
 *
 * @param socket any W3C-shaped WebSocket; its `binaryType` is set to `arraybuffer`
 * @param now the clock for `at`, in milliseconds
 * @example
 * ```ts
 * fromWebSocket(new WebSocket('wss://sora.example.com/signaling')).subscribe(({ kind, at }) => console.log(at, kind));
 * ```
 * @source WHATWG WebSockets 9.3
 */
export function fromWebSocket(socket: WebSocketLike, now: () => number = wallTime): Observable<WebSocketEvent> {
  return hot<WebSocketEvent>(
    (emit) => observeWebSocket(socket, now, emit),
    ({ kind }) => kind === 'close',
  );
}

const OPEN = 1;
const CLOSED = 3;

/** Calls `emit` for each event of a socket, now and from now on. Returns what removes the listeners. */
export function observeWebSocket(socket: WebSocketLike, now: () => number, emit: (event: WebSocketEvent) => void): () => void {
  quietly(() => (socket.binaryType = 'arraybuffer'), null);
  const events = inOrder(emit);
  let isOpen = false;
  const url = quietly(() => socket.url, undefined) ?? '';
  const open = (): void => {
    // A socket that was open when it was first observed may still fire the event.
    if (isOpen) return;
    isOpen = true;
    events.emit({ source: 'websocket', kind: 'open', at: now(), url });
  };
  const close = ({ code, reason, wasClean }: Partial<CloseEvent>): void => {
    events.emit({
      source: 'websocket',
      kind: 'close',
      at: now(),
      url,
      // Not every runtime fills in all three.
      code: Number.isFinite(code) ? (code as number) : 1006,
      reason: typeof reason === 'string' ? reason : '',
      wasClean: wasClean === true,
    });
  };
  const detach = attach(socket, {
    open,
    message: ({ data }: { data?: unknown }) => {
      const at = now();
      events.emitMessage(data, (received) => ({ source: 'websocket', kind: 'message', at, url, data: received }));
    },
    error: () => events.emit({ source: 'websocket', kind: 'error', at: now(), url }),
    close,
  });
  const state = quietly(() => socket.readyState, null);
  if (state === OPEN) open();
  if (state === CLOSED) close({});
  return detach;
}

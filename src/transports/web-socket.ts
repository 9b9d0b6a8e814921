import { asyncScheduler, type Observable } from 'rxjs';
import { quietly } from '../platform/quietly.ts';
import type { WebSocketLike } from '../platform/w3c.ts';
import { messageData } from './bytes.ts';
import { listen } from './listen.ts';
import type { WebSocketEvent } from './web-socket-event.ts';

const OPEN = 1;
const CLOSED = 3;

/**
 * The events of a WebSocket as one ordered stream: open, messages, error, close.
 *
 * Hot. Nothing is lost between this call and the first subscription; later subscribers get what happens from then on. A socket that is open
 * or closed already says so first. Completes with `close`, never errors; the listeners are gone after the end or the last unsubscribe.
 *
 * @param socket any W3C-shaped WebSocket; its `binaryType` is set to `arraybuffer`
 * @param now the clock that stamps the events, in milliseconds
 * @source WHATWG WebSockets 9.3
 */
export function fromWebSocket(socket: WebSocketLike, now: () => number = () => asyncScheduler.now()): Observable<WebSocketEvent> {
  quietly(() => (socket.binaryType = 'arraybuffer'), null);
  const url = socket.url ?? '';
  let opened = false;
  const open = (): WebSocketEvent | null => {
    if (opened) return null;
    opened = true;
    return { kind: 'open', at: now(), url };
  };
  return listen<WebSocketEvent>(socket, {
    events: {
      open,
      message: (event) => ({ kind: 'message', at: now(), url, data: messageData((event as { data?: unknown }).data) }),
      error: () => ({ kind: 'error', at: now(), url }),
      close: (event) => {
        const { code, reason, wasClean } = event as { code?: unknown; reason?: unknown; wasClean?: unknown };
        return {
          kind: 'close',
          at: now(),
          url,
          // Not every runtime fills in all of them.
          code: typeof code === 'number' && Number.isFinite(code) ? code : 1006,
          reason: typeof reason === 'string' ? reason : '',
          wasClean: wasClean === true,
        };
      },
    },
    past: () => {
      // A getter that throws says nothing (P22): the listeners are in place and must not be lost.
      const state = quietly(() => socket.readyState, null);
      if (state === CLOSED) return [{ kind: 'close', at: now(), url, code: 1006, reason: '', wasClean: false }];
      const already = state === OPEN ? open() : null;
      return already === null ? [] : [already];
    },
    isLast: ({ kind }) => kind === 'close',
  });
}

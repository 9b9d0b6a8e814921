import type { Observable } from 'rxjs';
import { quietly } from '../platform/quietly.ts';
import type { Platform } from '../platform/platform.ts';
import type { WebSocketLike } from '../platform/w3c.ts';
import type { WebSocketState } from '../termination/sources.ts';
import type { WebSocketEvent } from '../transports/web-socket-event.ts';
import { fromWebSocket } from '../transports/web-socket.ts';

/** One WebSocket to a signaling URL, with its events, and with a close that happens once. */
export interface Link {
  readonly url: string;
  readonly events$: Observable<WebSocketEvent>;
  state(): WebSocketState;
  /** Sends a text frame. Throws what the socket throws. */
  send(text: string): void;
  /** Closes the socket with 1000 unless that was done before or the other side was first (Q70). Throws what the socket throws. */
  readonly close: () => void;
}

const STATES = ['connecting', 'open', 'closing', 'closed'] as const;

/** Opens a socket; its events are kept from this moment on. Throws what the constructor throws. */
export function openLink(url: string, platform: Pick<Platform, 'WebSocket'>, now: () => number): Link {
  const socket: WebSocketLike = new platform.WebSocket(url as never);
  const state = (): WebSocketState => STATES[socket.readyState] ?? null;
  let closed = false;
  return {
    url,
    events$: fromWebSocket(socket, now),
    state,
    send: (text) => {
      socket.send(text as never);
    },
    close: () => {
      if (closed || quietly(state, null) === 'closed') return;
      closed = true;
      socket.close(1000);
    },
  };
}

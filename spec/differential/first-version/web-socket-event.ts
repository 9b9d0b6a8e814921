interface Common {
  /** Milliseconds on the session's clock; Unix milliseconds where a socket is listened to on its own. */
  readonly at: number;
  /** The URL that the socket was opened with, empty where the socket does not tell. */
  readonly url: string;
}

/**
 * What a WebSocket told, as plain data with the W3C's fields. A socket that was already closed when it was first listened to says so with
 * the code 1006, as nobody knows the true one any more.
 *
 * @source WHATWG WebSockets 9.3, events of the WebSocket interface
 */
export type WebSocketEvent =
  | (Common & { readonly kind: 'open' })
  | (Common & { readonly kind: 'message'; readonly data: string | Uint8Array })
  | (Common & { readonly kind: 'error' })
  | (Common & { readonly kind: 'close'; readonly code: number; readonly reason: string; readonly wasClean: boolean });

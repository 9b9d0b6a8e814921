/**
 * What a health is read from. Durations end in `Ms`; numbers are those of the moment at which the health began.
 *
 * `receiving`, `checks-answered`, `nothing-expected`, `not-connected`, `unmeasured` speak for nothing worse than `good`; `paused` and
 * `recovering` say why an earlier health still stands; the rest is what makes a call `unstable` or `stalled`.
 */
export type HealthEvidence =
  /** Data come in. */
  | { readonly kind: 'receiving'; readonly bytesPerSecond: number }
  /** Nothing has come in lately and nothing has to, but the server answers the checks of ICE. */
  | { readonly kind: 'checks-answered'; readonly roundTripMs: number | null }
  /** Nothing has come in lately, and nothing has to: nobody sends, this client included. */
  | { readonly kind: 'nothing-expected' }
  /** There is no connection yet, or none any more. */
  | { readonly kind: 'not-connected' }
  /** The browser has told nothing yet, or does not tell. */
  | { readonly kind: 'unmeasured' }
  /** The page slept or its timers were held back for so long, and nothing that came since says how things stand. */
  | { readonly kind: 'paused'; readonly forMs: number }
  /** It was worse until so long ago. */
  | { readonly kind: 'recovering'; readonly forMs: number }
  /**
   * Data flowed and have stopped. `media`: packets of others, who may have stopped on purpose. `feedback`: the server's reports on what this client
   * sends and goes on sending, so it is certain that something is wrong.
   */
  | { readonly kind: 'nothing-received'; readonly expected: 'media' | 'feedback'; readonly forMs: number }
  /** The browser's checks of the connection went out and nothing came back. */
  | { readonly kind: 'checks-unanswered'; readonly count: number; readonly forMs: number }
  /** The server's `ping` on the WebSocket, which came every `periodMs`, is overdue: the socket is dead, whatever the media do. */
  | { readonly kind: 'pings-missing'; readonly periodMs: number; readonly forMs: number }
  /** The connection was switched to DataChannels, and none of them carries signaling. */
  | { readonly kind: 'no-signaling' }
  /** What ICE says itself. */
  | { readonly kind: 'ice'; readonly state: 'disconnected' | 'failed' | 'closed' }
  /** What the server says of the network of this client. */
  | { readonly kind: 'network-status'; readonly level: 1 | 2 | 3 }
  /** Packets that were lost, of all. */
  | { readonly kind: 'loss'; readonly direction: 'received' | 'sent'; readonly ratio: number }
  | { readonly kind: 'round-trip'; readonly roundTripMs: number };

/** `good`: nothing speaks against the call. `unstable`: it suffers, or may have stopped. `stalled`: nothing comes in any more. */
export type HealthState = 'good' | 'unstable' | 'stalled';

/** How a call is at a moment, and what that is read from. */
export interface Health {
  readonly state: HealthState;
  /** Milliseconds on the session's clock at which it began to be so. */
  readonly at: number;
  /** What it is read from, the most telling first; never empty. */
  readonly evidence: readonly HealthEvidence[];
}

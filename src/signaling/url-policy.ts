/** In what order sockets to several signaling URLs are opened. */
export interface UrlOrder {
  /** The URLs of a wave are opened together, the next wave when all of them have failed. */
  readonly waves: readonly (readonly string[])[];
  /** Milliseconds after which the next wave begins although none has failed; null to wait for that. */
  readonly headStartMs: number | null;
  /** Called with the URL over which the session connected, or with null if it ended before. */
  readonly report?: (url: string | null) => void;
}

/** Decides the order for the signaling URLs of one session: {@link parallel}, {@link staggered}, {@link sequential}, {@link sticky}, or one's own. */
export type SignalingUrlPolicy = (urls: readonly string[]) => UrlOrder;

/**
 * All at once.
 *
 * @example
 * ```ts
 * connect({ signalingUrl: ['wss://one.example.com/signaling', 'wss://two.example.com/signaling'], signalingUrlPolicy: parallel, channelId, role: 'recvonly' });
 * ```
 */
export const parallel: SignalingUrlPolicy = (urls) => ({ waves: [urls], headStartMs: null });

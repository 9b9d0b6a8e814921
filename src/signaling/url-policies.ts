import { type SignalingUrlPolicy, parallel } from './url-policy.ts';

/** The recommended delay between two attempts, in milliseconds. @source RFC 8305 8 */
const HEAD_START_MS = 250;

/**
 * The next URL 250 ms after the one before, or as soon as that one failed.
 *
 * @example
 * ```ts
 * connect({ signalingUrl: ['wss://one.example.com/signaling', 'wss://two.example.com/signaling'], signalingUrlPolicy: staggered, channelId, role: 'recvonly' });
 * ```
 * @source Q49; RFC 8305
 */
export const staggered: SignalingUrlPolicy = (urls) => ({ waves: urls.map((url) => [url]), headStartMs: HEAD_START_MS });

/**
 * The next URL only when the one before failed or was too slow.
 *
 * @example
 * ```ts
 * connect({ signalingUrl: ['wss://one.example.com/signaling', 'wss://two.example.com/signaling'], signalingUrlPolicy: sequential, channelId, role: 'recvonly' });
 * ```
 * @source Q49
 */
export const sequential: SignalingUrlPolicy = (urls) => ({ waves: urls.map((url) => [url]), headStartMs: null });

/** Sets of URLs that are remembered; a client that generates a new URL each time must not fill the memory. */
const MOST_SETS = 64;

/** For each set of URLs the one that connected last in this process. */
const connectedLast = new Map<string, string>();

/**
 * First and alone the URL over which a session with these URLs connected last in this process, then all others at once. A URL that opened and then failed is
 * tried together with the others next time.
 *
 * @example
 * ```ts
 * connect({ signalingUrl: ['wss://one.example.com/signaling', 'wss://two.example.com/signaling'], signalingUrlPolicy: sticky, channelId, role: 'recvonly' });
 * ```
 * @source Q49
 */
export const sticky: SignalingUrlPolicy = (urls) => {
  const key = [...urls].sort().join('\n'); // a set is the same in any order
  const last = connectedLast.get(key);
  const isKnown = last !== undefined && urls.length > 1 && urls.includes(last);
  const { waves } = isKnown ? { waves: [[last], urls.filter((url) => url !== last)] } : parallel(urls);
  return {
    waves,
    headStartMs: null,
    report(url) {
      connectedLast.delete(key); // the newest comes last
      if (url !== null) connectedLast.set(key, url);
      const [oldest] = connectedLast.keys();
      if (connectedLast.size > MOST_SETS && oldest !== undefined) connectedLast.delete(oldest);
    },
  };
};

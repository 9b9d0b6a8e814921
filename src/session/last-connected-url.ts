/** Sets of URLs that are remembered; more would only be those of a client that makes up a new URL each time. */
const MOST_SETS = 64;

/** By set of URLs, the one that connected last in this process: the memory of `signalingUrlPolicy: 'sticky'`. */
const connectedLast = new Map<string, string>();

/** A set is the same in any order. */
const keyOf = (urls: readonly string[]): string => [...urls].sort().join('\n');

/** Null where none has connected, or the last session ended before it did. */
export const lastConnectedUrl = (urls: readonly string[]): string | null => connectedLast.get(keyOf(urls)) ?? null;

export function rememberConnected(urls: readonly string[], url: string): void {
  const key = keyOf(urls);
  connectedLast.delete(key); // the newest stands last
  connectedLast.set(key, url);
  const [oldest] = connectedLast.keys();
  if (connectedLast.size > MOST_SETS && oldest !== undefined) connectedLast.delete(oldest);
}

export function forgetConnected(urls: readonly string[]): void {
  connectedLast.delete(keyOf(urls));
}

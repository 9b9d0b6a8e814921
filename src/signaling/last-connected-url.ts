/** Sets of URLs that are remembered; a client that generates a new URL each time must not fill the memory. */
const MOST_SETS = 64;

/** For each set of URLs the one that connected last in this process: the memory of `signalingUrlPolicy: 'sticky'`. */
const connectedLast = new Map<string, string>();

/** A set is the same in any order. */
const keyOf = (urls: readonly string[]): string => [...urls].sort().join('\n');

/** Null if none has connected, or if the last session ended before it connected. */
export const lastConnectedUrl = (urls: readonly string[]): string | null => connectedLast.get(keyOf(urls)) ?? null;

export function rememberConnected(urls: readonly string[], url: string): void {
  const key = keyOf(urls);
  connectedLast.delete(key); // the newest comes last
  connectedLast.set(key, url);
  const [oldest] = connectedLast.keys();
  if (connectedLast.size > MOST_SETS && oldest !== undefined) connectedLast.delete(oldest);
}

export function forgetConnected(urls: readonly string[]): void {
  connectedLast.delete(keyOf(urls));
}

import type { SignalingProblem } from '../model/words.ts';

const MOST_HOPS = 5;

/** Follows the redirects of one session. */
export interface Redirects {
  /** The URL to open next, or why the redirect is out of order. */
  readonly follow: (from: string, location: string) => { readonly url: string } | { readonly what: SignalingProblem };
}

/** At most five hops, none to a URL that was used before, none from wss to ws (Q50). */
export function createRedirects(): Redirects {
  const visited = new Set<string>();
  return {
    follow(from, location) {
      const origin = normalized(from) ?? '';
      visited.add(origin);
      const target = normalized(location);
      if (target === null) return { what: 'schema' };
      const isDowngrade = origin.startsWith('wss:') && target.startsWith('ws:');
      return visited.has(target) || isDowngrade || visited.size > MOST_HOPS ? { what: 'unexpected-message' } : { url: location };
    },
  };
}

/** A URL in a form that can be compared; null for one that no WebSocket can be opened to. @source WHATWG WebSockets 3.1 */
function normalized(url: string): string | null {
  try {
    const { protocol, href } = new URL(url);
    return (protocol === 'ws:' || protocol === 'wss:') && !url.includes('#') ? href : null;
  } catch {
    return null;
  }
}

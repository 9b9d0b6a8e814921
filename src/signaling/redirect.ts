import type { SignalingProblem } from '../model/words.ts';
import { webSocketUrl } from './web-socket-url.ts';

const MOST_HOPS = 5;

/** Follows the redirects of one session. */
export interface Redirects {
  /** The URL to open next, or why the redirect is out of order. */
  readonly follow: (from: string, location: string) => { readonly url: string } | { readonly what: SignalingProblem };
}

/** At most five hops, none to a URL that was used before, none from wss to ws (Q50). */
export function createRedirects(): Redirects {
  const visited = new Set<string | undefined>();
  return {
    follow(from, location) {
      const origin = webSocketUrl(from);
      const target = webSocketUrl(location);
      if (target === null) return { what: 'schema' };
      visited.add(origin?.href);
      const isDowngrade = origin?.protocol === 'wss:' && target.protocol === 'ws:';
      return visited.has(target.href) || isDowngrade || visited.size > MOST_HOPS ? { what: 'unexpected-message' } : { url: location };
    },
  };
}

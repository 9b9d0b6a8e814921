/** In what order the sockets to several signaling URLs are opened. */
export type SignalingUrlPolicy = 'parallel' | 'staggered' | 'sequential' | 'sticky';

/** URLs in waves: the URLs of a wave are opened together, the next wave when all of them have failed. */
export interface ReachOrder {
  readonly waves: readonly (readonly string[])[];
  /** Milliseconds after which the next wave begins although none has failed; null to wait for that. */
  readonly headStartMs: number | null;
}

/** The recommended delay between two attempts. @source RFC 8305, 8 */
const HEAD_START_MS = 250;

/** What a policy means for these URLs. @param favourite the URL that a sticky client tries before all others; null if it has none */
export function reachOrder(policy: SignalingUrlPolicy, urls: readonly string[], favourite: string | null): ReachOrder {
  const oneByOne = urls.map((url) => [url]);
  switch (policy) {
    case 'parallel':
      return { waves: [urls], headStartMs: null };
    case 'staggered':
      return { waves: oneByOne, headStartMs: HEAD_START_MS };
    case 'sequential':
      return { waves: oneByOne, headStartMs: null };
    case 'sticky': {
      if (favourite === null || !urls.includes(favourite) || urls.length === 1) return { waves: [urls], headStartMs: null };
      return { waves: [[favourite], urls.filter((url) => url !== favourite)], headStartMs: null };
    }
  }
}

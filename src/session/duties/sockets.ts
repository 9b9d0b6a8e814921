import { EMPTY, type Observable, filter, ignoreElements, map, merge, of, share, switchMap, take, takeUntil, tap } from 'rxjs';
import { openLink } from '../../signaling/link.ts';
import { reachOrder } from '../../signaling/reach-order.ts';
import { reach } from '../../signaling/reach.ts';
import type { SignalingInvalid } from '../../termination/reason.ts';
import { socketInputs } from '../ingress.ts';
import type { SessionInput } from '../input.ts';
import { forgetConnected, lastConnectedUrl, rememberConnected } from '../last-connected-url.ts';
import { acted } from '../received.ts';
import type { SessionContext } from '../session-context.ts';

/** The session opens its sockets, for the first time or where a redirect leads. */
export const OPENING: SessionInput = { kind: 'progress', progress: { kind: 'opening' } };

const MOST_HOPS = 5;

/** Where a redirect leads, or what is wrong with it. */
type Destination = { readonly url: string } | { readonly what: SignalingInvalid['what'] };

/**
 * The sockets of a session: to the signaling URLs by the policy, then to where redirects lead, which drops the old socket without a word (Q50).
 * Redirects are followed until the end begins; the socket that counts then is listened to until everything is closed.
 */
export function sockets(context: SessionContext): Observable<SessionInput> {
  const { config, ending$ } = context;
  const destinations$ = redirects(context).pipe(share());
  const told$ = destinations$.pipe(
    map((destination): SessionInput => ('what' in destination ? { kind: 'invalid', what: destination.what } : OPENING)),
    takeUntil(ending$),
  );
  const targets$ = merge(
    of(config.signalingUrls),
    destinations$.pipe(
      map((destination) => ('url' in destination ? [destination.url] : null)),
      filter((urls) => urls !== null),
    ),
  ).pipe(takeUntil(ending$));
  return merge(remembering(context), told$, targets$.pipe(switchMap((urls) => attempt(urls, context))));
}

/** A sticky client comes back to the URL over which it connected. One that opens and then fails is tried together with the others next time. */
function remembering({ config: { signalingUrlPolicy, signalingUrls }, of: inputsOf, ending$ }: SessionContext): Observable<never> {
  if (signalingUrlPolicy !== 'sticky') return EMPTY;
  return merge(inputsOf('connected').pipe(map(({ info }) => info.contactUrl)), ending$.pipe(map(() => null))).pipe(
    take(1),
    tap((url) => {
      if (url === null) forgetConnected(signalingUrls);
      else rememberConnected(signalingUrls, url);
    }),
    ignoreElements(),
  );
}

function attempt(urls: readonly string[], { config, platform, live, clock, ending$ }: SessionContext): Observable<SessionInput> {
  const open = (url: string): ReturnType<typeof openLink> => {
    const link = openLink(url, platform, () => clock.elapsed());
    live.links.add(link);
    if (urls.length === 1) live.link = link;
    return link;
  };
  const order = reachOrder(config.signalingUrlPolicy, urls, lastConnectedUrl(urls));
  const sightings$ = reach(urls, open, config.timeouts.signalingUrlMs, order, ending$).pipe(
    tap(({ standing, link }) => {
      if (standing === 'current' && link !== null) live.link = link;
    }),
  );
  return socketInputs(sightings$);
}

/** At most five, none to a URL that was used before, none from wss to ws; otherwise the signaling is out of order (Q50). */
function redirects({ of: inputsOf, live, secrets }: SessionContext): Observable<Destination> {
  const visited = new Set<string>();
  return acted(inputsOf('received'), 'redirect').pipe(
    map(({ message: { location } }) => {
      secrets.learnUrl(location);
      const from = normal(live.link?.url ?? '') ?? '';
      visited.add(from);
      const to = normal(location);
      if (to === null) return { what: 'schema' };
      const downgraded = from.startsWith('wss:') && to.startsWith('ws:');
      return visited.has(to) || downgraded || visited.size > MOST_HOPS ? { what: 'unexpected-message' } : { url: location };
    }),
  );
}

/** A URL in the form in which it can be compared; null for one that no WebSocket can be opened to. @source WHATWG WebSockets 3.1 */
function normal(url: string): string | null {
  try {
    const { protocol, href } = new URL(url);
    return (protocol === 'ws:' || protocol === 'wss:') && !url.includes('#') ? href : null;
  } catch {
    return null;
  }
}

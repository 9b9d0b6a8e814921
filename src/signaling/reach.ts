import {
  NEVER,
  type Observable,
  connect,
  defer,
  distinct,
  filter,
  finalize,
  map,
  merge,
  mergeMap,
  of,
  race,
  scan,
  skip,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { release } from '../platform/release.ts';
import type { Failure } from '../termination/sources.ts';
import type { WebSocketEvent } from '../transports/web-socket-event.ts';
import { failureOf } from './failure.ts';
import type { Link } from './link.ts';
import type { ReachOrder } from './reach-order.ts';

/** Something that one of the sockets to the signaling URLs told. */
export interface Sighting {
  readonly url: string;
  /** Null for a socket that could not be made: its URL and why are all there is. */
  readonly link: Link | null;
  readonly what: WebSocketEvent | { readonly kind: 'timeout' } | { readonly kind: 'refused'; readonly failure: Failure };
  /**
   * `current`: of the socket that counts, the one that opened first or, when all have failed, the last to fail. `failed`: a candidate has
   * failed while another is left, which is no cause (Q49). `other`: whatever else one of those tells that do not count.
   */
  readonly standing: 'current' | 'failed' | 'other';
}

interface Contest {
  readonly current: Link | string | null;
  readonly failed: ReadonlySet<string>;
  readonly sighting: Sighting | null;
}

type Report = Omit<Sighting, 'standing'>;

/**
 * Opens a socket to each URL, in the order that is asked for, and follows them: the first that opens counts from then on, the others are closed
 * without a word, and those that have not begun never do. With more than one URL each has `limitMs` to open.
 *
 * Cold: subscribing opens the sockets, unsubscribing closes all that are left. Does not complete by itself.
 *
 * @param enough$ no other socket is opened once it has emitted: the session ends, and what its end closes is no failure to be made up for
 * @source Q49, Q52; the rules for several signaling URLs of the signaling protocol
 */
export function reach(
  urls: readonly string[],
  open: (url: string) => Link,
  limitMs: number,
  order: ReachOrder = { waves: [urls], headStartMs: null },
  enough$: Observable<unknown> = NEVER,
): Observable<Sighting> {
  return defer(() => {
    const links: Link[] = [];
    const late$ = urls.length > 1 ? timer(limitMs) : NEVER;
    function candidate(url: string): Observable<Report> {
      return defer(() => {
        try {
          const link = open(url);
          links.push(link);
          return follow(link, late$);
        } catch (error) {
          return of<Report>({ url, link: null, what: { kind: 'refused', failure: failureOf(error, 'websocket') } });
        }
      });
    }
    const start: Contest = { current: null, failed: new Set(), sighting: null };
    return inWaves(order, candidate, enough$).pipe(
      scan((contest, report) => judge(contest, report, urls.length), start),
      map(({ sighting }) => sighting),
      filter((sighting) => sighting !== null),
      tap((sighting) => {
        for (const link of superfluous(links, sighting)) release(link.close);
      }),
      finalize(() => {
        for (const link of links) release(link.close);
      }),
    );
  });
}

/** The next wave begins when all of this one have failed, or after the head start; never once a socket has opened or it is enough. */
function inWaves(
  { waves, headStartMs }: ReachOrder,
  candidate: (url: string) => Observable<Report>,
  enough$: Observable<unknown>,
): Observable<Report> {
  const [wave = [], ...later] = waves;
  const told$ = merge(...wave.map(candidate));
  if (later.length === 0) return told$;
  return told$.pipe(
    connect((shared$) => {
      const decided$ = merge(enough$, shared$.pipe(filter(({ what }) => what.kind === 'open')));
      // Whatever a socket tells before it has opened is its failure.
      const failed$ = shared$.pipe(
        distinct(({ url }) => url),
        skip(wave.length - 1),
      );
      const due$ = race(failed$, headStartMs === null ? NEVER : timer(headStartMs)).pipe(take(1), takeUntil(decided$));
      return merge(shared$, due$.pipe(mergeMap(() => inWaves({ waves: later, headStartMs }, candidate, decided$))));
    }),
  );
}

function follow(link: Link, late$: Observable<unknown>): Observable<Report> {
  const { url, events$ } = link;
  const report = (what: Report['what']): Report => ({ url, link, what });
  return events$.pipe(
    connect((told$) => {
      // A socket that has told anything has opened or failed: its limit is over.
      const timeout$ = late$.pipe(
        map(() => report({ kind: 'timeout' })),
        takeUntil(told$),
      );
      return merge(told$.pipe(map(report)), timeout$);
    }),
  );
}

function judge({ current, failed }: Contest, report: Report, urls: number): Contest {
  const { link, url, what } = report;
  const self = link ?? url;
  if (current !== null) {
    return { current, failed, sighting: { ...report, standing: current === self ? 'current' : 'other' } };
  }
  if (failed.has(url)) return { current, failed, sighting: { ...report, standing: 'other' } };
  if (what.kind === 'open') return { current: self, failed, sighting: { ...report, standing: 'current' } };
  const fallen = new Set(failed).add(url);
  const isLast = fallen.size === urls;
  return { current: isLast ? self : null, failed: fallen, sighting: { ...report, standing: isLast ? 'current' : 'failed' } };
}

/** What a sighting makes superfluous: the losers when one opens, and a candidate that has failed or was too slow. */
function superfluous(links: readonly Link[], { link, what, standing }: Sighting): readonly Link[] {
  if (standing === 'current' && what.kind === 'open') return links.filter((other) => other !== link);
  const gone = what.kind === 'timeout' || (standing === 'failed' && what.kind === 'error');
  return gone && link !== null ? [link] : [];
}

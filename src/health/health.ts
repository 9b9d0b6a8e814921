import {
  NEVER,
  Observable,
  ReplaySubject,
  defaultIfEmpty,
  defer,
  distinctUntilChanged,
  expand,
  filter,
  ignoreElements,
  last,
  map,
  merge,
  of,
  race,
  share,
  skip,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { resolvePlatform } from '../platform/platform.ts';
import { quietly } from '../platform/quietly.ts';
import type { EventSource } from '../platform/w3c.ts';
import { internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';
import { reading } from '../stats/reading.ts';
import { byId } from '../stats/stats-report.ts';
import { attach } from '../transports/attach.ts';
import type { Health, HealthEvidence } from './evidence.ts';
import { type Heard, NOTHING_HEARD, heardOn } from './heard.ts';
import { type HealthLimits, type ResolvedLimits, resolveLimits } from './limits.ts';
import { silenceOf } from './silence.ts';
import { nextLook, verdictOf } from './verdict.ts';
import { type Sight, type Watch, begun, remembered } from './watch.ts';

const shared = new WeakMap<Session, Observable<Health>>();

/**
 * How a call is, now and after every change: good, unstable, or stalled, with the evidence. It is a light, not a rule: it never ends a session.
 *
 * Read from what comes in, the browser's own checks of the connection, ICE, the server's `network.status` and pings, loss and round trip; once a
 * second, sooner while in doubt, and at once when ICE, the server or the page has news. Late timers of a hidden tab, and the sleep of a machine,
 * count for nothing by themselves, and a call in which nobody sends is good.
 *
 * A state: whoever subscribes gets the value that stands, then every change of the state or of the kinds of evidence. Shared by all subscribers of a
 * session, unless `limits` are given; measures only while somebody listens. Ends with the session, whose last value it replays; never errors.
 *
 * @throws SoraOptionsError for a wrong limit
 * @example
 * ```ts
 * health(session).subscribe(({ state, evidence }) => console.log(state, evidence.map(({ kind }) => kind)));
 * ```
 * @source Q82; W3C webrtc-stats; RFC 7675 for the checks of ICE; Sora signaling notify, network.status
 */
export function health(session: Session, limits?: HealthLimits): Observable<Health> {
  const shared$ = limits === undefined ? shared.get(session) : undefined;
  if (shared$ !== undefined) return shared$;
  const health$ = healthOf(session, resolveLimits(limits ?? {})).pipe(
    share({ connector: () => new ReplaySubject<Health>(1), resetOnComplete: false, resetOnRefCountZero: true, resetOnError: true }),
  );
  if (limits === undefined) shared.set(session, health$);
  return health$;
}

/** How long the browser may take to answer, before a look goes without statistics. */
const ANSWER_MS = 1000;

function healthOf(session: Session, limits: ResolvedLimits): Observable<Health> {
  const { live, config } = internalsOf(session);
  const reading$ = reading(session).pipe(
    map(({ reports }) => byId(reports)),
    defaultIfEmpty(null),
  );

  /** What is seen now, beside statistics. */
  const sight = (heard: Heard, entries: Sight['entries']): Sight => {
    const { now, peerConnection, presence } = live() ?? {};
    const current = peerConnection?.() ?? null;
    const network = [...(presence?.others.values() ?? [])].find(({ event_type: type }) => type === 'network.status');
    return {
      at: now?.() ?? 0,
      ice: current === null ? null : quietly(() => current.iceConnectionState, null),
      networkLevel: network?.event_type === 'network.status' ? (network.unstable_level ?? null) : null,
      heard,
      entries,
    };
  };

  return defer(() => {
    const page = resolvePlatform(config.platform).page ?? null;
    let heard = NOTHING_HEARD;
    const hearing$ = heardOn(session).pipe(
      tap((now) => (heard = now)),
      ignoreElements(),
    );
    /** Something has happened that may change the verdict. */
    const news$ = merge(
      session.peerConnection$.pipe(filter(({ kind }) => kind === 'iceconnectionstatechange' || kind === 'connectionstatechange')),
      session.notify$.pipe(filter(({ event_type: type }) => type === 'network.status')),
      page === null ? NEVER : pageReturns(page),
    );
    function look(): Observable<Sight> {
      return merge(reading$, timer(ANSWER_MS).pipe(map(() => null))).pipe(
        take(1),
        map((entries) => sight(heard, entries)),
      );
    }
    /** The watch from look to look; without its first value, which does not wait. */
    function later(first: Watch): Observable<Watch> {
      return of(first).pipe(
        expand((watch) =>
          race(watch.nextMs === null ? NEVER : timer(watch.nextMs), news$).pipe(
            take(1),
            switchMap(look),
            map((seen) => after(watch, seen, limits)),
          ),
        ),
        skip(1),
      );
    }
    const watch$ = defer(() => {
      const first = after(null, sight(heard, null), limits);
      return merge(of(first), later(first).pipe(takeUntil(ending(session))));
    });
    return merge(hearing$.pipe(takeUntil(ending(session))), watch$, session.termination$.pipe(last(), ignoreElements())).pipe(
      map((watch) => watch.health),
      distinctUntilChanged((a, b) => wordsOf(a) === wordsOf(b)),
    );
  });
}

/** What is remembered after a look, and what follows from it. */
function after(before: Watch | null, sight: Sight, limits: ResolvedLimits): Watch {
  const seen = before === null ? begun(sight) : remembered(before, sight, limits.roundTripMs);
  const silence = silenceOf(seen);
  const { state, evidence, isCaused } = verdictOf(seen, silence, before, limits);
  const badAt = isCaused ? sight.at : seen.badAt;
  const nextMs = nextLook(seen, silence, state);
  return { ...seen, badAt, health: { state, at: sight.at, evidence }, nextMs: before === null && nextMs !== null ? 0 : nextMs };
}

/** From the cause of its end on, everything about a connection changes, and none of it is news. */
function ending({ state$ }: Session): Observable<unknown> {
  return state$.pipe(filter((state) => state === 'ending' || state === 'ended'));
}

/** The page is looked at again, or the machine has found its network. */
function pageReturns(page: EventSource): Observable<unknown> {
  return new Observable((subscriber) => {
    const next = (event: object): void => subscriber.next(event);
    return attach(page, { visibilitychange: next, pageshow: next, online: next });
  });
}

/** A health in words, without the numbers that change with every look. */
const wordsOf = ({ state, evidence }: Health): string => [state, ...evidence.map(wordsOfEvidence)].join(' ');

function wordsOfEvidence(evidence: HealthEvidence): string {
  const { kind } = evidence;
  switch (kind) {
    case 'ice':
      return `${kind} ${evidence.state}`;
    case 'loss':
      return `${kind} ${evidence.direction}`;
    case 'nothing-received':
      return `${kind} ${evidence.expected}`;
    case 'network-status':
      return `${kind} ${evidence.level}`;
    default:
      return kind;
  }
}

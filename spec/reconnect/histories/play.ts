import { Subject, type Subscription, asyncScheduler, timer } from 'rxjs';
import type { CallStep } from '../../../src/reconnect/call-step.ts';
import { reconnect } from '../../../src/reconnect/reconnect.ts';
import { connect } from '../../../src/session/connect.ts';
import type { Session } from '../../../src/session/session.ts';
import type { Termination } from '../../../src/termination/reason.ts';
import { type FakeLeaks, createFakePlatform } from '../../../src/testing/fake-platform.ts';
import { FakeSora } from '../../../src/testing/fake-sora.ts';
import { parseInput } from '../../../src/testing/scenario-event.ts';
import { type VirtualTime, runInVirtualTime } from '../../../src/testing/virtual-time.ts';
import { type Happening, type History, LAST_EVENT_MS, OBSERVED_MS } from './history.ts';

/** The end of a session. */
interface SeenEnd {
  readonly at: number;
  /** How many events had come by then. */
  readonly events: number;
  /** Whether the call was left before. */
  readonly isLeft: boolean;
  readonly session: Session;
  readonly termination: Termination;
}

/** What was seen of a call. */
export interface Trace {
  readonly steps: readonly { readonly at: number; readonly step: CallStep }[];
  /** Of each session that ended, in order. */
  readonly ends: readonly SeenEnd[];
  readonly completedAt: number | null;
  /** When the user left, or the observer at the very end. */
  readonly leftAt: number | null;
  readonly errors: readonly unknown[];
  /** The most sessions that lived at one time. */
  readonly mostAlive: number;
  /** What was still open of older sessions whenever a session was handed over: sockets and peer connections. */
  readonly openBefore: number;
  /** Listeners, sockets, peer connections, channels and timers long after the end. */
  readonly left: number;
}

const CONNECTION_MS = 3000;

/** Plays a history to a call over real sessions on fakes, in virtual time. */
export function play({ policy, randoms, latencyMs, events }: History): Trace {
  const fake = createFakePlatform({ now: () => asyncScheduler.now() });
  const sora = new FakeSora(fake, { mode: 'W' });
  const nowSubject = new Subject<void>();
  const steps: { at: number; step: CallStep }[] = [];
  const ends: SeenEnd[] = [];
  const errors: unknown[] = [];
  let server: 'up' | 'down' | 'refuses' | 'silent' = 'up';
  let isOnline = true;
  let draws = 0;
  let count = 0;
  let alive = 0;
  let mostAlive = 0;
  let openBefore = 0;
  let completedAt: number | null = null;
  let leftAt: number | null = null;
  let subscription: Subscription | null = null;
  let current: Session | null = null;
  let isEnding = false;
  let time: VirtualTime | null = null;
  let timers = 0;

  const now = (): number => asyncScheduler.now();
  const settle = (): void => time?.settle();
  const isOpen = (): boolean => current !== null && fake.sockets.at(-1)?.state === fake.sockets.at(-1)?.OPEN;
  const drop = (): void => {
    if (current === null) return;
    if (isOpen()) sora.apply(parseInput('ws.close 1006'));
    else for (const word of ['ws.error', 'ws.close 1006']) sora.apply(parseInput(word));
  };

  /** The way of a session up to connected, as the server and the network are at each step of it. */
  function serve(session: Session): void {
    const next = (act: () => void): void => {
      timer(latencyMs).subscribe(() => {
        if (current !== session || isEnding) return;
        if (!isOnline || server === 'down') drop();
        else if (server !== 'silent') act();
      });
    };
    next(() => {
      sora.reach('signaling', settle);
      next(() => {
        if (server === 'refuses') sora.apply(parseInput('ws.close 4490'));
        else sora.reach('connected', settle);
      });
    });
  }

  function take(step: CallStep): void {
    steps.push({ at: now(), step });
    if (step.kind !== 'session') return;
    const { session } = step;
    const { sockets, peerConnections, channels } = fake.leaks();
    openBefore += sockets + peerConnections + channels;
    current = session;
    alive += 1;
    mostAlive = Math.max(mostAlive, alive);
    session.termination$.subscribe((termination) => {
      alive -= 1;
      if (current === session) current = null;
      ends.push({ at: now(), events: count, isLeft: leftAt !== null, session, termination });
    });
    isEnding = false;
    session.state$.subscribe((state) => (isEnding = state === 'ending'));
    serve(session);
  }

  function happen(what: Happening): void {
    count += 1;
    switch (what) {
      case 'server-up':
      case 'server-down':
      case 'server-refuses':
      case 'server-silent':
        server = what.slice(7) as typeof server;
        if (server === 'down') drop();
        break;
      case 'kick':
        if (isOpen()) sora.apply(parseInput('ws.close 1000'));
        break;
      case 'cut':
        drop();
        break;
      case 'peer-failed':
        if (current?.peerConnection) sora.apply(parseInput('pc failed'));
        break;
      case 'offline':
      case 'online':
        isOnline = what === 'online';
        fake.page.fire(what);
        break;
      case 'offline-unnoticed':
      case 'online-unnoticed':
        isOnline = what === 'online-unnoticed';
        break;
      case 'now':
        nowSubject.next();
        break;
      case 'pagehide':
        fake.page.fire('pagehide', { persisted: true });
        break;
      case 'pageshow':
        fake.page.fire('pageshow', { persisted: true });
        break;
      case 'first-pageshow':
        fake.page.fire('pageshow', { persisted: false });
        break;
      case 'disconnect':
        current?.disconnect().catch((error: unknown) => errors.push(error));
        break;
      case 'leave':
        leave();
    }
  }

  function leave(): void {
    if (completedAt === null) leftAt ??= now();
    subscription?.unsubscribe();
  }

  const call$ = connect({
    signalingUrl: 'wss://one.sora.test/signaling',
    channelId: 'sora',
    role: 'recvonly',
    platform: fake.platform,
    timeouts: { connectionMs: CONNECTION_MS },
  }).pipe(
    reconnect({
      ...policy,
      now$: nowSubject,
      page: fake.page,
      isOnline: () => isOnline,
      random: () => randoms[draws++ % randoms.length] ?? 0,
    }),
  );
  const run = runInVirtualTime(
    [...events.map(({ at, what }) => ({ at, run: () => happen(what) })), { at: OBSERVED_MS - LAST_EVENT_MS, run: leave }],
    OBSERVED_MS,
    (virtual) => {
      time = virtual;
      subscription = call$.subscribe({
        next: take,
        error: (error: unknown) => errors.push(error),
        complete: () => (completedAt = now()),
      });
      if (completedAt !== null) subscription.unsubscribe();
    },
    (virtual) => (timers = virtual.timers),
  );
  return {
    steps,
    ends,
    completedAt,
    leftAt,
    errors: [...errors, ...run.errors, ...fake.uncaught, ...fake.unhandledRejections],
    mostAlive,
    openBefore,
    left: sum(fake.leaks()) + timers,
  };
}

const sum = ({ listeners, sockets, peerConnections, channels }: FakeLeaks): number => listeners + sockets + peerConnections + channels;

import { activeSpeakers, createSession, health, remoteAudioLevels, type Session, stats } from 'rx-sora';
import { filter, firstValueFrom, ignoreElements, interval, merge, type Observable, lastValueFrom, takeUntil, tap, timer } from 'rxjs';

/** What can be watched; `nothing` is what the page does anyway. */
export type Watched = 'nothing' | 'stats' | 'health' | 'levels' | 'speakers';

let session: Session | null = null;

/** Browsers answer from a cache for 50 ms, which would make every second look cheap. */
const PERIOD_MS = 60;

function watching(current: Session, what: Watched, durationMs: number): Observable<unknown> {
  switch (what) {
    case 'nothing':
      return timer(durationMs);
    case 'stats':
      return stats(current, PERIOD_MS);
    case 'health':
      // A page that returns is looked at once.
      return merge(health(current).pipe(ignoreElements()), interval(PERIOD_MS).pipe(tap(() => dispatchEvent(new Event('online')))));
    case 'levels':
      return remoteAudioLevels(current, PERIOD_MS);
    case 'speakers':
      return activeSpeakers(current, { periodMs: PERIOD_MS });
  }
}

const bench = {
  /** So many connections that send a tone each. */
  send: async (signalingUrl: string, channelId: string, count: number): Promise<void> => {
    const context = new AudioContext();
    await context.resume();
    for (let sender = 0; sender < count; sender += 1) {
      const oscillator = context.createOscillator();
      const destination = context.createMediaStreamDestination();
      oscillator.connect(destination);
      oscillator.start();
      await createSession({ signalingUrl, channelId, role: 'sendonly', video: false, stream: destination.stream }).connect();
    }
  },

  /** Resolves once so many are received. */
  receive: async (signalingUrl: string, channelId: string, count: number): Promise<void> => {
    session = createSession({ signalingUrl, channelId, role: 'recvonly', video: false });
    await session.connect();
    const flows$ = stats(session, 500).pipe(
      filter(({ inbound }) => inbound.filter(({ packetsPerSecond }) => Number(packetsPerSecond) > 0).length >= count),
    );
    await firstValueFrom(flows$);
  },

  watch: async (what: Watched, looks: number): Promise<void> => {
    if (session === null) throw new Error('nothing is received');
    const durationMs = looks * PERIOD_MS;
    await lastValueFrom(watching(session, what, durationMs).pipe(takeUntil(timer(durationMs))), { defaultValue: null });
  },
};

/** What the page offers. */
export type WatchingBench = typeof bench;

Object.assign(globalThis, { bench });

import { type ConnectOptions, type Session, connect, reconnect } from 'rx-sora';
import { type MarbleDiagrams, type MarbleValues, FakeSora, type ScenarioMode, createFakePlatform, driveMarbles } from 'rx-sora/testing';
import { type Observable, tap } from 'rxjs';
import type { Context } from 'rxjs-marbles';
import { type Screen, screens } from './call-screen.ts';

/** Letters of the screens, for expectations. */
export const see: Readonly<Record<string, Screen>> = {
  c: 'connecting',
  t: 'talking',
  r: 'reconnecting',
  n: 'no network',
  g: 'goodbye',
  x: 'refused',
  a: 'try again',
};

/** The kinds of end that the calls of a test run have had. */
export const endings = new Set<string>();

/** What differs from an application in a current browser that joins with signaling on the WebSocket alone. */
export interface World {
  /** `D`: signaling moves to DataChannels. */
  readonly mode?: ScenarioMode;
  /** False for a browser that does not implement `connectionState`. */
  readonly connectionState?: boolean;
  readonly options?: Partial<ConnectOptions>;
  /** How often a lost call is tried again. By default never, so that the end of one session is the end of the call. */
  readonly attempts?: number;
  readonly isOnline?: () => boolean;
}

/**
 * The screens of a call on fakes, to which diagrams happen. `j` joins: the session that stands is brought to its goal. `h` on `application` is the user who
 * hangs up. Other letters are those of `driveMarbles`, or have their words in `values`.
 */
export function callIn(m: Context, diagrams: MarbleDiagrams, values: MarbleValues = {}, world: World = {}): Observable<Screen> {
  const { mode = 'W', connectionState = true, options = {}, attempts, isOnline = () => true } = world;
  const fake = createFakePlatform({ connectionState });
  const sora = new FakeSora(fake, { mode });
  let session: Session | undefined;
  driveMarbles(m, sora, diagrams, {
    j: () => sora.reach(mode === 'W' ? 'connected' : 'switched'),
    h: () => void session?.disconnect(),
    ...values,
  });
  return connect({
    signalingUrl: 'wss://sora.test/signaling',
    channelId: 'room',
    role: 'sendrecv',
    dataChannelSignaling: mode === 'D',
    ignoreDisconnectWebSocket: mode === 'D',
    platform: fake.platform,
    ...options,
  }).pipe(
    tap((each) => (session = each)),
    reconnect({
      ...(attempts === undefined ? { decide: () => 'never' } : { maxAttempts: attempts }),
      page: fake.page,
      isOnline,
      // Waits of one second, two, four, and so on, to the millisecond.
      settleMs: 0,
      initialDelayMs: 1000,
      random: () => 1,
    }),
    tap((step) => {
      if (step.kind !== 'session') endings.add(step.kind === 'over' ? step.termination.kind : step.previous.kind);
    }),
    screens(),
  );
}

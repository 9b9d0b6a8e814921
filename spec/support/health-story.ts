import { asyncScheduler, type Subscription, takeUntil, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { vi } from 'vitest';
import type { Health } from '../../src/health/evidence.ts';
import { health } from '../../src/health/health.ts';
import type { HealthLimits } from '../../src/health/limits.ts';
import { createSession } from '../../src/session/create-session.ts';
import type { Session } from '../../src/session/session.ts';
import { createFakePlatform, type FakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { parseInput } from '../../src/testing/scenario-event.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import { type Telling, Traffic } from './traffic.ts';

/** A session whose health is watched, and what happens to it. */
export interface Story {
  readonly session: Session;
  readonly fake: FakePlatform;
  readonly sora: FakeSora;
  readonly traffic: Traffic;
}

export interface StorySettings {
  readonly mode?: ScenarioMode;
  readonly start?: ScenarioStart;
  readonly telling?: Telling;
}

export interface VirtualStory extends Story {
  /** Does something after so many milliseconds: in the words of the scenario data, or anything. */
  readonly at: (ms: number, ...acts: readonly (string | (() => void))[]) => void;
}

/** A session in a state, with traffic of which the statistics tell. */
export function begin({ mode = 'W', start = 'connected', telling }: StorySettings = {}): Story {
  const fake = createFakePlatform({ now: () => asyncScheduler.now() });
  const sora = new FakeSora(fake, { mode });
  const session = createSession({
    signalingUrl: 'wss://sora.test/signaling',
    channelId: 'room',
    role: 'sendrecv',
    dataChannelSignaling: mode !== 'W',
    ignoreDisconnectWebSocket: mode === 'D',
    timeouts: { connectionMs: 0 },
    platform: fake.platform,
  });
  if (start !== 'idle') {
    session.connect().catch(() => undefined);
    sora.reach(start);
  }
  const traffic = new Traffic(telling);
  for (const peerConnection of fake.peerConnections) traffic.attach(peerConnection);
  return { session, fake, sora, traffic };
}

/** Every value that is emitted within so many milliseconds of virtual time. */
export function healthsOver(
  ms: number,
  play: (story: VirtualStory) => void,
  { limits, ...settings }: StorySettings & { readonly limits?: HealthLimits } = {},
): Health[] {
  const healths: Health[] = [];
  new TestScheduler(() => undefined).run(({ flush }) => {
    const story = begin(settings);
    const at: VirtualStory['at'] = (after, ...acts) => {
      asyncScheduler.schedule(() => {
        for (const act of acts) {
          if (typeof act === 'string') story.sora.apply(parseInput(act));
          else act();
        }
      }, after);
    };
    play({ ...story, at });
    health(story.session, limits)
      .pipe(takeUntil(timer(ms)))
      .subscribe((each) => healths.push(each));
    flush();
  });
  return healths;
}

/** `1300 unstable nothing-received`, one line per value. */
export const told = (healths: readonly Health[]): string[] =>
  healths.map(({ at, state, evidence }) => [at, state, ...evidence.map(({ kind }) => kind)].join(' '));

export const healthOver = (...story: Parameters<typeof healthsOver>): string[] => told(healthsOver(...story));

/** A story under the fake timers of the runner, which a spec can hold back and whose clock it can set. */
export interface ClockedStory extends Story {
  readonly healths: Health[];
  readonly subscription: Subscription;
  readonly play: (...words: readonly string[]) => void;
}

export function clockedStory(settings: StorySettings = {}): ClockedStory {
  const story = begin(settings);
  const healths: Health[] = [];
  const subscription = health(story.session).subscribe((each) => healths.push(each));
  return { ...story, healths, subscription, play: (...words) => words.forEach((each) => story.sora.apply(parseInput(each))) };
}

/** Timers fire so late as this says, as those of a hidden tab do; until it is undone. The runner's timers have to be faked. */
export function holdTimersBack(delayOf: (ms: number) => number): () => void {
  const { setInterval } = globalThis;
  const heldBack = ((run: () => void, ms = 0): unknown => setInterval(run, delayOf(ms))) as typeof setInterval;
  globalThis.setInterval = heldBack;
  return () => {
    if (globalThis.setInterval === heldBack) globalThis.setInterval = setInterval;
  };
}

/** The timers of a tab that has long been hidden: they are woken once a minute, all together. */
export const onceAMinute = (ms: number): number => {
  const due = Date.now() + ms;
  return Math.ceil(due / 60_000) * 60_000 - Date.now();
};

/** The machine sleeps: its clock goes on, and nothing else does. */
export function sleep(traffic: Traffic, ms: number): void {
  traffic.set({ awake: false });
  vi.setSystemTime(Date.now() + ms);
  traffic.set({ awake: true });
}

import { asyncScheduler, type Observable } from 'rxjs';
import { afterEach, beforeEach, vi } from 'vitest';
import type { Platform } from '../../src/platform/platform.ts';
import { createSession } from '../../src/session/create-session.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import type { Session } from '../../src/session/session.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { createFakePlatform, type FakePlatform, type FakePlatformOptions } from '../../src/testing/fake-platform.ts';
import { FakeSora, type FakeSoraOptions } from '../../src/testing/fake-sora.ts';
import { parseInput } from '../../src/testing/scenario-event.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import { readFrame, type FrameContent } from '../../src/testing/sent-message.ts';

/** Every test of the file gets a virtual clock, for timers and for the session. */
export function useVirtualTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

export interface RigSetup {
  readonly mode?: ScenarioMode;
  /** How far the session is brought before the test begins. Default: connected. */
  readonly start?: ScenarioStart;
  readonly options?: Partial<ConnectOptions>;
  readonly sora?: Partial<FakeSoraOptions>;
  readonly fake?: FakePlatformOptions;
  /** Another platform made of the fake one. */
  readonly wrap?: (platform: Partial<Platform>) => Partial<Platform>;
  /** Runs before anything is connected. */
  readonly before?: (rig: SessionRig) => void;
}

/** A session on fakes with the server at its far end. */
export class SessionRig {
  readonly fake: FakePlatform;
  readonly sora: FakeSora;
  readonly session: Session;
  /** Filled when the session has ended. */
  readonly terminations: Termination[] = [];

  constructor({ mode = 'W', start = 'connected', options = {}, sora = {}, fake = {}, wrap, before }: RigSetup = {}) {
    this.fake = createFakePlatform({ now: () => asyncScheduler.now(), ...fake });
    this.sora = new FakeSora(this.fake, { mode, ...sora });
    this.session = createSession({
      signalingUrl: 'wss://one.sora.test/signaling',
      channelId: 'sora',
      role: 'sendrecv',
      dataChannelSignaling: mode !== 'W',
      ignoreDisconnectWebSocket: mode === 'D',
      platform: wrap === undefined ? this.fake.platform : wrap(this.fake.platform),
      ...options,
    });
    this.session.termination$.subscribe((termination) => this.terminations.push(termination));
    before?.(this);
    if (start === 'idle') return;
    this.connect();
    this.sora.reach(start, () => vi.advanceTimersByTime(0));
  }

  /** Connects; whether that comes off is told by the streams. */
  connect(): void {
    this.session.connect().then(
      () => undefined,
      () => undefined,
    );
  }

  /** Does something in the words of the scenario data. */
  play(...words: readonly string[]): this {
    for (const each of words) this.sora.apply(parseInput(each));
    return this;
  }

  /** A message of the server over the WebSocket, or over the channel of a label. */
  receive(message: object | string, label: string | null = null): this {
    this.sora.send(message, label);
    return this;
  }

  /** Everything that a stream emits from now on. */
  collect<Value>(stream$: Observable<Value>): Value[] {
    const values: Value[] = [];
    stream$.subscribe((value) => values.push(value));
    return values;
  }

  /** What was sent so far, of one type or of all. */
  sent(type?: string): FrameContent[] {
    return this.fake.sent.map((frame) => readFrame(frame)).filter((message) => type === undefined || message.type === type);
  }

  /** `via label type` of everything that was sent so far. */
  get traffic(): string[] {
    return this.fake.sent.map((frame) => `${frame.label ?? 'websocket'} ${String(readFrame(frame).type)}`);
  }

  /** The termination, which is emitted a moment after its cause; fails the test where there is none or more than one. */
  get termination(): Termination {
    if (this.terminations.length === 0 && vi.isFakeTimers()) elapse();
    if (this.terminations.length !== 1) throw new Error(`${this.terminations.length} terminations`);
    return this.terminations[0]!;
  }
}

export const rig = (setup: RigSetup = {}): SessionRig => new SessionRig(setup);

/** What became of a promise, once it has settled. */
export async function outcome(promise: PromiseLike<unknown>): Promise<unknown> {
  return promise.then(
    (value) => value,
    (error: unknown) => error,
  );
}

/** Lets time pass, and whatever promises do in it. */
export async function pass(durationMs: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(durationMs);
}

/** Lets time pass without any promise. Without a duration: what is due at once, which fake timers take as one millisecond inside a timer. */
export function elapse(durationMs: number = 1): void {
  vi.advanceTimersByTime(durationMs);
}

import { type Observable, Subject, Subscription, asyncScheduler } from 'rxjs';
import { vi } from 'vitest';
import type { CallStep } from '../../src/reconnect/call-step.ts';
import type { ReconnectPolicy } from '../../src/reconnect/policy.ts';
import { reconnect } from '../../src/reconnect/reconnect.ts';
import { connect } from '../../src/session/connect.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import type { Session } from '../../src/session/session.ts';
import { type FakePlatform, createFakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { parseInput } from '../../src/testing/scenario-event.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import { stepWords } from './mock-calls.ts';

export interface CallSetup {
  readonly mode?: ScenarioMode;
  readonly options?: Partial<ConnectOptions>;
  readonly policy?: ReconnectPolicy;
}

/** A call over real sessions on fakes, with server, network, page and user at its far end. Needs `useVirtualTime()`. */
export class CallRig {
  readonly fake: FakePlatform = createFakePlatform({ now: () => asyncScheduler.now() });
  readonly sora: FakeSora;
  readonly steps: CallStep[] = [];
  readonly #nowSubject = new Subject<void>();
  readonly call$: Observable<CallStep>;
  /** Whether the network may be used. */
  isOnline = true;
  isComplete = false;
  readonly errors: unknown[] = [];
  subscription: Subscription = Subscription.EMPTY;

  constructor({ mode = 'W', options = {}, policy = {} }: CallSetup = {}) {
    this.sora = new FakeSora(this.fake, { mode });
    this.call$ = connect({
      signalingUrl: 'wss://one.sora.test/signaling',
      channelId: 'sora',
      role: 'sendrecv',
      dataChannelSignaling: mode !== 'W',
      ignoreDisconnectWebSocket: mode === 'D',
      platform: this.fake.platform,
      ...options,
    }).pipe(reconnect({ random: () => 0.5, page: this.fake.page, isOnline: () => this.isOnline, now$: this.#nowSubject, ...policy }));
  }

  /** Begins the call and brings its first session to a state. */
  begin(start: ScenarioStart = 'idle', call$: Observable<CallStep> = this.call$): this {
    this.subscription = call$.subscribe({
      next: (step) => this.steps.push(step),
      error: (error: unknown) => this.errors.push(error),
      complete: () => (this.isComplete = true),
    });
    return this.reach(start);
  }

  reach(start: ScenarioStart): this {
    if (start !== 'idle') this.sora.reach(start, () => vi.advanceTimersByTime(0));
    return this;
  }

  /** The network loses the session. */
  lose(): this {
    return this.play('ws.close 1006');
  }

  play(...words: readonly string[]): this {
    for (const each of words) this.sora.apply(parseInput(each));
    return this;
  }

  /** The user wants the next attempt now. */
  retryNow(): this {
    this.#nowSubject.next();
    return this;
  }

  failNow(error: Error): void {
    this.#nowSubject.error(error);
  }

  /** Whether the call still listens to the user. */
  get isListening(): boolean {
    return this.#nowSubject.observed;
  }

  turn(isOnline: boolean): this {
    this.isOnline = isOnline;
    this.fake.page.fire(isOnline ? 'online' : 'offline');
    return this;
  }

  /** Lets time pass. */
  pass(ms: number): this {
    vi.advanceTimersByTime(ms);
    return this;
  }

  get sessions(): Session[] {
    return this.steps.flatMap((step) => (step.kind === 'session' ? [step.session] : []));
  }

  get session(): Session {
    const session = this.sessions.at(-1);
    if (session === undefined) throw new Error('the call has had no session');
    return session;
  }

  get words(): string[] {
    return this.steps.map(stepWords);
  }
}

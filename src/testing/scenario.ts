import { asyncScheduler, Subscription, type Observable } from 'rxjs';
import { connect, createSession, timeline } from '../index.ts';
import { EVENT_STREAMS } from '../session/create-session.ts';
import type { ConnectOptions } from '../session/options.ts';
import type { Session, SessionState } from '../session/session.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';
import type { Termination } from '../termination/reason.ts';
import { closeCounts, closedWords, closingsBySdk } from './closed-by-sdk.ts';
import { createFakePlatform, type FakePlatform } from './fake-platform.ts';
import { FakeSora } from './fake-sora.ts';
import type { HeldCall } from './call-script.ts';
import { calledFrom, framesAbove } from './caller-frames.ts';
import { CallScript } from './call-script.ts';
import { inputWords, parseTimedInput, type CloseMessageInput, type TimedInput } from './scenario-event.ts';
import type { Leftovers, ScenarioResult } from './scenario-result.ts';
import { failurePlan, type FailurePlan } from './failure-plan.ts';
import { checkedMode, checkedOptions, checkedStart, labelsStillConnecting, signalingUrls, timeoutsOf } from './scenario-options.ts';
import type { ScenarioOptions, ScenarioRow } from './scenario-row.ts';
import { readFrame } from './sent-message.ts';
import { runInVirtualTime, type VirtualTime } from './virtual-time.ts';

/** How a scenario is run; everything has a default. */
export interface ScenarioSettings {
  /** Options of the session on top of those that the row implies. */
  readonly connectOptions?: Partial<ConnectOptions>;
  /** Labels of channels beside those of signaling and of `connectOptions.dataChannels`. */
  readonly labels?: readonly string[];
  /** Whether the channels are compressed. By default only where the row says so. */
  readonly compress?: boolean;
  /** Whether the fakes have `on…` handlers only. */
  readonly events?: 'both' | 'handlers';
  /** How long the scenario is observed, in virtual milliseconds. Default: 120000. */
  readonly observedMs?: number;
  /** What to run instead of the SDK's own: another version of it, say. */
  createSession?(options: ConnectOptions): Session;
  connect?(options: ConnectOptions): Observable<Session>;
  /** Called with the session as soon as there is one, to subscribe to what the result does not hold. */
  readonly onSession?: (session: Session) => void;
}

/** The clock of a scenario begins far from 0, so that a time that was taken relative to the wrong origin shows. */
const EPOCH = 1_767_225_600_000;

/**
 * Runs one row of the scenario data, as it stands, through the real session code: in virtual time, on fakes, in one synchronous call.
 *
 * The start state is reached in 0 ms; an event comes before a timer that is due at the same time. Works under any test runner, but not
 * inside another `TestScheduler.run`.
 *
 * @throws ScenarioSyntaxError for an event that cannot be read; Error for a row that makes no sense, for an event that cannot happen at its
 * time, and whatever a `call` of the row throws
 * @example
 * ```ts
 * const { termination } = scenario({ mode: 'W', start: 'connected', timeline: ['20 ws.close 1006'] });
 * console.log(termination?.kind, termination?.at); // websocket-closed 20
 * ```
 */
export function scenario(row: ScenarioRow, settings: ScenarioSettings = {}): ScenarioResult {
  try {
    return new ScenarioRun(row, settings).run();
  } catch (error) {
    throw calledFrom(error, framesAbove(scenario));
  }
}

class ScenarioRun {
  readonly #row: ScenarioRow;
  readonly #options: ScenarioOptions;
  readonly #settings: ScenarioSettings;
  readonly #inputs: readonly TimedInput[];
  readonly #fake: FakePlatform;
  readonly #sora: FakeSora;
  readonly #abort: AbortController | null;
  /** The one failure inside the SDK, arranged before it happens where the SDK has to be in the middle of something. */
  readonly #failing: FailurePlan;
  readonly #heldMetadata: HeldCall | null;
  readonly #connectOptions: ConnectOptions;
  readonly #owned: boolean;

  #session: Session | null = null;
  #owner: Subscription | null = null;
  readonly #open = new Set<string>();
  readonly #following = new Subscription();
  readonly #states: { at: number; state: SessionState }[] = [];
  readonly #timeline: TimelineEntry[] = [];
  readonly #errors: unknown[] = [];
  /** What the row or its author did wrong: thrown in the end, as no result could tell it from what the session did. */
  #mistake: { readonly error: unknown } | null = null;
  #termination: (Termination & { readonly at: number }) | null = null;
  #emissions = 0;
  #completed = false;
  #leftovers: Leftovers | null = null;
  #startClosings: ReadonlyMap<object, number> = new Map();
  #startFrames = 0;

  constructor(row: ScenarioRow, settings: ScenarioSettings) {
    this.#row = row;
    this.#settings = settings;
    checkedMode(row.mode);
    checkedStart(row.start);
    this.#options = checkedOptions(row.options ?? {});
    this.#inputs = row.timeline.map(parseTimedInput);
    const happens = (kind: TimedInput['kind']): boolean => this.#inputs.some((input) => input.kind === kind);
    this.#fake = createFakePlatform({
      connectionState: this.#options.csDefined ?? true,
      events: settings.events ?? 'both',
      now: () => EPOCH + asyncScheduler.now(),
    });
    this.#sora = new FakeSora(this.#fake, {
      mode: row.mode,
      labels: settings.labels ?? [],
      compress: settings.compress ?? happens('rx.close-begin'),
      connecting: labelsStillConnecting(row.setup),
    });
    this.#failing = failurePlan(row.start, this.#inputs);
    this.#abort = happens('abort') ? new AbortController() : null;
    const metadata = new CallScript<'metadata'>(new Set());
    this.#heldMetadata = this.#failing === 'metadata' ? metadata.hold('metadata') : null;
    this.#owned = happens('unsub');
    this.#connectOptions = {
      signalingUrl: signalingUrls(this.#options.urls ?? 1),
      channelId: 'sora',
      role: 'sendrecv',
      dataChannelSignaling: row.mode !== 'W',
      ignoreDisconnectWebSocket: row.mode === 'D',
      disconnectPolicy: this.#options.wait === false ? 'immediate' : 'graceful',
      iceDisconnectedRule: this.#options.iceScope ?? 'when-undefined',
      timeouts: timeoutsOf(this.#options),
      platform: this.#fake.platform,
      ...(this.#abort && { signal: this.#abort.signal }),
      ...(this.#heldMetadata && { metadata: () => metadata.promise('metadata', () => null) }),
      ...settings.connectOptions,
    };
  }

  run(): ScenarioResult {
    const { observedMs = 120_000 } = this.#settings;
    const events = this.#inputs.map((input) => ({ at: input.at, run: (time: VirtualTime) => this.#happen(input, time) }));
    const { errors } = runInVirtualTime(
      events,
      observedMs,
      (time) => this.#begin(time),
      (time) => this.#observe(time),
    );
    this.#following.unsubscribe();
    if (this.#mistake) throw this.#mistake.error;
    return this.#result(observedMs, [...this.#errors, ...errors]);
  }

  #begin(time: VirtualTime): void {
    const { start } = this.#row;
    if (start !== 'idle') {
      this.#connect();
      if (this.#failing === 'offer' && start === 'negotiating') this.#hold('setRemoteDescription');
      this.#sora.reach(start, () => time.settle());
      if (this.#failing === 're-offer') {
        this.#hold('setRemoteDescription');
        this.#sora.apply({ kind: 'rx.reoffer' });
      }
      if (this.#heldMetadata) this.#sora.failNext(this.#heldMetadata);
    } else if (!this.#owned) this.#create();
    this.#startClosings = closeCounts(this.#fake);
    this.#startFrames = this.#fake.sent.length;
    if (this.#options.sendThrows) {
      const throws = new Error('send was made to throw');
      this.#fake.scripts.webSocket.always('send', { throws });
      this.#fake.scripts.dataChannel.always('send', { throws });
    }
  }

  #hold(method: 'setRemoteDescription'): void {
    this.#sora.failNext(this.#fake.scripts.peerConnection.hold(method));
  }

  #create(): void {
    this.#listen(this.#settings.createSession?.(this.#connectOptions) ?? createSession(this.#connectOptions));
  }

  /** A row that unsubscribes is run through `connect()`, all others through `createSession()`. */
  #connect(): void {
    if (this.#owned) {
      this.#open.add('connect()');
      const session$ = this.#settings.connect?.(this.#connectOptions) ?? connect(this.#connectOptions);
      this.#owner = session$.subscribe({
        next: (session: Session) => this.#listen(session),
        error: (error: unknown) => this.#errors.push(error),
        complete: () => this.#open.delete('connect()'),
      });
      return;
    }
    if (!this.#session) this.#create();
    ignoreRejection(this.#live.connect());
  }

  get #live(): Session {
    if (!this.#session) throw new Error('the row does something to a session that was not begun');
    return this.#session;
  }

  #listen(session: Session): void {
    this.#session = session;
    this.#settings.onSession?.(session);
    const now = (): number => asyncScheduler.now();
    this.#follow('termination$', session.termination$, (termination) => {
      this.#emissions += 1;
      this.#termination ??= { ...termination, at: now() };
    });
    this.#follow('state$', session.state$, (state) => this.#states.push({ at: now(), state }));
    this.#follow('timeline()', timeline(session), (entry) => this.#timeline.push(entry));
    for (const name of otherStreams) this.#follow<unknown>(name, session[name], () => undefined);
    this.#follow('messages()', session.messages(), () => undefined);
  }

  #follow<Value>(name: string, stream$: Observable<Value>, next: (value: Value) => void): void {
    this.#open.add(name);
    const subscription = stream$.subscribe({
      next,
      error: (error: unknown) => this.#errors.push(error),
      complete: () => {
        this.#open.delete(name);
        if (name === 'termination$') this.#completed = true;
      },
    });
    this.#following.add(subscription);
  }

  #happen(input: TimedInput, time: VirtualTime): void {
    try {
      this.#apply(input, time);
    } catch (error) {
      const { state } = this.#states.at(-1) ?? {};
      // From the latch on, what it would come from may be gone: then nobody can notice that it is late.
      if (input.kind !== 'call' && (state === 'ending' || state === 'ended')) return;
      const words = `"${input.at} ${inputWords(input)}"`;
      // What a function of the test throws is its own affair: a failed expectation, say.
      const told = input.kind === 'call' ? error : new Error(`${words} cannot happen: ${messageOf(error)}`, { cause: error });
      this.#mistake ??= { error: told };
    }
  }

  #apply(input: TimedInput, time: VirtualTime): void {
    switch (input.kind) {
      case 'disconnect':
        ignoreRejection(this.#live.disconnect());
        break;
      case 'connect':
        this.#connect();
        break;
      case 'unsub':
        this.#owner?.unsubscribe();
        this.#open.delete('connect()');
        break;
      case 'abort':
        this.#abort?.abort();
        break;
      case 'dispose':
        ignoreRejection((this.#live as Session & { [Symbol.asyncDispose](): PromiseLike<void> })[Symbol.asyncDispose]());
        break;
      case 'suspend':
        time.suspend(input.until);
        break;
      case 'rx.close-begin':
        this.#sora.beginClose(closeEndAfter(input.at, this.#inputs));
        break;
      case 'rx.offer':
        if (this.#failing === 'offer') this.#hold('setRemoteDescription');
        this.#sora.apply(input);
        break;
      default:
        this.#sora.apply(input);
    }
  }

  /** The leftovers are those of the moment in which `termination$` completed: later nobody could tell when they went. */
  #observe(time: VirtualTime): void {
    if (this.#completed) this.#leftovers ??= this.#remaining(time);
  }

  #remaining({ timers }: Pick<VirtualTime, 'timers'>): Leftovers {
    return { ...this.#fake.leaks(), timers, subscriptions: this.#open.size };
  }

  #result(observedMs: number, errors: readonly unknown[]): ScenarioResult {
    const fake = this.#fake;
    const since = (at: number): number => at - EPOCH;
    const context = {
      fake,
      sora: this.#sora,
      since: this.#startClosings,
      urlLimitMs: this.#options.urlTimeout ?? 3000,
      timedOut: this.#termination?.kind === 'connect-timeout',
    };
    const closings = closingsBySdk(context);
    const sent = fake.sent.map((frame, index) => ({
      at: since(frame.at),
      via: frame.via === 'websocket' ? ('ws' as const) : ('dc' as const),
      label: frame.label,
      message: readFrame(frame),
      delivered: frame.delivered,
      duringStart: index < this.#startFrames,
    }));
    return {
      messages: sent
        .filter(({ message, delivered }) => delivered && message.type === 'disconnect')
        .map(({ at, via, message }) => ({ at, via, reason: String(message['reason']) })),
      closed: closedWords(closings, context),
      closings: closings.map((closing) => ({ ...closing, at: since(closing.at) })),
      termination: this.#termination,
      emissions: this.#emissions,
      completed: this.#completed,
      sent,
      leftovers: this.#leftovers ?? this.#remaining({ timers: 0 }),
      states: this.#states,
      timeline: this.#timeline,
      inputs: this.#inputs.map((input) => ({ at: input.at, words: inputWords(input) })),
      errors: [...errors, ...fake.uncaught, ...fake.unhandledRejections],
      observedMs,
      fake,
    };
  }
}

const otherStreams = ['connected$', ...EVENT_STREAMS, 'remoteStreams$', 'dataChannels$'] as const satisfies readonly (keyof Session)[];

/** The fields of the `type: close` whose inflation ends at the next `rx.close-end`. */
function closeEndAfter(at: number, inputs: readonly TimedInput[]): Omit<CloseMessageInput, 'kind'> {
  for (const input of inputs) {
    if (input.kind === 'rx.close-end' && input.at >= at) {
      return { ...(input.code !== undefined && { code: input.code }), ...(input.reason !== undefined && { reason: input.reason }) };
    }
  }
  return { code: 1000 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the promises of a session say is in its streams as well. */
function ignoreRejection(promise: PromiseLike<unknown>): void {
  promise.then(
    () => undefined,
    () => undefined,
  );
}

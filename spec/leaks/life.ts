import { asyncScheduler, config, type Observable } from 'rxjs';
import { connect } from '../../src/session/connect.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import type { Session } from '../../src/session/session.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { CallScript, type HeldCall } from '../../src/testing/call-script.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { createFakePlatform, type FakePlatform, type FakePlatformOptions } from '../../src/testing/fake-platform.ts';
import { FakeSora, type FakeSoraOptions } from '../../src/testing/fake-sora.ts';
import { parseInput } from '../../src/testing/scenario-event.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import { runInVirtualTime, type VirtualTime } from '../../src/testing/virtual-time.ts';
import { allStreams } from '../support/session-streams.ts';

/** How a life is cut short. */
export const cuts = ['unsubscribe', 'abort', 'failure', 'end by the server'] as const;
export type Cut = (typeof cuts)[number];

/** A moment in the life of a session. */
export interface CutPoint {
  readonly name: string;
  readonly mode: ScenarioMode;
  readonly start: ScenarioStart;
  readonly options?: Partial<ConnectOptions>;
  readonly sora?: Partial<FakeSoraOptions>;
  readonly fake?: FakePlatformOptions;
  /** with `beforeAnswer`: every step of the negotiation is awaited, and no peer connection is made early */
  readonly careful?: true;
  /** before anything is connected: what is to be held up */
  readonly before?: (life: Life) => void;
  /** from the start state to the moment; no time passes */
  readonly reach?: (life: Life) => void;
  /** milliseconds that pass between the start state and the cut; 0 cuts in the same instant */
  readonly waitMs?: number;
  /** the session lives on DataChannels alone: a close of the WebSocket does not end it */
  readonly onChannels?: boolean;
  /** whether the session is where the name says; a point that was not reached proves nothing */
  readonly holds: (life: Life) => boolean;
}

/** What was left of a session. */
export interface Remains {
  readonly listeners: number;
  readonly sockets: number;
  readonly peerConnections: number;
  readonly channels: number;
  /** scheduled actions */
  readonly timers: number;
  /** streams that have not completed */
  readonly subscriptions: number;
}

export interface LifeResult {
  readonly reached: boolean;
  readonly terminations: readonly Termination[];
  /** at the moment in which `termination$` completed */
  readonly remains: Remains | null;
  /** long after, when everything late has come as well */
  readonly late: Remains;
  readonly errors: readonly unknown[];
  /** how many promises the session has given; all have settled when it resolves */
  readonly settled: Promise<number>;
}

/** Who has a session, and ends it by letting go of it. Subscribing to `connect()` is the plain way. */
export type Own = (
  options: ConnectOptions,
  hears: { readonly next: (session: Session) => void; readonly complete: () => void },
) => {
  readonly unsubscribe: () => void;
};
const subscribed: Own = (options, hears) => connect(options).subscribe(hears);

const OBSERVED_MS = 60_000;
/** When what was held up comes through after all. */
const LATE_MS = 30_000;

/** One session on fakes, from its begin to a cut and far beyond, in virtual time. */
export class Life {
  readonly fake: FakePlatform;
  readonly sora: FakeSora;
  /** Calls of natives and of the application that were made to wait. */
  readonly held: HeldCall[] = [];
  readonly stream: FakeMediaStream;
  readonly remoteStream: FakeMediaStream = new FakeMediaStream([], 'SOMEBODY');
  readonly #point: CutPoint;
  readonly #cut: Cut;
  readonly #own: Own;
  readonly #abort = new AbortController();
  readonly #callbacks = new CallScript<'metadata' | 'beforeAnswer'>(new Set());
  readonly #options: ConnectOptions;
  readonly #open = new Set<string>();
  readonly #promises: Promise<unknown>[] = [];
  readonly #terminations: Termination[] = [];
  readonly #errors: unknown[] = [];
  #session: Session | null = null;
  #owner: ReturnType<Own> | null = null;
  #reached = false;
  #remains: Remains | null = null;
  #timers = 0;

  constructor(point: CutPoint, cut: Cut, own: Own = subscribed) {
    this.#point = point;
    this.#cut = cut;
    this.#own = own;
    this.fake = createFakePlatform({ now: () => asyncScheduler.now(), ...point.fake });
    this.sora = new FakeSora(this.fake, { mode: point.mode, labels: ['#chat'], ...point.sora });
    this.stream = new FakeMediaStream([new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')]);
    this.#options = {
      signalingUrl: 'wss://one.sora.test/signaling',
      channelId: 'sora',
      role: 'sendrecv',
      stream: this.stream,
      metadata: () => this.#callbacks.promise('metadata', () => null),
      ...(point.careful && { beforeAnswer: () => this.#callbacks.promise('beforeAnswer', () => undefined) }),
      dataChannelSignaling: point.mode !== 'W',
      ignoreDisconnectWebSocket: point.mode === 'D',
      signal: this.#abort.signal,
      platform: this.fake.platform,
      ...point.options,
    };
  }

  get session(): Session {
    if (this.#session === null) throw new Error('there is no session');
    return this.#session;
  }

  /** Timers that have not fired. */
  get timers(): number {
    return this.#timers;
  }

  /** The application's own function waits. */
  holdCallback(name: 'metadata' | 'beforeAnswer'): void {
    this.held.push(this.#callbacks.hold(name));
  }

  hold(held: HeldCall): void {
    this.held.push(held);
  }

  play(...words: readonly string[]): void {
    for (const each of words) this.sora.apply(parseInput(each));
  }

  promise(promise: Promise<unknown>): void {
    this.#promises.push(promise);
  }

  /** Follows a stream to its end. */
  follow(name: string, stream$: Observable<unknown>): void {
    this.#open.add(name);
    stream$.subscribe({ error: (error: unknown) => this.#errors.push(error), complete: () => this.#open.delete(name) });
  }

  run(): LifeResult {
    const { waitMs = 0, start } = this.#point;
    const cut = (): void => {
      if (start !== 'idle') this.#end();
    };
    const hook = config.onUnhandledError;
    config.onUnhandledError = (error) => this.#errors.push(error);
    try {
      const { errors } = runInVirtualTime(
        [
          { at: waitMs, run: cut },
          { at: LATE_MS, run: () => this.held.forEach((held) => held.release()) },
        ],
        OBSERVED_MS,
        (time) => this.#begin(time),
        (time) => this.#observe(time),
      );
      this.#errors.push(...errors);
    } finally {
      config.onUnhandledError = hook;
    }
    return {
      reached: this.#reached,
      terminations: this.#terminations,
      remains: this.#remains,
      late: this.#left(),
      errors: [...this.#errors, ...this.fake.uncaught, ...this.fake.unhandledRejections],
      settled: Promise.allSettled(this.#promises).then(({ length }) => length),
    };
  }

  #begin(time: VirtualTime): void {
    const { start, before, reach } = this.#point;
    before?.(this);
    this.#open.add('connect()');
    this.#owner = this.#own(this.#options, {
      next: (session) => {
        this.#listen(session);
        if (start === 'idle' && this.#cut !== 'unsubscribe') this.#end();
      },
      complete: () => this.#open.delete('connect()'),
    });
    if (start === 'idle') {
      if (this.#cut === 'unsubscribe') this.#end();
      return;
    }
    this.sora.reach(start, () => time.settle());
    reach?.(this);
  }

  #listen(session: Session): void {
    this.#session = session;
    for (const [name, stream$] of allStreams(session)) this.follow(name, stream$);
    session.termination$.subscribe((termination) => this.#terminations.push(termination));
  }

  #end(): void {
    this.#reached = this.#point.holds(this);
    switch (this.#cut) {
      case 'unsubscribe':
        this.#owner?.unsubscribe();
        this.#open.delete('connect()');
        break;
      case 'abort':
        this.#abort.abort();
        break;
      case 'failure':
        this.#fail();
        break;
      case 'end by the server':
        this.#serverEnds();
    }
  }

  #fail(): void {
    if (this.#point.start === 'idle') this.fake.scripts.webSocket.always('new', { throws: new Error('no sockets here') });
    const { peerConnection } = this.fake;
    if (peerConnection !== null && !peerConnection.closed) peerConnection.remote.connectionState('failed');
    // Where `connectionState` does not exist, or there is no peer connection yet.
    if (peerConnection?.connectionStateDefined === false) peerConnection.remote.iceConnectionState('failed');
    if (peerConnection === null) for (const { remote } of this.fake.sockets) remote.fail();
  }

  #serverEnds(): void {
    if (this.#point.start === 'idle') {
      // Nothing has reached the server: all it can do is refuse.
      asyncScheduler.schedule(() => {
        for (const { remote } of this.fake.sockets) remote.fail();
      }, 1);
      return;
    }
    if (this.#point.onChannels === true || (this.#point.start === 'switched' && this.#point.mode === 'D')) {
      if (this.sora.channel('signaling')?.state === 'open') this.play('rx.close 1000');
      this.play('dc.close *');
    }
    for (const { remote, state, OPEN } of this.fake.sockets) remote.close(state === OPEN ? 1000 : 1006);
  }

  #observe({ timers }: Pick<VirtualTime, 'timers'>): void {
    this.#timers = timers;
    if (this.#terminations.length > 0 && !this.#open.has('termination$')) this.#remains ??= this.#left();
  }

  #left(): Remains {
    const leaks = this.fake.leaks();
    const media = [this.stream, this.remoteStream, ...this.stream.getTracks(), ...this.remoteStream.getTracks()];
    return {
      ...leaks,
      listeners: leaks.listeners + media.reduce((sum, { listenerCount }) => sum + listenerCount, 0),
      timers: this.#timers,
      subscriptions: this.#open.size,
    };
  }
}

export const nothing: Remains = { listeners: 0, sockets: 0, peerConnections: 0, channels: 0, timers: 0, subscriptions: 0 };

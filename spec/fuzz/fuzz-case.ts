import { isDeepStrictEqual } from 'node:util';
import { inflateSync } from 'node:zlib';
import { asyncScheduler, config, firstValueFrom, of, type Observable, type Subscription } from 'rxjs';
import {
  connect,
  createSession,
  replaceTrack,
  requestLayers,
  rpc,
  sequential,
  staggered,
  stats,
  sticky,
  timeline,
} from '../../src/index.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import type { Session } from '../../src/session/session.ts';
import type { Termination } from '../../src/termination/reason.ts';
import { FakeCompressionStream } from '../../src/testing/fake-compression.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { createFakePlatform, type FakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';
import { parseInput } from '../../src/testing/scenario-event.ts';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import { runInVirtualTime, type VirtualTime } from '../../src/testing/virtual-time.ts';
import { allStreams } from '../support/session-streams.ts';
import { HostileNatives } from './hostile-natives.ts';
import { createRandom, type Random } from './random.ts';
import { secrets } from './secrets.ts';

/** What became of one case. */
export interface FuzzResult {
  readonly seed: number;
  /** what did not hold; empty if all is well */
  readonly problems: readonly string[];
  readonly termination: Termination | null;
  readonly story: readonly string[];
  /** Resolves when every promise that the session gave has settled, with how many there were. */
  readonly settled: Promise<number>;
}

const LAST_DISCONNECT_MS = 20_000;
const OBSERVED_MS = 40_000;
const MOST_TRAILING = 32;
const TIMELINE_LENGTH = 1000;
/** No entry of the timeline may grow with what the far end sends. */
const LARGEST_ENTRY_LENGTH = 400_000;

const words: readonly string[] = [
  'ws.open',
  'ws.error',
  'ws.closing',
  'ws.close 1000',
  'ws.close 1006',
  'ws.close 4490',
  'rx.offer',
  'rx.reoffer',
  'rx.update',
  'rx.switched T',
  'rx.switched F',
  'rx.redirect',
  'rx.ping',
  'rx.close 1000',
  'rx.close 4490',
  'rx.invalid',
  'rx.unknown',
  'dc.open signaling',
  'dc.open notify',
  'dc.closing signaling',
  'dc.close signaling',
  'dc.error stats',
  'dc.close *',
  'pc connected',
  'pc disconnected',
  'pc failed',
  'ice disconnected',
  'ice failed',
  'pagehide',
  'pagehide-persisted',
  'freeze',
];

/** Thrown by observers, which may do so. */
const observerError = new Error('an observer threw');

const starts: Readonly<Record<ScenarioMode, readonly ScenarioStart[]>> = {
  W: ['idle', 'opening', 'signaling', 'negotiating', 'connected'],
  M: ['idle', 'opening', 'signaling', 'negotiating', 'connected', 'switched'],
  D: ['idle', 'opening', 'signaling', 'negotiating', 'connected', 'switched'],
};

/** Runs one case: the seed decides everything. Synchronous but for the promises that a session gives. */
export function runFuzzCase(seed: number): FuzzResult {
  return new FuzzCase(seed).run();
}

class FuzzCase {
  readonly #seed: number;
  readonly #random: Random;
  readonly #fake: FakePlatform;
  readonly #sora: FakeSora;
  readonly #natives: HostileNatives;
  readonly #mode: ScenarioMode;
  readonly #start: ScenarioStart;
  readonly #options: ConnectOptions;
  readonly #abort = new AbortController();
  readonly #inflating = fakeWorld();
  readonly #open = new Set<string>();
  readonly #problems: string[] = [];
  readonly #story: string[] = [];
  readonly #promises: Promise<unknown>[] = [];
  #session: Session | null = null;
  #owner: Subscription | null = null;
  #hostileObservers = 0;
  #terminations: Termination[] = [];
  #atCompletion: Readonly<Record<string, number>> | null = null;

  constructor(seed: number) {
    this.#seed = seed;
    const random = (this.#random = createRandom(seed));
    const mode = (this.#mode = random.pick<ScenarioMode>(['W', 'M', 'D']));
    this.#start = random.pick(starts[mode]);
    const fake = (this.#fake = createFakePlatform({
      connectionState: random.chance(0.8),
      events: random.chance(0.2) ? 'handlers' : 'both',
      compression: random.chance(0.95),
      now: () => asyncScheduler.now(),
    }));
    this.#sora = new FakeSora(fake, { mode, labels: ['#chat', '#raw'], compress: random.chance(0.5), offer: secrets.offer });
    this.#natives = new HostileNatives(random, fake, mode);
    const inflating = this.#inflating;
    const script = fake.scripts.decompression;
    class DecompressionStream extends FakeCompressionStream {
      constructor() {
        super((data) => new Uint8Array(inflateSync(data)), script, inflating);
      }
    }
    this.#options = {
      signalingUrl: random.chance(0.2)
        ? ['wss://one.sora.test/signaling', 'wss://two.sora.test/signaling']
        : 'wss://one.sora.test/signaling',
      channelId: 'sora',
      role: random.pick(['sendrecv', 'sendonly', 'recvonly']),
      metadata: secrets.metadata,
      dataChannelSignaling: mode !== 'W',
      ignoreDisconnectWebSocket: mode === 'D',
      disconnectPolicy: random.pick(['graceful', 'immediate']),
      iceDisconnectedRule: random.pick(['when-undefined', 'always']),
      // Without any of these the peer connection is made early and the answer goes the quick way.
      ...(random.chance(0.2) && { beforeAnswer: () => this.#callback() }),
      ...(random.chance(0.1) && { simulcast: true }),
      ...(random.chance(0.1) && { forceStereoOutput: true }),
      ...(random.chance(0.3) && { signalingUrlPolicy: random.pick([staggered, sequential, sticky]) }),
      stream: new FakeMediaStream([new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')]),
      signal: this.#abort.signal,
      platform: fake.platform.DecompressionStream === undefined ? fake.platform : { ...fake.platform, DecompressionStream },
    };
  }

  run(): FuzzResult {
    const random = this.#random;
    const times = Array.from({ length: 1 + random.below(12) }, () => random.pick([0, 0, 0, 1, 10, 99, 500, 501, 3000, 3001, 9999, 10_001]));
    const events = times
      .sort((a, b) => a - b)
      .map((at) => ({ at, run: () => this.#happen(at) }))
      .concat({
        at: LAST_DISCONNECT_MS,
        run: () => {
          this.#promise(this.#live.disconnect());
        },
      });
    const hook = config.onUnhandledError;
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error) => unhandled.push(error);
    try {
      const { errors } = runInVirtualTime(
        events,
        OBSERVED_MS,
        (time) => this.#begin(time),
        (time) => this.#observe(time),
      );
      this.#judge([...errors, ...unhandled]);
    } finally {
      config.onUnhandledError = hook;
    }
    return {
      seed: this.#seed,
      problems: this.#problems,
      termination: this.#terminations[0] ?? null,
      story: [`${this.#mode} ${this.#start}`, ...this.#story],
      settled: Promise.allSettled(this.#promises).then(({ length }) => length),
    };
  }

  get #live(): Session {
    if (this.#session === null) throw new Error('there is no session');
    return this.#session;
  }

  #begin(time: VirtualTime): void {
    const owned = this.#start !== 'idle' && this.#random.chance(0.2);
    if (owned) this.#owner = connect(this.#options).subscribe((session) => this.#listen(session));
    else this.#listen(createSession(this.#options));
    if (this.#start === 'idle') return;
    if (!owned) this.#promise(this.#live.connect());
    this.#sora.reach(this.#start, () => time.settle());
  }

  #listen(session: Session): void {
    this.#session = session;
    for (const [name, stream$] of allStreams(session)) this.#follow(name, stream$);
    session.termination$.subscribe((termination) => this.#terminations.push(termination));
  }

  #follow(name: string, stream$: Observable<unknown>): void {
    this.#open.add(name);
    stream$.subscribe({
      error: (error: unknown) => this.#problems.push(`${name} errored: ${String(error)}`),
      complete: () => this.#open.delete(name),
    });
  }

  #promise(promise: Promise<unknown>): void {
    this.#promises.push(promise);
  }

  #happen(at: number): void {
    const random = this.#random;
    const tell = (told: string): void => {
      this.#story.push(`${at} ${told}`);
    };
    const part = random.below(10);
    if (part < 6) tell(this.#natives.befall());
    else if (part < 8) {
      const word = random.pick(words);
      if (word.startsWith('dc.open') && !this.#natives.handsOver) return;
      tell(word);
      try {
        this.#sora.apply(parseInput(word));
      } catch {
        // The far end has nothing to do this with: no socket, no channel. What the SDK throws in a listener is not seen here.
      }
    } else tell(this.#application());
  }

  /** What an application does, sensible or not. */
  #application(): string {
    const random = this.#random;
    const session = this.#live;
    switch (random.below(10)) {
      case 0:
        this.#promise(session.disconnect());
        return 'disconnect';
      case 1:
        this.#promise(session.send(random.pick(['#chat', '#raw', '#none']), random.pick(['', 'text', 't'.repeat(300_000)])));
        return 'send';
      case 2:
        this.#promise(rpc(session, 'RequestSimulcastRid', { rid: 'r0' }, { timeoutMs: random.pick([0, 10, 5000]) }));
        return 'rpc';
      case 3:
        this.#promise(replaceTrack(session, 'video', random.chance(0.5) ? null : (new FakeMediaStreamTrack('video') as never)));
        return 'replaceTrack';
      case 4:
        stats(session, 1000).subscribe({ error: (error: unknown) => this.#problems.push(`stats() errored: ${String(error)}`) });
        return 'stats';
      case 5:
        this.#owner?.unsubscribe();
        return 'unsub';
      case 6:
        if (random.chance(0.3)) this.#abort.abort();
        return 'abort';
      case 7:
        this.#promise(session.connect());
        return 'connect';
      case 8:
        this.#promise(firstValueFrom(of({ rid: 'r0' as const }).pipe(requestLayers(session))));
        return 'requestLayers';
      default:
        return this.#observer();
    }
  }

  /** An observer that throws, or that calls back into the session; three times at most, as more would be a loop of its own making. */
  #observer(): string {
    const random = this.#random;
    const session = this.#live;
    const [name, stream$] = random.pick(allStreams(session));
    const throws = random.chance(0.5);
    let left = 3;
    this.#hostileObservers += 1;
    stream$.subscribe(() => {
      if (left === 0) return;
      left -= 1;
      if (throws) throw observerError;
      const act = random.pick([
        () => session.disconnect(),
        () => session.send('#chat', 'from within'),
        () => session.connect(),
        () => rpc(session, 'RequestSimulcastRid', { rid: 'r1' }),
      ]);
      this.#promise(act());
    });
    return `observer of ${name} that ${throws ? 'throws' : 're-enters'}`;
  }

  /** What the application does before an answer may go wrong as well. */
  #callback(): undefined {
    if (this.#random.chance(0.1)) throw new Error(secrets.inAnError);
    return undefined;
  }

  #observe({ timers }: Pick<VirtualTime, 'timers'>): void {
    if (this.#atCompletion !== null || this.#terminations.length === 0 || this.#open.has('termination$')) return;
    const { listeners, peerConnections } = this.#fake.leaks();
    const natives = this.#fake.peerConnections.flatMap(({ channels }) => channels);
    this.#atCompletion = {
      listeners,
      peerConnections,
      // An error event may leave an object closed without a close event: nobody has to close that one.
      sockets: this.#fake.sockets.filter(({ state, CLOSED, closeCalls }) => state !== CLOSED && closeCalls.length === 0).length,
      channels: natives.filter(({ state, closeCalls }) => state !== 'closed' && closeCalls.length === 0).length,
      // What an observer threw is reported by a timer.
      timers: this.#hostileObservers > 0 ? 0 : timers,
    };
  }

  #judge(errors: readonly unknown[]): void {
    const problem = (text: string): void => {
      this.#problems.push(text);
    };
    const [termination] = this.#terminations;
    if (this.#terminations.length !== 1) problem(`${this.#terminations.length} values`);
    for (const error of [...errors, ...this.#fake.uncaught]) if (error !== observerError) problem(`uncaught: ${told(error)}`);
    for (const reason of this.#fake.unhandledRejections) problem(`unheard rejection on a fake: ${told(reason)}`);
    if (this.#inflating.unheard.size > 0) problem('unheard rejection of a decompression');
    if (this.#open.size > 0) problem(`not completed: ${[...this.#open].join(' ')}`);
    for (const [name, count] of Object.entries(this.#atCompletion ?? {})) if (count !== 0) problem(`${count} ${name} left`);
    if (termination === undefined) return;
    if (termination.trailing.length > MOST_TRAILING) problem(`${termination.trailing.length} trailing entries`);
    if (termination.endedAt > LAST_DISCONNECT_MS + 3000) problem(`ended at ${termination.endedAt}`);
    const text = JSON.stringify(termination);
    if (!isDeepStrictEqual(JSON.parse(text), termination)) problem('the value does not survive JSON');
    const entries: string[] = [];
    timeline(this.#live).subscribe({ next: (entry) => entries.push(JSON.stringify(entry)), error: () => problem('timeline() errored') });
    if (entries.length > TIMELINE_LENGTH) problem(`${entries.length} timeline entries`);
    const longest = Math.max(...entries.map(({ length }) => length));
    if (longest > LARGEST_ENTRY_LENGTH) problem(`a timeline entry of ${longest} characters`);
    const outputs = [text, ...entries];
    for (const secret of secrets.all) if (outputs.some((output) => output.includes(secret))) problem(`tells the secret ${secret}`);
    if (({} as { polluted?: unknown }).polluted !== undefined) problem('a prototype was polluted');
  }
}

const told = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error);

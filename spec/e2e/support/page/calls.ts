import { type CallStep, type ConnectOptions, type ReconnectPolicy, type Session, connect, reconnect } from 'rx-sora';
import { userMedia } from 'rx-sora/media';
import {
  NEVER,
  type Observable,
  ReplaySubject,
  Subject,
  type Subscription,
  concat,
  defer,
  dematerialize,
  filter,
  firstValueFrom,
  materialize,
  of,
  switchMap,
  toArray,
  take,
} from 'rxjs';
import { watchNatives } from '../native-objects.ts';

const natives = watchNatives(globalThis.WebSocket, globalThis.RTCPeerConnection);

/** What a spec says of a call; only JSON travels. */
export interface CallOrder {
  readonly options: ConnectOptions;
  readonly policy: ReconnectPolicy;
  /** Whether it sends a camera. */
  readonly hasCamera: boolean;
  /** What the function `metadata` returns, one after the other; the last one again and again. */
  readonly tokens?: readonly string[];
  /** Close codes after which a session is tried at once. */
  readonly atOnceAfter?: readonly number[];
}

/** A call and everything that was seen of it, a word each. */
class ObservedCall {
  readonly camera$ = userMedia({ video: { width: 160, height: 120, frameRate: 10 } });
  readonly #wordSubject = new ReplaySubject<string>(Infinity);
  readonly #nowSubject = new Subject<void>();
  readonly subscription: Subscription;
  readonly tracks: MediaStreamTrack[] = [];
  session: Session | null = null;
  #asked = 0;
  #limits: ConnectOptions['timeouts'] = {};

  constructor({ options, policy, hasCamera, tokens, atOnceAfter = [] }: CallOrder) {
    const metadata = tokens && (() => ({ token: tokens[Math.min(this.#asked++, tokens.length - 1)] ?? '' }));
    const operator = reconnect({
      ...policy,
      now$: this.#nowSubject,
      decide: { 'server-close': ({ code }) => (code !== null && atOnceAfter.includes(code) ? 'at-once' : undefined) },
    });
    const local$: Observable<MediaStream | null> = hasCamera ? this.camera$ : concat(of(null), NEVER);
    const call$ = local$.pipe(
      switchMap((stream) => {
        this.tracks.push(...(stream?.getTracks() ?? []));
        const platform = { WebSocket: natives.WebSocket, RTCPeerConnection: natives.RTCPeerConnection };
        const whole = { ...options, ...(metadata && { metadata }), ...(stream && { stream }), platform };
        const attempt$ = defer(() => connect({ ...whole, timeouts: { ...options.timeouts, ...this.#limits } }));
        return attempt$.pipe(operator, materialize());
      }),
      dematerialize(),
    );
    this.subscription = call$.subscribe({
      next: (step) => this.#take(step),
      error: (error: unknown) => this.#wordSubject.next(`error: ${String(error)}`),
      complete: () => this.#wordSubject.next('complete'),
    });
  }

  /** Sets the limit of every attempt that begins from now on. */
  limit(connectionMs: number): void {
    this.#limits = { connectionMs };
  }

  #take(step: CallStep): void {
    if (step.kind === 'over') this.#wordSubject.next(`over ${step.attempts}: ${step.termination.kind}`);
    if (step.kind === 'waiting') this.#wordSubject.next(`${step.why} ${step.attempt}: ${step.previous.kind}`);
    if (step.kind !== 'session') return;
    this.session = step.session;
    this.#wordSubject.next(`attempt ${step.attempt}`);
    step.session.connected$.subscribe(() => this.#wordSubject.next('connected'));
  }

  /** What was seen until a word has come so often. */
  async said(word: string, times = 1): Promise<readonly string[]> {
    await firstValueFrom(
      this.#wordSubject.pipe(
        filter((each) => each.startsWith(word)),
        take(times),
        toArray(),
      ),
    );
    return this.words;
  }

  get words(): readonly string[] {
    const words: string[] = [];
    this.#wordSubject.subscribe((word) => words.push(word)).unsubscribe();
    return words;
  }

  retryNow(): void {
    this.#nowSubject.next();
  }

  /** States of the camera, and what is open of the browser's objects. */
  get rest(): { readonly camera: readonly string[]; readonly open: readonly string[] } {
    return { camera: this.tracks.map(({ readyState }) => readyState), open: natives.left() };
  }
}

let call: ObservedCall | null = null;

const bench = {
  begin: (order: CallOrder): void => {
    call = new ObservedCall(order);
  },
  hasBegun: (): boolean => call !== null,
  call: (): ObservedCall => {
    if (call === null) throw new Error('there is no call');
    return call;
  },
};

/** What a page with a call offers to the functions of a spec. */
export type CallBench = typeof bench;

Object.assign(globalThis, { bench });

import { merge, Subscription, tap } from 'rxjs';
import { connect, createSession, rpc, timeline } from '../index.ts';
import type { ConnectOptions } from '../session/options.ts';
import type { Session } from '../session/session.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';
import type { Termination } from '../termination/reason.ts';
import { utf8Bytes } from '../transports/bytes.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from './fake-media.ts';
import { channelsOf, errorOf, failuresOf, triggersOf, type RecordedFailure } from './recorded-facts.ts';
import { isEntry, isInput, type RecordedLine } from './recording.ts';
import { connectOf, recordedOptions, terminationOf, webSocketUrl } from './replay-options.ts';
import { ReplayPlatform } from './replay-platform.ts';
import { ReplayedNatives } from './replayed-natives.ts';
import { playInRecordedTime, type ReplayTime } from './replay-time.ts';
import { SyncThenable } from './sync-thenable.ts';

/** What one run of a recording gave. */
export interface ReplayedSession {
  readonly termination: Termination | null;
  readonly timeline: readonly TimelineEntry[];
  readonly errors: readonly unknown[];
}

/** Plays a recording. */
export function replayed(lines: readonly RecordedLine[]): ReplayedSession {
  return new Replay(lines).run();
}

/** Entries of the timeline that stand for something that has to be done. */
interface EntryDetail {
  readonly direction?: string;
  readonly transport?: string;
  readonly label?: string;
  readonly trigger?: string;
  readonly why?: string;
  readonly message?: { readonly type?: string; readonly sdp?: string; readonly stats?: unknown[]; readonly reports?: unknown[] };
}

/** A call as it was sent. */
interface RecordedCall {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: never;
}

/** Milliseconds of a limit that no recording reaches. */
const NEVER_MS = 2_147_483_647;

class Replay {
  readonly #lines: readonly RecordedLine[];
  readonly #recorded: Termination | null;
  readonly #triggers: readonly string[];
  readonly #platform: ReplayPlatform;
  readonly #natives: ReplayedNatives;
  readonly #options: ConnectOptions;
  readonly #abort = new AbortController();
  readonly #timeline: TimelineEntry[] = [];
  #time: ReplayTime = { nowMs: 0, fireUntil: () => false };
  #session: Session | null = null;
  #owner: Subscription | null = null;
  #failMetadata: (error: unknown) => void = () => undefined;
  #termination: Termination | null = null;
  #entries = 0;
  /** When the entry that is played was told. */
  #at = 0;
  readonly #following = new Subscription();

  constructor(lines: readonly RecordedLine[]) {
    this.#lines = lines;
    this.#recorded = terminationOf(lines);
    this.#triggers = triggersOf(lines);
    const failures = failuresOf(lines);
    const environment = connectOf(lines)['environment'];
    const startedAt = this.#recorded?.startedAt ?? 0;
    this.#platform = new ReplayPlatform({
      now: () => startedAt + this.#time.nowMs,
      userAgent: typeof environment === 'string' ? environment : undefined,
      connectionStateDefined: !lines.some((line) => isInput(line) && line.input === 'health' && line.connectionState === null),
      refusedUrls: new Set(
        lines
          .filter((line) => isEntry(line) && line.source === 'websocket' && line.what === 'refused')
          .map((line) => webSocketUrl(line) ?? ''),
      ),
      refusal: failures[0] ? errorOf(failures[0]) : new Error('refused'),
      peerConnectionThrows: failures.some(({ where }) => where === 'peer-connection'),
    });
    this.#natives = new ReplayedNatives(this.#platform, channelsOf(lines));
    this.#options = {
      ...recordedOptions(lines),
      platform: this.#platform.platform,
      signal: this.#abort.signal,
      ...this.#optionsThatFail(failures),
    };
  }

  run(): ReplayedSession {
    const errors = playInRecordedTime((time, moveTo) => {
      this.#time = time;
      if (!this.#isOwned) this.#listen(createSession(this.#options));
      const last = lineOfTheCause(this.#lines);
      for (const [index, line] of this.#lines.entries()) {
        if ('at' in line) moveTo(line.at);
        if (index === last && this.#recorded) this.#makeFail(this.#recorded);
        if (isInput(line)) this.#natives.tell(line);
        else if (isEntry(line)) this.#entry(line);
      }
    });
    this.#following.unsubscribe();
    return { termination: this.#termination, timeline: this.#timeline, errors: [...errors, ...this.#platform.world.uncaught] };
  }

  /** A session that its owner lets go of is one of `connect()`. */
  get #isOwned(): boolean {
    return this.#triggers.includes('unsubscribe');
  }

  #optionsThatFail(failures: readonly RecordedFailure[]): Partial<ConnectOptions> {
    const failureAt = (where: string): RecordedFailure | undefined => failures.find((failure) => failure.where === where);
    const configuration = failureAt('rtc-configuration');
    const beforeAnswer = failureAt('before-answer');
    return {
      ...(failureAt('add-track') && { stream: new FakeMediaStream([new FakeMediaStreamTrack('audio')]) }),
      ...(failureAt('metadata') && { metadata: () => new SyncThenable<null>((_, reject) => (this.#failMetadata = reject)) }),
      ...(beforeAnswer && { beforeAnswer: this.#failAfterAnswers(beforeAnswer) }),
      ...(configuration && {
        rtcConfiguration: () => {
          throw errorOf(configuration);
        },
      }),
    };
  }

  /** Passes for each answer that was recorded, and fails for the one that was not. */
  #failAfterAnswers(failure: RecordedFailure): () => void {
    let left = this.#lines.filter((line) => isEntry(line) && isAnswer(line)).length;
    return () => {
      left -= 1;
      if (left < 0) throw errorOf(failure);
    };
  }

  #begin(): void {
    const unexpected = (error: unknown): unknown => this.#platform.world.uncaught.push(error);
    if (this.#isOwned) this.#owner ??= connect(this.#options).subscribe({ next: (session) => this.#listen(session), error: unexpected });
    else this.#session?.connect().catch(() => undefined);
  }

  #listen(session: Session): void {
    this.#session = session;
    const told$ = merge(
      timeline(session).pipe(tap((entry) => this.#timeline.push(entry))),
      session.termination$.pipe(tap((termination) => (this.#termination = termination))),
    );
    this.#following.add(told$.subscribe({ error: (error: unknown) => this.#platform.world.uncaught.push(error) }));
  }

  #entry({ at, source, what, detail: anyDetail }: TimelineEntry): void {
    this.#entries += 1;
    this.#at = at;
    const detail = (anyDetail ?? {}) as EntryDetail;
    if (source === 'session') this.#state(what);
    else if (source === 'websocket' && what === 'timeout') this.#fireUntilToldAsMuch();
    else if (what === 'rpc-request') this.#call((detail.message ?? {}) as RecordedCall);
    else if (what === 'rpc-timeout') this.#fireUntilToldAsMuch();
    else if (source === 'signaling' && detail.direction === 'sent') this.#sent(detail.message ?? {});
    else if (source === 'signaling' && detail.label !== undefined) {
      if (what !== 'invalid') this.#natives.decoded(detail.label, bytesOf(asItCame(detail.message)));
      // What could not be understood may have been anything: something else that cannot be stands for it.
      else this.#natives.decoded(detail.label, detail.why === 'schema' ? bytesOf({ type: 're-offer', sdp: 0 }) : utf8Bytes('?'));
    } else if (source === 'datachannel' && what === 'dropped' && detail.label !== undefined) {
      // A message of `signaling` is dropped by a timer only (Q33).
      if (detail.label === 'signaling') {
        this.#fireUntilToldAsMuch();
        this.#natives.giveUp(detail.label);
      } else this.#natives.decoded(detail.label, null);
    } else if (source === 'sdk' && what === 'failure') this.#fail(anyDetail as RecordedFailure);
    else if (source === 'sdk' && what === 'disconnect') this.#trigger(detail.trigger);
  }

  /** When it was called is not told; that its time was up is. */
  #call({ id, method = '', params }: RecordedCall): void {
    if (this.#session === null) return;
    const over = this.#lines.find((line) => isEntry(line) && line.what === 'rpc-timeout' && (line.detail as RecordedCall).id === id);
    const timeoutMs = over && 'at' in over ? Math.max(1, over.at - this.#at) : NEVER_MS;
    rpc(this.#session, method, params, { timeoutMs, notification: id === undefined }).catch(() => undefined);
  }

  #state(state: string): void {
    if (state === 'opening') this.#begin();
    else if (state === 'ending') this.#ending();
    else if (state === 'ended') this.#ended();
  }

  /** What an input brought about was told by now. The page that goes away tells nothing (Q56); the rest is the work of a timer. */
  #ending(): void {
    const recorded = this.#recorded;
    if (this.#timeline.length < this.#entries && recorded?.kind === 'client-disconnect') this.#trigger(recorded.trigger);
    this.#fireUntilToldAsMuch();
  }

  #ended(): void {
    const recorded = this.#recorded;
    const live = this.#platform.peerConnection;
    const by = recorded?.kind === 'client-disconnect' ? recorded.by : undefined;
    if (live && by === 'peer-connection-failed') live.connectionState = 'failed';
    if (live && by === 'ice-failed') live.iceConnectionState = 'failed';
    const left = recorded?.trailing.some(({ what, detail }) => what === 'disconnect' && detail === 'pagehide') ?? false;
    const isTold = this.#timeline.some(({ what, detail }) => what === 'disconnect' && (detail as EntryDetail).trigger === 'pagehide');
    const isCause = recorded?.kind === 'client-disconnect' && recorded.trigger === 'pagehide';
    if (by === 'pagehide' || isCause || (left && !isTold)) this.#trigger('pagehide');
    this.#time.fireUntil(() => this.#termination !== null);
  }

  /** States that no event reports, concluded from what became of the disconnect message and of closing. */
  #makeFail(termination: Termination): void {
    const { sent, switched, trailing, phase } = termination;
    const live = this.#platform.peerConnection;
    if (live && termination.kind === 'peer-connection-failed') live.connectionState = 'failed';
    if (live && termination.kind === 'ice-failed') live.iceConnectionState = 'failed';
    if (live && wasClosedByTheApplication(termination, this.#lines)) live.closeState();
    const socket = this.#platform.sockets.at(-1);
    const channel = this.#platform.channel('signaling');
    const throws = new Error('was recorded to fail');
    if (sent?.ok === false) (sent.via === 'websocket' ? socket : channel)?.script.always('send', { throws });
    if (sent === null && switched === null && phase !== 'idle' && phase !== 'opening') socket?.remote.closing();
    for (const { source, what, detail = '' } of trailing) {
      if (source !== 'sdk' || what !== 'close') continue;
      if (detail === 'websocket') socket?.script.always('close', { throws });
      else if (detail.startsWith('datachannel '))
        this.#platform.channel(detail.slice('datachannel '.length))?.script.always('close', { throws });
      else if (this.#platform.peerConnection) this.#platform.peerConnection.closeThrows = throws;
    }
  }

  #trigger(trigger: string | undefined): void {
    switch (trigger) {
      case 'unsubscribe':
        this.#begin();
        this.#owner?.unsubscribe();
        break;
      case 'abort-signal':
        this.#abort.abort();
        // A signal that was aborted before is seen when the session begins.
        this.#begin();
        break;
      case 'pagehide':
        this.#platform.page.fire('pagehide', { persisted: false });
        break;
      default:
        this.#session?.disconnect().catch(() => undefined);
    }
  }

  /** Lets the calls end that this message had to wait for. */
  #sent({ type, sdp = '', stats, reports }: NonNullable<EntryDetail['message']>): void {
    const { throwAways, peerConnection } = this.#platform;
    if (type === 'connect') {
      for (const throwAway of throwAways) {
        if (sdp === '') throwAway.fail('create-offer', new Error('there was none'));
        else throwAway.settle('create-offer', { type: 'offer', sdp });
      }
    } else if (type === 'answer' || type === 're-answer' || type === 'update') peerConnection?.answer(sdp);
    else if (type === 'pong' || type === 'stats') {
      peerConnection?.settle('get-stats', new Map((stats ?? reports ?? []).map((report, index) => [index, report])));
    }
  }

  #fail(failure: RecordedFailure): void {
    const { peerConnection, throwAways } = this.#platform;
    const error = errorOf(failure);
    const { where } = failure;
    if (where === 'metadata') this.#failMetadata(error);
    else if (where.startsWith('send-')) {
      for (const transport of [this.#platform.sockets.at(-1), this.#platform.channel('signaling')])
        transport?.script.next('send', { throws: error });
      for (const throwAway of throwAways) throwAway.settle('create-offer', { type: 'offer', sdp: '' });
      peerConnection?.answer('');
    } else {
      if (peerConnection && where === 'add-track') peerConnection.addTrackThrows = error;
      peerConnection?.answer('', { step: where, error });
    }
  }

  /** Fires timers until this session has told as many entries as the recorded one had by now. */
  #fireUntilToldAsMuch(): void {
    this.#time.fireUntil(() => this.#timeline.length >= this.#entries);
  }
}

/** The line that brought the end about, or the one that tells it where that was a timer: a real clock may have gone on by one between the two. */
function lineOfTheCause(lines: readonly RecordedLine[]): number {
  const ending = lines.findIndex((line) => isEntry(line) && line.source === 'session' && (line.what === 'ending' || line.what === 'ended'));
  const told = lines[ending];
  const cause = lines.slice(0, Math.max(ending, 0)).findLastIndex((line) => isInput(line) || (isEntry(line) && line.source !== 'session'));
  const before = lines[cause];
  return before && told && 'at' in before && 'at' in told && told.at - before.at <= 1 ? cause : ending;
}

const isAnswer = ({ source, what }: TimelineEntry): boolean => source === 'signaling' && ['answer', 're-answer', 'update'].includes(what);

/** J12: no failure of a call, and yet an error of the peer connection. */
function wasClosedByTheApplication(termination: Termination, lines: readonly RecordedLine[]): boolean {
  return termination.kind === 'internal-error' && termination.where === 'peer-connection' && failuresOf(lines).length === 0;
}

/** A `close` without a code was given the code null when it was checked (Q77). */
function asItCame(message: object = {}): object {
  const { code, ...members } = message as { readonly code?: unknown };
  return code === null ? members : { ...members, ...(code !== undefined && { code }) };
}

function bytesOf(message: unknown): Uint8Array {
  return utf8Bytes(JSON.stringify(message ?? {}));
}

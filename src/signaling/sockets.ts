import { type Subscription, timer } from 'rxjs';
import type { ProgressEvent, WebSocketEvent } from '../model/session-event.ts';
import { quietly } from '../platform/quietly.ts';
import type { Platform } from '../platform/platform.ts';
import { release } from '../platform/release.ts';
import type { WebSocketLike } from '../platform/w3c.ts';
import type { WebSocketState } from '../termination/port.ts';
import { observeWebSocket } from '../transports/web-socket.ts';
import { inStep } from './negotiation.ts';
import { type SignalingUrlPolicy, type UrlOrder, parallel } from './url-policy.ts';

/** The WebSockets of a session: candidates until one opens, then the one that counts (Q49). */
export interface Sockets {
  /** Opens sockets to these URLs, in the order of the policy. Drops the sockets of an earlier call without a word, as a redirect asks for (Q50). */
  readonly open: (urls: readonly string[]) => void;
  /** No further candidate is opened from now on. */
  readonly stop: () => void;
  /** Tells the policy over which URL the session connected, or that it did not. */
  readonly report: (url: string | null) => void;
  /** The URL of the socket that counts; null as long as none does. */
  readonly url: () => string | null;
  readonly state: () => WebSocketState;
  /** Sends a text frame. Throws what the socket throws. */
  readonly send: (text: string) => void;
  /** Closes the socket that counts, once. */
  readonly closeCurrent: () => void;
  /** Closes every socket that is left; false if a call threw. */
  readonly close: () => boolean;
  /** Removes all listeners. */
  readonly detach: () => void;
}

export interface SocketsContext {
  readonly platform: Pick<Platform, 'WebSocket'>;
  readonly now: () => number;
  readonly policy: SignalingUrlPolicy | undefined;
  /** Milliseconds that each of several URLs has to open. */
  readonly limitMs: number;
  /** Whether the event comes from the socket that counts, or from another one, which has no part in the session. */
  readonly emit: (event: WebSocketEvent | ProgressEvent, counts: boolean) => void;
  /** No socket could be made for the last URL. */
  readonly refused: (error: unknown, url: string) => void;
}

const STATES = ['connecting', 'open', 'closing', 'closed'] as const;

interface Candidate {
  readonly url: string;
  socket: WebSocketLike | null;
  hasFailed: boolean;
  isClosed: boolean;
  detach: () => void;
}

export function createSockets({ platform, now, policy, limitMs, emit, refused }: SocketsContext): Sockets {
  let candidates: Candidate[] = [];
  let current: Candidate | null = null;
  let isDecided = false;
  let isStopped = false;
  const timers: Subscription[] = [];

  const stateOf = ({ socket }: Candidate): WebSocketState => quietly(() => STATES[(socket as WebSocketLike).readyState] ?? null, null);
  /** Closes with 1000, the only code that we use (Q70), and only what was not closed before (P17). */
  const close = (candidate: Candidate): boolean => {
    const { socket } = candidate;
    if (socket === null || candidate.isClosed || stateOf(candidate) === 'closed') return true;
    candidate.isClosed = true;
    if (stateOf(candidate) === 'connecting' && 'on' in socket) quietly(() => socket.addEventListener?.('error', ignore, ONCE), undefined);
    return release(() => socket.close(1000));
  };
  const stopTimers = (): void => timers.splice(0).forEach((each) => each.unsubscribe());
  const choose = (candidate: Candidate): void => {
    current = candidate;
    isDecided = true;
    stopTimers();
  };

  /** A candidate reports: the first to open counts from then on, or the last to fail. */
  function report(candidate: Candidate, event: WebSocketEvent): void {
    if (isDecided) emit(event, candidate === current);
    else if (event.kind === 'open') {
      choose(candidate);
      for (const other of candidates) if (other !== candidate) close(other);
      emit(event, true);
    } else if (candidate.hasFailed) emit(event, false);
    else fail(candidate, event.kind, (isLast) => emit(event, isLast));
  }

  function fail(candidate: Candidate, what: string, tell: (isLast: boolean) => void): void {
    candidate.hasFailed = true;
    const isLast = candidates.length === total && candidates.every(({ hasFailed }) => hasFailed);
    if (isLast) choose(candidate);
    tell(isLast);
    if (isLast) return;
    emit({ source: 'session', kind: 'url-failed', at: now(), url: plainUrl(candidate.url), what }, true);
    if (what !== 'close') close(candidate);
    if (candidates.length === begun && candidates.slice(waveStart).every(({ hasFailed }) => hasFailed)) nextWave();
  }

  /** A policy that throws, or names no URL, is a defect of the application: nothing can be opened. */
  const orderOf = (urls: readonly string[]): UrlOrder =>
    inStep(
      'signaling-url-policy',
      () => {
        const order = (policy ?? parallel)(urls);
        const waves = order.waves.filter(({ length }) => length > 0);
        if (waves.length === 0) throw new TypeError();
        return { ...order, waves };
      },
      'signalingUrlPolicy gave no URL to open',
    );

  let total = 0;
  /** How many candidates belong to the waves that were begun. */
  let begun = 0;
  /** Where the latest wave begins among the candidates. */
  let waveStart = 0;
  let nextWave = (): void => undefined;
  let reportUrl: UrlOrder['report'];

  function openCandidate(url: string): void {
    const candidate: Candidate = { url, socket: null, hasFailed: false, isClosed: false, detach: () => undefined };
    candidates.push(candidate);
    if (total === 1) current = candidate;
    try {
      candidate.socket = new platform.WebSocket(url as never);
      candidate.detach = observeWebSocket(candidate.socket, now, (event) => report(candidate, event));
    } catch (error) {
      fail(candidate, 'refused', (isLast) => {
        if (isLast) refused(error, plainUrl(url));
      });
    }
  }

  /** Everybody who has not opened by now was too slow (Q52). */
  function expire(wave: readonly Candidate[]): void {
    for (const candidate of wave) {
      if (isDecided || candidate.hasFailed) continue;
      fail(candidate, 'timeout', (isLast) => {
        if (isLast) emit({ source: 'session', kind: 'unreachable', at: now(), url: plainUrl(candidate.url) }, true);
      });
      close(candidate);
    }
  }

  return {
    open(urls) {
      stopTimers();
      for (const candidate of candidates) {
        candidate.detach();
        close(candidate);
      }
      candidates = [];
      current = null;
      isDecided = false;
      begun = 0;
      const { waves, headStartMs, report: reporting } = orderOf(urls);
      total = waves.flat().length;
      reportUrl ??= reporting; // a redirect is not what the policy asked for
      let next = 0;
      nextWave = () => {
        const wave = waves[next];
        if (wave === undefined || isDecided || isStopped) return;
        next += 1;
        begun += wave.length;
        const due = next;
        const first = (waveStart = candidates.length);
        for (const url of wave) openCandidate(url);
        const opened = candidates.slice(first);
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- opening may have decided at once
        if (total > 1 && !isDecided) timers.push(timer(limitMs).subscribe(() => expire(opened)));
        if (headStartMs !== null && due < waves.length) {
          timers.push(timer(headStartMs).subscribe(() => next === due && nextWave()));
        }
      };
      nextWave();
    },
    stop() {
      isStopped = true;
    },
    report: (url) => quietly(() => reportUrl?.(url), undefined),
    url: () => current?.url ?? null,
    state: () => (current?.socket == null ? null : stateOf(current)),
    send: (text) => current?.socket?.send(text as never),
    closeCurrent() {
      if (current !== null) close(current);
    },
    close: () => candidates.map(close).every(Boolean),
    detach() {
      stopTimers();
      for (const candidate of candidates) candidate.detach();
    },
  };
}

/** For an EventEmitter such as a socket of the package `ws`, which throws an error that nobody listens to, as that of a close before it opened. */
const ignore = (): void => undefined;
const ONCE = { once: true };

/** A URL without user, password, query and fragment, which may hold secrets. */
const plainUrl = (url: string): string => url.replace(/[?#].*$/s, '').replace(/^([^:]*:)[\\/]*[^\\/]*@/, '$1//');

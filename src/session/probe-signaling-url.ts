import { type Observable, catchError, defer, finalize, from, map, of, race, timer } from 'rxjs';
import { delayMs } from './option-check.ts';
import { signalingUrlOption } from './signaling-url-option.ts';

/** What a plain HTTP request to a signaling URL met. */
export type SignalingProbe =
  /** Somebody speaks HTTP there: a WebSocket that fails all the same was refused. The status is null where the browser hides it. */
  | { readonly kind: 'answered'; readonly status: number | null }
  /** Nobody does: no such name, no route, a refused connection, or a certificate that is not trusted. */
  | { readonly kind: 'unreachable' }
  /** Nothing came back in time. */
  | { readonly kind: 'silent'; readonly waitedMs: number };

/** How {@link probeSignalingUrl} asks. */
export interface ProbeOptions {
  /** Milliseconds until the answer is given up. Default: 3000. */
  readonly timeoutMs?: number;
  /** Default: the global one, read when the probe begins. */
  readonly fetch?: (url: string, init: RequestInit) => PromiseLike<{ readonly status: number }>;
}

/**
 * Asks whether a server can be reached where a WebSocket could not be opened, which a browser tells in both cases by the same 1006. To be used
 * after such an end, never before: a session does not need it.
 *
 * Cold: one request per subscriber; emits once, completes, never errors for what it meets. Unsubscribing aborts.
 *
 * @throws SoraOptionsError for a URL that is none, or a wrong limit
 * @example
 * ```ts
 * session.termination$
 *   .pipe(
 *     ofKind('websocket-error'),
 *     switchMap(() => probeSignalingUrl(signalingUrl)),
 *   )
 *   .subscribe(console.log);
 * ```
 * @source WHATWG Fetch
 */
export function probeSignalingUrl(signalingUrl: string, { timeoutMs = 3000, fetch }: ProbeOptions = {}): Observable<SignalingProbe> {
  signalingUrlOption(signalingUrl, 'signalingUrl');
  delayMs(timeoutMs, 'timeoutMs');
  const url = signalingUrl.replace(/^ws/i, 'http');
  return defer(() => {
    const abort = new AbortController();
    const init: RequestInit = { mode: 'no-cors', cache: 'no-store', credentials: 'omit', redirect: 'manual', signal: abort.signal };
    const request = fetch ?? globalThis.fetch.bind(globalThis);
    const answer$ = defer(() => from(request(url, init))).pipe(
      map(({ status }): SignalingProbe => ({ kind: 'answered', status: status === 0 ? null : status })),
      catchError(() => of<SignalingProbe>({ kind: 'unreachable' })),
    );
    const limit$ = timer(timeoutMs).pipe(map((): SignalingProbe => ({ kind: 'silent', waitedMs: timeoutMs })));
    return race(answer$, limit$).pipe(finalize(() => abort.abort()));
  });
}

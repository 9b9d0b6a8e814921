import { catchError, defaultIfEmpty, defer, from, map, Observable, of, take, timeout } from 'rxjs';
import type { LabSettings } from '../lab-options.ts';
import { authorizeByToken } from './access-token.ts';
import { authenticationError, NO_OVERRIDES, readAuthResponse, type Authorization } from './overrides.ts';
import type { AuthRequest, AuthResponse } from '../wire/auth-webhook.ts';

/** How long a webhook or an auth function may take. */
const AUTH_TIMEOUT_MS = 30_000;

const isObservableOrPromise = (value: unknown): value is PromiseLike<AuthResponse> | Observable<AuthResponse> =>
  typeof value === 'object' && value !== null && ('then' in value || 'subscribe' in value);

async function askWebhook(url: string, request: AuthRequest, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sora-connection-id': request.connection_id },
    body: JSON.stringify(request),
    signal,
  });
  if (response.status !== 200) throw new Error(`the auth webhook answered ${response.status}`);
  return response.json();
}

/** The answer of a webhook; unsubscribing aborts the request. */
function fromWebhook(url: string, request: AuthRequest): Observable<unknown> {
  return new Observable((subscriber) => {
    const controller = new AbortController();
    const answer = from(askWebhook(url, request, controller.signal)).subscribe(subscriber);
    return () => {
      answer.unsubscribe();
      controller.abort();
    };
  });
}

function fromFunction(settings: LabSettings, request: AuthRequest): Observable<unknown> {
  return defer(() => {
    const answered: unknown = settings.auth?.(request);
    return isObservableOrPromise(answered) ? from(answered) : of(answered);
  });
}

/**
 * Asks the access token, the auth function or the webhook. Cold; emits once. A function that throws, a promise that rejects and a webhook that
 * cannot be reached refuse the connection. A synchronous answer is emitted synchronously.
 */
export function authorize(settings: LabSettings, request: AuthRequest): Observable<Authorization> {
  const { accessToken, accessTokenSecret, authWebhookUrl } = settings;
  if (accessToken)
    return defer(() => of(authorizeByToken({ channelId: request.channel_id, metadata: request.metadata }, accessTokenSecret, Date.now())));
  if (settings.auth === undefined && authWebhookUrl === undefined) return of({ ok: true, value: NO_OVERRIDES });
  const answer$ = authWebhookUrl === undefined ? fromFunction(settings, request) : fromWebhook(authWebhookUrl, request);
  return answer$.pipe(
    take(1),
    defaultIfEmpty(undefined),
    timeout(AUTH_TIMEOUT_MS),
    map(readAuthResponse),
    catchError((error: unknown) => of(authenticationError(error instanceof Error ? error.message : String(error)))),
  );
}

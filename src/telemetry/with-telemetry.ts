import { type Context, context } from '@opentelemetry/api';
import { type MonoTypeOperatorFunction, defer, tap } from 'rxjs';
import { longestDelayMs, numberFrom } from '../session/option-check.ts';
import type { Session } from '../index.ts';
import { type Instruments, instrumentsOf } from './instruments.ts';
import { type Attempt, observeSession } from './observe-session.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

/**
 * Sessions to OpenTelemetry: spans, metrics and events, by the names of `docs/telemetry.md`. Passes every session on as it is, before it begins, and listens to
 * it to its end, also where the end is caused by unsubscribing or by leaving the page. A session that follows one that has ended is another attempt of the
 * same call, and its span is linked to the one before; put it before `reconnect()`, or behind `sessions()`. What happens on the way to `connected` is emitted
 * after it, with the times at which it happened.
 *
 * Cold; ends and errors with the source. What OpenTelemetry throws disturbs no session: RxJS reports it.
 *
 * @throws SoraOptionsError for a wrong `statsMs`
 * @example
 * ```ts
 * connect(options).pipe(withTelemetry({ tracer, meter, logger }), reconnect()).subscribe();
 * ```
 */
export function withTelemetry(options: TelemetryOptions): MonoTypeOperatorFunction<Session> {
  const statsMs = numberFrom(0, longestDelayMs)(options.statsMs ?? 10_000, 'statsMs');
  const { meter } = options;
  let made: Instruments | null = null;
  const instruments = (): Instruments | null => (made ??= meter === undefined ? null : instrumentsOf(meter));
  return (session$) => {
    let latest: Attempt | null = null;

    function observe(session: Session, parent: Context): void {
      // What still lives is another call of the same kind, not the attempt before.
      const previous = latest?.isOver === true ? latest : null;
      const number = previous === null || previous.wasConnected ? 1 : previous.number + 1;
      latest = { number, spanContext: null, wasConnected: false, isOver: false };
      observeSession(session, { ...options, statsMs }, instruments, parent, latest, previous);
    }

    return defer(() => {
      const parent = options.context ?? context.active();
      return session$.pipe(tap((session) => observe(session, parent)));
    });
  };
}

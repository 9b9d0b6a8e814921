import { type ConnectOptions, type Session, connect, stats } from 'rx-sora';
import { type TraceCarrier, withTelemetry } from 'rx-sora/telemetry';
import { ReplaySubject, type Subscription, firstValueFrom, skip, skipWhile } from 'rxjs';
import { otlpProviders } from '../otlp-providers.ts';
import { capture } from './capture.ts';

/** A session whose telemetry goes to a receiver. */
interface Observed {
  readonly subscription: Subscription;
  readonly flush: () => Promise<unknown>;
}

const STATS_MS = 100;

const sessions = new Map<string, Observed>();

const bench = {
  /** Connects a session with a fake microphone and camera. Of its providers only those flush by themselves that do so for a browser: the metrics are asked. */
  begin: async (name: string, receiver: string, options: ConnectOptions): Promise<void> => {
    const { telemetry, flush, flushMetrics } = otlpProviders(receiver);
    const carrier: TraceCarrier = {};
    const sessionSubject = new ReplaySubject<Session>(Infinity);
    const subscription = connect({
      ...options,
      stream: await capture(),
      metadata: () => ({ ...carrier, token: 'CANARY-metadata' }),
      signalingNotifyMetadata: { nick: 'CANARY-notify' },
    })
      .pipe(withTelemetry({ ...telemetry, carrier, statsMs: STATS_MS, flush: flushMetrics }))
      .subscribe(sessionSubject);
    sessions.set(name, { subscription, flush });
    const session = await firstValueFrom(sessionSubject);
    await firstValueFrom(session.connected$);
    // Once media is sent, telemetry looks at the statistics of the connection, too.
    const isSending$ = stats(session, STATS_MS).pipe(
      skipWhile(({ outbound }) => !outbound.some(({ bitsPerSecond }) => typeof bitsPerSecond === 'number' && bitsPerSecond > 0)),
    );
    await firstValueFrom(isSending$.pipe(skip(3)));
  },
  observed: (name: string): Observed => {
    const found = sessions.get(name);
    if (found === undefined) throw new Error(`no session ${name}`);
    return found;
  },
};

/** What a page with telemetry offers. */
export type TelemetryBench = typeof bench;

Object.assign(globalThis, { bench });

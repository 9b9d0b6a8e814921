import type { Attributes, Meter, Tracer } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import { LoggerProvider, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { type DataPoint, type MetricData, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { of } from 'rxjs';
import type { Session } from '../../src/session/session.ts';
import { type TelemetryOptions, withTelemetry } from '../../src/telemetry/index.ts';

/** Reads when it is asked. */
class Reader extends MetricReader {
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
}

/** The real SDK of OpenTelemetry, with everything that it was given kept in memory. */
export class Collected {
  /** Those that have ended, in this order. */
  readonly spans: ReadableSpan[] = [];
  readonly records: ReadWriteLogRecord[] = [];
  readonly #reader = new Reader();
  readonly options: { readonly tracer: Tracer; readonly meter: Meter; readonly logger: Logger };

  constructor() {
    const done = (): Promise<void> => Promise.resolve();
    const tracers = new BasicTracerProvider({
      spanProcessors: [{ onStart: () => undefined, onEnd: (span) => void this.spans.push(span), forceFlush: done, shutdown: done }],
    });
    const loggers = new LoggerProvider({
      processors: [{ onEmit: (record) => void this.records.push(record), forceFlush: done, shutdown: done }],
    });
    const meters = new MeterProvider({ readers: [this.#reader] });
    this.options = { tracer: tracers.getTracer('rx-sora'), meter: meters.getMeter('rx-sora'), logger: loggers.getLogger('rx-sora') };
  }

  /** Has a session observed, as `connect(options).pipe(withTelemetry(…))` does. */
  observe(session: Session, more: Partial<TelemetryOptions> = {}): void {
    of(session)
      .pipe(withTelemetry({ ...this.options, ...more }))
      .subscribe();
  }

  span(name: string): ReadableSpan {
    const found = this.spans.filter((span) => span.name === name);
    if (found.length !== 1) throw new Error(`${found.length} spans ${name}, of ${this.spans.map((span) => span.name).join(', ')}`);
    return found[0]!;
  }

  events(name: string): ReadWriteLogRecord[] {
    return this.records.filter(({ eventName }) => eventName === name);
  }

  event(name: string): ReadWriteLogRecord {
    const found = this.events(name);
    if (found.length !== 1) throw new Error(`${found.length} events ${name}, of ${this.records.map((each) => each.eventName).join(', ')}`);
    return found[0]!;
  }

  async metrics(): Promise<readonly MetricData[]> {
    const { resourceMetrics, errors } = await this.#reader.collect();
    if (errors.length > 0) throw errors[0];
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
  }

  /** The points of one metric, of a histogram with count and sum. */
  async points(name: string): Promise<readonly { readonly attributes: Attributes; readonly value: unknown }[]> {
    const found = (await this.metrics()).find(({ descriptor }) => descriptor.name === name);
    return (found?.dataPoints ?? []).map(({ attributes, value }: DataPoint<unknown>) => ({ attributes, value: plain(value) }));
  }

  /** Spans and events so far, as one text. */
  told(): string {
    const spans = this.spans.map(({ name, attributes, status, links, events }) => ({ name, attributes, status, links, events }));
    const records = this.records.map(({ eventName, body, attributes }) => ({ eventName, body, attributes }));
    return JSON.stringify([spans, records]);
  }

  /** Everything that came out, metrics too, as one text. */
  async text(): Promise<string> {
    return `${this.told()}\n${JSON.stringify(await this.metrics())}`;
  }
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('count' in value)) return value;
  const { count, sum } = value as { readonly count: number; readonly sum: number };
  return { count, sum };
}

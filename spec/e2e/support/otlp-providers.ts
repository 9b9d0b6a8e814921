import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { TelemetryOptions } from 'rx-sora/telemetry';

/** Later than any spec lasts: what arrives was flushed. */
const NEVER_MS = 3_600_000;

/** Providers as an application sets them up, in Node and in a browser, with OTLP/HTTP to a receiver. */
export function otlpProviders(url: string): {
  readonly telemetry: Required<Pick<TelemetryOptions, 'tracer' | 'meter' | 'logger'>>;
  readonly flush: () => Promise<unknown>;
  readonly flushMetrics: () => Promise<unknown>;
  readonly shutdown: () => Promise<unknown>;
} {
  const tracers = new BasicTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url}/v1/traces` }), { scheduledDelayMillis: NEVER_MS })],
  });
  const loggers = new LoggerProvider({
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${url}/v1/logs` }), scheduledDelayMillis: NEVER_MS })],
  });
  const meters = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${url}/v1/metrics` }),
        exportIntervalMillis: NEVER_MS,
      }),
    ],
  });
  const providers = [tracers, loggers, meters];
  return {
    telemetry: { tracer: tracers.getTracer('specs'), meter: meters.getMeter('specs'), logger: loggers.getLogger('specs') },
    flush: () => Promise.all(providers.map((provider) => provider.forceFlush())),
    flushMetrics: () => meters.forceFlush(),
    shutdown: () => Promise.all(providers.map((provider) => provider.shutdown())),
  };
}

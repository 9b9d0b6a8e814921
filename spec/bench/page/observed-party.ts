import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type Session, timeline } from 'rx-sora';
import { withTelemetry } from 'rx-sora/telemetry';
import { of } from 'rxjs';
import type { MakeParty } from './party.ts';
import { rxSoraSession } from './rx-sora-party.ts';

/** What an exporter does is the network's affair: this one takes everything and sends nothing. */
const exporter = {
  export: (_: unknown, done: (result: { code: number }) => void): void => done({ code: 0 }),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
const telemetry = {
  tracer: new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }).getTracer('bench'),
  meter: new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] }).getMeter('bench'),
  logger: new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter })] }).getLogger('bench'),
};

/** Made once, as an application does. */
const observed = withTelemetry(telemetry);

/** Listens in every way that is made for operating: telemetry with the real SDK of OpenTelemetry, and the timeline. */
function observe(session: Session): void {
  observed(of(session)).subscribe();
  let entries = 0;
  timeline(session).subscribe(() => (entries += 1));
}

/** A session of rx-sora that is observed from its `connect()` on. */
export const observedParty: MakeParty = rxSoraSession(observe);

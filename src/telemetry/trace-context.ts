import { type Span, isSpanContextValid } from '@opentelemetry/api';
import type { TraceCarrier } from './telemetry-options.ts';

/** Writes the context of a span for the server; of a span that nobody records, nothing. @source W3C Trace Context 3.2 */
export function writeTraceContext(span: Span, carrier: TraceCarrier): void {
  delete carrier.traceparent;
  delete carrier.tracestate;
  const spanContext = span.spanContext();
  const { traceId, spanId, traceFlags, traceState } = spanContext;
  if (!isSpanContextValid(spanContext)) return;
  carrier.traceparent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
  const state = traceState?.serialize() ?? '';
  if (state !== '') carrier.tracestate = state;
}

/**
 * Sessions to OpenTelemetry.
 *
 * @packageDocumentation
 */
export { withTelemetry } from './with-telemetry.ts';
export type { TelemetryOptions, TraceCarrier } from './telemetry-options.ts';
export * from './semconv.ts';

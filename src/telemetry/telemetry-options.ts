import type { Context, Meter, Tracer } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';

/** A header of W3C Trace Context, by name, as the server's side reads it. @source W3C Trace Context 3.2, 3.3 */
export interface TraceCarrier {
  traceparent?: string;
  tracestate?: string;
}

/** Where telemetry goes. Each part may be left out, and then costs nothing. */
export interface TelemetryOptions {
  /** Receives spans: one for each attempt to connect, with its phases, and those of calls, renegotiations and disconnects. */
  readonly tracer?: Tracer | undefined;
  /** Receives metrics. */
  readonly meter?: Meter | undefined;
  /** Receives events, of which the one of the end has everything that is known about it. */
  readonly logger?: Logger | undefined;
  /** The parent of the spans. Default: what is active where the sessions are subscribed to. */
  readonly context?: Context | undefined;
  /**
   * An object of the application that gets `traceparent`, and `tracestate` where there is one, of each attempt before its metadata are asked for:
   * `metadata: () => ({ ...carrier, token })` brings them to the server. Default: nobody is told.
   */
  readonly carrier?: TraceCarrier | undefined;
  /** Milliseconds between two looks at the statistics; 0 switches them off. Default: 10000. */
  readonly statsMs?: number | undefined;
  /** Identifiers that may name a person and are left out otherwise. Default: none. */
  readonly identifiers?: readonly ('channel' | 'client')[] | undefined;
  /** Called when a page that goes away has ended a session, and its end was recorded: the place for `forceFlush()` of one's providers. Default: nothing. */
  readonly flush?: (() => unknown) | undefined;
}

import {
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { SessionState } from '../session/session.ts';
import type { Termination } from '../termination/reason.ts';
import * as names from './semconv.ts';
import { errorTypeOf } from './termination-attributes.ts';

/** The spans of one session, but those of its calls. Each phase is a child of the attempt to connect. */
export interface ConnectSpans {
  /** The attempt, once it has begun. */
  readonly span: () => Span | null;
  /** Begins the attempt, unless it has begun. */
  readonly begin: () => void;
  readonly state: (state: SessionState) => void;
  readonly signaling: (direction: 'sent' | 'received', type: string) => void;
  readonly ice: (state: string) => void;
  readonly connected: (attributes: Attributes) => void;
  readonly disconnecting: () => void;
  readonly ended: (termination: Termination, attributes: Attributes) => void;
}

/** What waits for an answer, and by what it is answered. */
const ANSWERS: Readonly<Record<string, string>> = { 're-offer': 're-answer', update: 'update' };

const PHASES: { readonly [State in SessionState]?: string } = {
  opening: names.SPAN_CONNECT_WEBSOCKET,
  signaling: names.SPAN_CONNECT_SIGNALING,
  negotiating: names.SPAN_CONNECT_NEGOTIATION,
};

/**
 * @param previous the attempt before, to which this one is linked
 * @param begun called with the attempt's span as soon as there is one
 * @param time of what happens
 */
export function connectSpans(
  tracer: Tracer,
  parent: Context,
  previous: SpanContext | null,
  attributes: () => Attributes,
  begun: (span: Span) => void,
  time: () => Date,
): ConnectSpans {
  const links: Link[] = previous === null ? [] : [{ context: previous }];
  let connect: Span | null = null;
  /** Open spans by their names; the end closes what is left. */
  const open = new Map<string, Span>();

  function begin(): void {
    if (connect !== null) return;
    const options = { kind: SpanKind.CLIENT, links, attributes: attributes(), startTime: time() };
    connect = tracer.startSpan(names.SPAN_CONNECT, options, parent);
    open.set(names.SPAN_CONNECT, connect);
    begun(connect);
  }

  function start(name: string, kind: SpanKind): void {
    const startTime = time();
    finish(name, startTime);
    open.set(name, tracer.startSpan(name, { kind, startTime }, connect === null ? parent : trace.setSpan(parent, connect)));
  }

  function finish(name: string, endTime = time()): void {
    open.get(name)?.end(endTime);
    open.delete(name);
  }

  return {
    span: () => connect,
    begin,
    state(state) {
      if (state === 'opening') begin();
      const phase = PHASES[state];
      if (phase === undefined || connect === null) return;
      // A redirect begins with the WebSocket again.
      for (const each of Object.values(PHASES)) finish(each);
      start(phase, state === 'negotiating' ? SpanKind.INTERNAL : SpanKind.CLIENT);
    },
    signaling(direction, type) {
      if (direction === 'sent' && type === 'answer') finish(names.SPAN_CONNECT_NEGOTIATION);
      const isRenegotiating = open.has(names.SPAN_RENEGOTIATE);
      if (direction === 'received' && Object.hasOwn(ANSWERS, type) && !isRenegotiating) start(names.SPAN_RENEGOTIATE, SpanKind.CLIENT);
      if (direction === 'sent' && Object.values(ANSWERS).includes(type)) finish(names.SPAN_RENEGOTIATE);
    },
    ice(state) {
      if (!open.has(names.SPAN_CONNECT)) return;
      if (state === 'checking') start(names.SPAN_CONNECT_ICE, SpanKind.INTERNAL);
      if (state === 'connected' || state === 'completed') finish(names.SPAN_CONNECT_ICE);
    },
    connected(more) {
      connect?.setAttributes(more);
      for (const name of [...Object.values(PHASES), names.SPAN_CONNECT_ICE, names.SPAN_CONNECT]) finish(name);
    },
    disconnecting() {
      if (!open.has(names.SPAN_DISCONNECT)) start(names.SPAN_DISCONNECT, SpanKind.CLIENT);
    },
    ended(termination, more) {
      const errorType = errorTypeOf(termination);
      const endTime = time(); // one for all, as the attempt comes before its phases
      for (const [name, span] of open) {
        if (name === names.SPAN_CONNECT || name === names.SPAN_DISCONNECT) span.setAttributes(more);
        if (errorType !== undefined) {
          span.setAttribute(names.ATTR_ERROR_TYPE, errorType);
          span.setStatus({ code: SpanStatusCode.ERROR, message: termination.kind });
        }
        span.end(endTime);
      }
      open.clear();
    },
  };
}

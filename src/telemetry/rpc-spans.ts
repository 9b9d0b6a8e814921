import { type Context, type Span, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { quietly } from '../platform/quietly.ts';
import type { TimelineItem } from '../timeline/timeline-item.ts';
import { utf8Text } from '../transports/bytes.ts';
import * as names from './semconv.ts';

/** The calls of one session, from their sending to their answer. */
export interface RpcSpans {
  readonly take: (item: TimelineItem) => void;
  /** The session is over: what was not answered never will be. */
  readonly end: () => void;
}

/** @param time of what happens */
export function rpcSpans(tracer: Tracer, parent: () => Context, time: () => Date): RpcSpans {
  const pending = new Map<unknown, Span>();

  function sent({ id, method }: Message): void {
    if (typeof method !== 'string') return;
    const attributes = {
      [names.ATTR_RPC_SYSTEM_NAME]: 'jsonrpc',
      [names.ATTR_RPC_METHOD]: method,
      [names.ATTR_JSONRPC_PROTOCOL_VERSION]: '2.0',
      ...(typeof id === 'number' && { [names.ATTR_JSONRPC_REQUEST_ID]: String(id) }),
    };
    const startTime = time();
    const span = tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes, startTime }, parent());
    if (id === undefined) span.end(startTime);
    else pending.set(id, span);
  }

  function settle(id: unknown, errorType?: string): void {
    const span = pending.get(id);
    if (span === undefined) return;
    pending.delete(id);
    if (errorType !== undefined) {
      span.setAttribute(names.ATTR_ERROR_TYPE, errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(time());
  }

  return {
    take(item) {
      if (item.source === 'sdk' && item.kind === 'note' && item.what === 'rpc-timeout') settle((item.detail as Message).id, 'timeout');
      if (item.source !== 'signaling') return;
      if (item.kind === 'rpc-sent') sent(item.message as Message);
      if (item.kind !== 'rpc-received') return;
      const { id, error } = messageOf(item.message);
      if (error === undefined || error === null) {
        settle(id);
        return;
      }
      const code = typeof error.code === 'number' ? String(error.code) : '_OTHER';
      pending.get(id)?.setAttribute(names.ATTR_RPC_STATUS_CODE, code);
      settle(id, code);
    },
    end() {
      for (const id of [...pending.keys()]) settle(id, 'ended');
    },
  };
}

/** What telemetry reads of a request or a response of JSON-RPC; nobody has checked it yet. */
interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly error?: { readonly code?: unknown } | null;
}

function messageOf(payload: unknown): Message {
  const text = payload instanceof Uint8Array ? utf8Text(payload) : payload;
  const message: unknown = typeof text === 'string' ? quietly(() => JSON.parse(text) as unknown, null) : null;
  return typeof message === 'object' && message !== null ? message : {};
}

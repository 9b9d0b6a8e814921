import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { type Observable, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { connect, createSession } from '../../src/index.ts';
import { reconnect } from '../../src/reconnect/reconnect.ts';
import { sessions } from '../../src/reconnect/views.ts';
import { rpc } from '../../src/rpc/rpc.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import { type TraceCarrier, withTelemetry } from '../../src/telemetry/index.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { FakeSora } from '../../src/testing/fake-sora.ts';
import { Collected } from '../support/open-telemetry.ts';
import { type RigSetup, type SessionRig, elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';

useVirtualTime();

/** A session that is observed from before it begins. */
function observed(
  setup: RigSetup = {},
  more: Parameters<Collected['observe']>[1] = {},
): { readonly r: SessionRig; readonly out: Collected } {
  const out = new Collected();
  const r = rig({ ...setup, before: ({ session }) => out.observe(session, more) });
  elapse(0); // what happened on the way is emitted now
  return { r, out };
}

const parentOf = (span: ReadableSpan, all: readonly ReadableSpan[]): string | undefined =>
  all.find((each) => each.spanContext().spanId === span.parentSpanContext?.spanId)?.name;

describe('an attempt to connect', () => {
  test('is a span with its phases as children, in one trace', () => {
    const { out } = observed({ mode: 'D', start: 'connected' });
    const names = out.spans.map(({ name }) => name);
    expect(new Set(names)).toEqual(
      new Set(['', '.websocket', '.signaling', '.negotiation', '.ice'].map((phase) => `shiguredo.sora.connect${phase}`)),
    );
    const attempt = out.span('shiguredo.sora.connect');
    const children = out.spans.filter((span) => span !== attempt);
    expect(children.map((span) => parentOf(span, out.spans))).toEqual(children.map(() => 'shiguredo.sora.connect'));
    expect(new Set(out.spans.map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(attempt.parentSpanContext).toBeUndefined();
    expect(attempt.kind).toBe(SpanKind.CLIENT);
    expect(attempt.status.code).toBe(SpanStatusCode.UNSET);
    expect(attempt.attributes).toEqual({
      'shiguredo.sora.role': 'sendrecv',
      'shiguredo.sora.connection.attempt': 1,
      'shiguredo.sora.connection.id': 'FAKECONNECTION000000000000',
      'shiguredo.sora.session.id': 'FAKESESSION000000000000000',
      'shiguredo.sora.bundle.id': 'FAKECONNECTION000000000000',
      'server.address': 'one.sora.test',
      'server.port': 443,
      'url.scheme': 'wss',
      'network.protocol.name': 'websocket',
    });
  });

  test('names channel and client only where the application asks for it', () => {
    const { out } = observed({}, { identifiers: ['channel', 'client'] });
    expect(out.span('shiguredo.sora.connect').attributes).toMatchObject({
      'shiguredo.sora.channel.id': 'sora',
      'shiguredo.sora.client.id': expect.any(String) as string,
    });
  });

  test('begins with the WebSocket again after a redirect', () => {
    const { r, out } = observed({ start: 'signaling' });
    r.play('rx.redirect wss://two.sora.test/signaling');
    r.sora.reach('connected', elapse);
    elapse();
    const count = (name: string): number => out.spans.filter((span) => span.name === name).length;
    expect([count('shiguredo.sora.connect'), count('shiguredo.sora.connect.websocket'), count('shiguredo.sora.connect.signaling')]).toEqual(
      [1, 2, 2],
    );
    expect(out.span('shiguredo.sora.connect').attributes['server.address']).toBe('two.sora.test');
  });

  test('that fails is an error, and so is the phase in which it failed; those before are not', () => {
    const { r, out } = observed({ start: 'signaling' });
    r.play('ws.close 4490');
    const status = (name: string): unknown[] => {
      const span = out.span(name);
      return [span.status.code, span.attributes['error.type']];
    };
    expect(status('shiguredo.sora.connect.websocket')).toEqual([SpanStatusCode.UNSET, undefined]);
    expect(status('shiguredo.sora.connect.signaling')).toEqual([SpanStatusCode.ERROR, 'server-close']);
    expect(status('shiguredo.sora.connect')).toEqual([SpanStatusCode.ERROR, 'server-close']);
    expect(out.span('shiguredo.sora.connect').attributes).toMatchObject({
      'shiguredo.sora.termination.kind': 'server-close',
      'shiguredo.sora.termination.phase': 'signaling',
    });
  });

  test('that the application gave up is no error', () => {
    const { r, out } = observed({ start: 'opening' });
    void r.session.disconnect();
    expect(out.span('shiguredo.sora.connect').status.code).toBe(SpanStatusCode.UNSET);
    expect(out.span('shiguredo.sora.connect').attributes['error.type']).toBeUndefined();
  });

  test('has what is active as its parent, or what the application names; no context manager is needed', () => {
    const out = new Collected();
    const parent = out.options.tracer.startSpan('call');
    const parents = trace.setSpan(context.active(), parent);
    rig({ before: ({ session }) => out.observe(session, { context: parents }) });
    elapse();
    expect(out.span('shiguredo.sora.connect').parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
    expect(out.span('shiguredo.sora.connect').spanContext().traceId).toBe(parent.spanContext().traceId);
  });
});

describe('attempts of one call', () => {
  const options = (platform: ConnectOptions['platform']): ConnectOptions => ({
    signalingUrl: 'wss://one.sora.test/signaling',
    channelId: 'sora',
    role: 'recvonly',
    platform,
  });

  test.each([
    ['before reconnect()', 'before'],
    ['behind sessions()', 'behind'],
  ])('are linked, each to the one before it: %s', async (_, where) => {
    const out = new Collected();
    const fake = createFakePlatform();
    const session$ = connect(options(fake.platform));
    const policy = { random: () => 0 };
    const all$: Observable<unknown> =
      where === 'before'
        ? session$.pipe(withTelemetry(out.options), reconnect(policy))
        : session$.pipe(reconnect(policy), sessions(), withTelemetry(out.options));
    const subscription = all$.subscribe();
    const close = async (): Promise<void> => {
      fake.sockets.at(-1)!.remote.close(1006);
      await pass(1);
    };
    await close();
    await close();
    new FakeSora(fake, { mode: 'W' }).reach('connected', elapse);
    fake.sockets.at(-1)!.remote.close(1006);
    await pass(1500);
    subscription.unsubscribe();
    const attempts = out.spans.filter(({ name }) => name === 'shiguredo.sora.connect');
    expect(attempts.map(({ attributes }) => attributes['shiguredo.sora.connection.attempt'])).toEqual([1, 2, 3, 1]);
    expect(attempts.map(({ links }) => links.map(({ context: linked }) => linked.spanId))).toEqual([
      [],
      ...attempts.slice(0, -1).map((attempt) => [attempt.spanContext().spanId]),
    ]);
    expect(await out.points('shiguredo.sora.client.reconnect.count')).toEqual([
      { attributes: { 'shiguredo.sora.reconnect.outcome': 'failed' }, value: 2 },
      { attributes: { 'shiguredo.sora.reconnect.outcome': 'connected' }, value: 1 },
    ]);
  });

  test('calls side by side are no attempts of one another', () => {
    const out = new Collected();
    const session$ = connect(options(createFakePlatform().platform)).pipe(withTelemetry(out.options));
    const subscriptions = [session$.subscribe(), session$.subscribe()];
    for (const subscription of subscriptions) subscription.unsubscribe();
    const attempts = out.spans.filter(({ name }) => name === 'shiguredo.sora.connect');
    expect(attempts.map(({ links }) => links)).toEqual([[], []]);
    expect(attempts.map(({ attributes }) => attributes['shiguredo.sora.connection.attempt'])).toEqual([1, 1]);
  });
});

describe('what follows', () => {
  test('a renegotiation is a span from the offer to the answer, a child of the attempt', () => {
    const { r, out } = observed({ mode: 'D', start: 'switched' });
    r.play('rx.reoffer');
    elapse();
    const span = out.span('shiguredo.sora.renegotiate');
    expect(parentOf(span, out.spans)).toBe('shiguredo.sora.connect');
    expect(span.kind).toBe(SpanKind.CLIENT);
  });

  test('a disconnect is a span that lasts until the server has closed', async () => {
    const { r, out } = observed();
    void r.session.disconnect();
    await pass(40);
    expect(out.spans.map(({ name }) => name)).not.toContain('shiguredo.sora.disconnect');
    r.play('ws.close 1000');
    const { attributes, status } = out.span('shiguredo.sora.disconnect');
    expect(attributes).toMatchObject({ 'shiguredo.sora.termination.kind': 'client-disconnect' });
    expect(status.code).toBe(SpanStatusCode.UNSET);
  });

  test('no span is left open at the end', () => {
    const { r, out } = observed({ mode: 'D', start: 'switched' });
    r.play('rx.reoffer-begin', 'pc failed');
    elapse();
    expect(out.span('shiguredo.sora.renegotiate').attributes['error.type']).toBe('peer-connection-failed');
  });
});

describe('an RPC', () => {
  const method = '2025.2.0/RequestSimulcastRid';
  const calling = (): ReturnType<typeof observed> => observed({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });

  test('is a span with the name of its method', async () => {
    const { r, out } = calling();
    const call = outcome(rpc(r.session, method, { rid: 'r0' }));
    r.receive({ jsonrpc: '2.0', id: 1, result: {} }, 'rpc');
    await call;
    const { kind, attributes, status } = out.span(method);
    expect(kind).toBe(SpanKind.CLIENT);
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes).toEqual({
      'rpc.system.name': 'jsonrpc',
      'rpc.method': method,
      'jsonrpc.protocol.version': '2.0',
      'jsonrpc.request.id': '1',
    });
    expect(parentOf(out.span(method), out.spans)).toBe('shiguredo.sora.connect');
  });

  test('that the server refuses has its code', async () => {
    const { r, out } = calling();
    const call = outcome(rpc(r.session, method, { rid: 'r0' }));
    r.receive({ jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'CANARY' } }, 'rpc');
    await call;
    expect(out.span(method).attributes).toMatchObject({ 'rpc.status_code': '-32601', 'error.type': '-32601' });
    expect(out.span(method).status.code).toBe(SpanStatusCode.ERROR);
    expect(await out.text()).not.toContain('CANARY');
  });

  test('that gets no answer in time, or none before the end, is an error', async () => {
    const { r, out } = calling();
    const calls = [outcome(rpc(r.session, method, { rid: 'r0' }, { timeoutMs: 100 })), outcome(rpc(r.session, method, { rid: 'r1' }))];
    await pass(200);
    r.play('pc failed');
    await Promise.all(calls);
    expect(out.spans.filter(({ name }) => name === method).map(({ attributes }) => attributes['error.type'])).toEqual(['timeout', 'ended']);
  });

  test('a notification is over when it was sent', async () => {
    const { r, out } = calling();
    await rpc(r.session, method, { rid: 'r0' }, { notification: true });
    expect(out.span(method).attributes['jsonrpc.request.id']).toBeUndefined();
  });
});

describe('traceparent', () => {
  test('reaches the server in metadata where the application asks for it, anew for each attempt', () => {
    const out = new Collected();
    const fake = createFakePlatform();
    const carrier: TraceCarrier = {};
    const sora = new FakeSora(fake, { mode: 'W' });
    const session$ = connect({
      signalingUrl: 'wss://one.sora.test/signaling',
      channelId: 'sora',
      role: 'recvonly',
      platform: fake.platform,
      metadata: () => ({ token: 'T', ...carrier }),
    }).pipe(withTelemetry({ ...out.options, carrier }));
    const sent: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      const subscription = session$.subscribe();
      sora.reach('signaling', elapse);
      sent.push(JSON.parse(String(fake.sent.at(-1)!.data)));
      subscription.unsubscribe();
    }
    const attempts = out.spans.filter(({ name }) => name === 'shiguredo.sora.connect').map((span) => span.spanContext());
    expect(attempts).toHaveLength(2);
    expect(sent).toMatchObject(
      attempts.map(({ traceId, spanId }) => ({ type: 'connect', metadata: { token: 'T', traceparent: `00-${traceId}-${spanId}-01` } })),
    );
  });

  test('is absent where nobody records', () => {
    const carrier: TraceCarrier = { traceparent: 'of an attempt before' };
    const session = createSession({
      signalingUrl: 'wss://one.sora.test/',
      channelId: 'sora',
      role: 'recvonly',
      platform: createFakePlatform().platform,
    });
    of(session)
      .pipe(withTelemetry({ tracer: trace.getTracer('nobody'), carrier }))
      .subscribe();
    void outcome(session.connect());
    expect(carrier).toEqual({});
    void session.disconnect();
  });
});

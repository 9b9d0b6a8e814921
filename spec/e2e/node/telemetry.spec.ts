import { type Session, type Termination, connect, reconnect, rpc, sessions, stats } from 'rx-sora';
import { startLab, type Lab } from 'rx-sora-lab';
import { type TraceCarrier, withTelemetry } from 'rx-sora/telemetry';
import { ReplaySubject, firstValueFrom, mergeMap, skip } from 'rxjs';
import { RTCPeerConnection } from 'werift';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectionOf } from '../support/lab-side.ts';
import { otlpProviders } from '../support/otlp-providers.ts';
import { OtlpReceiver, type OtlpSpan, plainAttributes } from '../support/otlp-receiver.ts';

let lab: Lab;
let receiver: OtlpReceiver;
let providers: ReturnType<typeof otlpProviders>;
/** What the server's authentication got, of each attempt. */
const metadata: unknown[] = [];
const terminations: Termination[] = [];

/** A call that loses its WebSocket once, comes back and is left; everything of it is flushed. */
beforeAll(async () => {
  const auth = (request: { readonly metadata?: unknown }): { readonly allowed: true } => {
    metadata.push(request.metadata);
    return { allowed: true };
  };
  [lab, receiver] = await Promise.all([startLab({ lingerMs: 200, auth }), OtlpReceiver.start()]);
  providers = otlpProviders(receiver.url);
  const carrier: TraceCarrier = {};
  const call$ = connect({
    signalingUrl: `${lab.url}?token=CANARY-url`,
    channelId: 'telemetry',
    clientId: 'me',
    role: 'recvonly',
    dataChannelSignaling: true,
    platform: { RTCPeerConnection, WebSocket },
    metadata: () => ({ ...carrier, token: 'CANARY-metadata' }),
    signalingNotifyMetadata: { nick: 'CANARY-notify' },
  }).pipe(withTelemetry({ ...providers.telemetry, carrier, statsMs: 50 }), reconnect({ random: () => 0 }), sessions());
  const sessionSubject = new ReplaySubject<Session>(Infinity);
  const subscription = call$.subscribe(sessionSubject);
  sessionSubject.pipe(mergeMap(({ termination$ }) => termination$)).subscribe((each) => terminations.push(each));
  const first = await firstValueFrom(sessionSubject);
  const switched = firstValueFrom(first.switched$);
  await Promise.all([firstValueFrom(first.connected$), switched]);
  await rpc(first, '2025.2.0/PutSignalingNotifyMetadata', { metadata: { nick: 'CANARY-rpc' } });
  (await connectionOf(lab, 'me')).cutWebSocket();
  const second = await firstValueFrom(sessionSubject.pipe(skip(1)));
  await firstValueFrom(second.connected$);
  // By then telemetry has looked at the statistics too, which it does from `connected` on.
  await firstValueFrom(stats(second, 50).pipe(skip(1)));
  subscription.unsubscribe();
  await providers.flush();
});

afterAll(async () => {
  await providers.shutdown();
  await Promise.all([lab.close(), receiver.close()]);
});

/** The attempt whose session ended like this. */
function attemptThat(kind: Termination['kind']): Promise<OtlpSpan> {
  const connectionId = terminations.find((each) => each.kind === kind)?.connectionId;
  return receiver.span(
    ({ name, attributes }) =>
      name === 'shiguredo.sora.connect' && plainAttributes(attributes)['shiguredo.sora.connection.id'] === connectionId,
  );
}

test('traces arrive over OTLP/HTTP: attempts are linked, phases and calls are their children', async () => {
  const first = await attemptThat('websocket-closed');
  const second = await attemptThat('client-disconnect');
  expect(second.links?.map(({ traceId, spanId }) => [traceId, spanId])).toEqual([[first.traceId, first.spanId]]);
  for (const name of ['shiguredo.sora.connect.websocket', 'shiguredo.sora.connect.negotiation', '2025.2.0/PutSignalingNotifyMetadata']) {
    const child = await receiver.span((span) => span.name === name && span.parentSpanId === first.spanId);
    expect(child.traceId).toBe(first.traceId);
  }
});

test('the traceparent of each attempt reached the authentication of the server', async () => {
  const spans = [await attemptThat('websocket-closed'), await attemptThat('client-disconnect')];
  expect(metadata).toMatchObject(
    spans.map(({ traceId, spanId }) => ({ token: 'CANARY-metadata', traceparent: `00-${traceId}-${spanId}-01` })),
  );
});

test('logs arrive over OTLP/HTTP: each end is one event, beside its trace, with the last statistics', async () => {
  expect(terminations.map(({ kind }) => kind)).toEqual(['websocket-closed', 'client-disconnect']);
  for (const { kind, connectionId } of terminations) {
    const record = await receiver.record(
      ({ eventName, attributes }) =>
        eventName === 'shiguredo.sora.connection.terminated' && plainAttributes(attributes)['shiguredo.sora.termination.kind'] === kind,
    );
    expect(plainAttributes(record.attributes)).toMatchObject({
      'shiguredo.sora.connection.id': connectionId,
      'webrtc.peer_connection.state': 'connected',
      'webrtc.sample.age': expect.any(Number) as number,
      'server.address': '127.0.0.1',
    });
    const { spanId } = await attemptThat(kind);
    expect(record.spanId).toBe(spanId);
  }
});

test('metrics arrive over OTLP/HTTP', async () => {
  for (const name of ['connection.duration', 'connect.duration', 'connection.active', 'termination.count', 'reconnect.count']) {
    expect(await receiver.metric(`shiguredo.sora.client.${name}`)).toBeDefined();
  }
});

test('no secret is on the wire', () => {
  expect(receiver.text).toContain('shiguredo.sora.connection.terminated');
  expect(receiver.text).not.toContain('CANARY');
});

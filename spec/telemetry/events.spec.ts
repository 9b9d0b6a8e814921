import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { connect, isNormal } from '../../src/index.ts';
import { withTelemetry } from '../../src/telemetry/index.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario } from '../../src/testing/scenario.ts';
import { Collected } from '../support/open-telemetry.ts';
import { type RigSetup, type SessionRig, elapse, pass, rig, useVirtualTime } from '../support/session-rig.ts';

const rows = JSON.parse(readFileSync(new URL('../fixtures/termination-scenarios.json', import.meta.url), 'utf8')) as ScenarioRow[];
const TERMINATED = 'shiguredo.sora.connection.terminated';

describe('the end', () => {
  test('of every row of the scenario data is one event, with kind, phase, origin and hint of the Termination', () => {
    for (const row of rows) {
      const out = new Collected();
      const { termination } = scenario(row, { onSession: (session) => out.observe(session) });
      const events = out.events(TERMINATED);
      expect(events, row.id).toHaveLength(termination === null ? 0 : 1);
      if (termination === null) continue;
      const { attributes } = events[0]!;
      expect(attributes, row.id).toMatchObject({
        'shiguredo.sora.termination.kind': termination.kind,
        'shiguredo.sora.termination.phase': termination.phase,
        'shiguredo.sora.termination.origin': termination.initiator,
        'shiguredo.sora.termination.retry': termination.retry,
      });
      expect(attributes['error.type'], row.id).toBe(isNormal(termination) ? undefined : termination.kind);
      expect(out.spans.every(({ ended }) => ended)).toBe(true);
    }
  });

  test('that unsubscribing causes is seen, although nobody is left to be told', () => {
    const out = new Collected();
    const options = {
      signalingUrl: 'wss://one.sora.test/',
      channelId: 'sora',
      role: 'recvonly',
      platform: createFakePlatform().platform,
    } as const;
    connect(options).pipe(withTelemetry(out.options)).subscribe().unsubscribe();
    expect(out.event(TERMINATED).attributes).toMatchObject({
      'shiguredo.sora.termination.kind': 'client-disconnect',
      'shiguredo.sora.termination.trigger': 'unsubscribe',
      'shiguredo.sora.termination.outcome': 'immediate',
    });
  });

  test('is grave where nothing makes it good: INFO on purpose, WARN where trying again helps, ERROR otherwise', () => {
    const severityOf = (timeline: string, more: Partial<ScenarioRow> = {}): unknown => {
      const out = new Collected();
      scenario({ mode: 'W', start: 'connected', timeline: [timeline], ...more }, { onSession: (session) => out.observe(session) });
      const { severityNumber, severityText } = out.event(TERMINATED);
      return [severityNumber, severityText];
    };
    expect(severityOf('5 disconnect')).toEqual([9, 'INFO']);
    expect(severityOf('5 ws.close 1000')).toEqual([9, 'INFO']);
    expect(severityOf('5 pc failed')).toEqual([13, 'WARN']);
    expect(severityOf('5 ws.close 4490')).toEqual([17, 'ERROR']);
    expect(severityOf('5 ws.close 4490', { start: 'signaling' })).toEqual([17, 'ERROR']);
  });
});

describe('in virtual time', () => {
  useVirtualTime();

  function observed(
    setup: RigSetup = {},
    more: Parameters<Collected['observe']>[1] = {},
  ): { readonly r: SessionRig; readonly out: Collected } {
    const out = new Collected();
    const r = rig({ ...setup, before: ({ session }) => out.observe(session, more) });
    elapse(0); // what happened on the way is emitted now
    return { r, out };
  }

  test('the end says how long everything took, where it was, what was sent and what came after the cause', async () => {
    const { r, out } = observed();
    await pass(2000);
    void r.session.disconnect();
    await pass(30);
    r.play('ws.close 1000');
    expect(out.event(TERMINATED).attributes).toEqual({
      'shiguredo.sora.role': 'sendrecv',
      'shiguredo.sora.connection.attempt': 1,
      'shiguredo.sora.connection.id': 'FAKECONNECTION000000000000',
      'shiguredo.sora.session.id': 'FAKESESSION000000000000000',
      'shiguredo.sora.bundle.id': 'FAKECONNECTION000000000000',
      'shiguredo.sora.signaling.transport': 'websocket',
      'server.address': 'one.sora.test',
      'server.port': 443,
      'url.scheme': 'wss',
      'network.protocol.name': 'websocket',
      'webrtc.peer_connection.state': 'connected',
      'webrtc.ice.state': 'connected',
      'webrtc.sctp.state': 'connected',
      'webrtc.sample.age': 1.999, // fake timers take what is due at once as one millisecond
      'shiguredo.sora.termination.kind': 'client-disconnect',
      'shiguredo.sora.termination.phase': 'connected',
      'shiguredo.sora.termination.origin': 'client',
      'shiguredo.sora.termination.retry': 'never',
      'shiguredo.sora.termination.trigger': 'api',
      'shiguredo.sora.termination.outcome': 'acknowledged',
      'shiguredo.sora.termination.trailing_events': ['websocket close'],
      'shiguredo.sora.disconnect.reason': 'NO-ERROR',
      'shiguredo.sora.disconnect.transport': 'websocket',
      'shiguredo.sora.disconnect.sent': true,
      'shiguredo.sora.close.code': 1000,
      'shiguredo.sora.close.reason': '',
      'shiguredo.sora.close.transport': 'websocket',
      'shiguredo.sora.connect.duration': 0,
      'shiguredo.sora.connection.duration': 2,
      'shiguredo.sora.closing.duration': 0.03,
    });
    expect(out.event(TERMINATED).body).toBe(
      'Ended while connected after 2030 ms: the application disconnected, and the server acknowledged it (it closed with 1000).',
    );
  });

  test('events belong to the span of the attempt, and to its trace', () => {
    const { r, out } = observed();
    r.play('pc failed');
    const { spanId, traceId } = out.span('shiguredo.sora.connect').spanContext();
    expect(out.records.map(({ spanContext }) => [spanContext?.traceId, spanContext?.spanId])).toEqual(
      out.records.map(() => [traceId, spanId]),
    );
  });

  test('established, switched, redirected', () => {
    const { r, out } = observed({ mode: 'M', start: 'signaling' });
    r.play('rx.redirect wss://user:CANARY@two.sora.test:8443/signaling?token=CANARY');
    r.sora.reach('switched', elapse);
    elapse();
    expect(out.records.map(({ eventName }) => eventName)).toEqual([
      'shiguredo.sora.connection.redirected',
      'shiguredo.sora.connection.established',
      'shiguredo.sora.connection.switched',
    ]);
    expect(out.event('shiguredo.sora.connection.redirected').attributes).toMatchObject({
      'server.address': 'two.sora.test',
      'server.port': 8443,
    });
    expect(out.event('shiguredo.sora.connection.switched').attributes).toMatchObject({
      'shiguredo.sora.switched.ignore_disconnect_websocket': false,
    });
  });

  test('a URL that failed on the way to another', () => {
    const { r, out } = observed({ start: 'opening', options: { signalingUrl: ['wss://a.test/?token=CANARY', 'wss://b.test/'] } });
    r.fake.sockets[0]!.remote.close(1006);
    elapse(1000);
    expect(out.event('shiguredo.sora.connection.attempt_failed').attributes).toMatchObject({
      'server.address': 'a.test',
      'error.type': 'close',
    });
  });

  test('the network as the server finds it, when it changes', () => {
    const { r, out } = observed();
    for (const level of [0, 0, 2, 1]) r.receive({ type: 'notify', event_type: 'network.status', unstable_level: level });
    const changes = out.events('shiguredo.sora.network_status.changed');
    expect(
      changes.map(({ attributes, severityText }) => [attributes['shiguredo.sora.network_status.unstable_level'], severityText]),
    ).toEqual([
      [0, 'INFO'],
      [2, 'WARN'],
      [1, 'INFO'],
    ]);
  });

  test('an internal error has its exception', () => {
    const { r, out } = observed({ start: 'signaling' });
    r.fake.scripts.peerConnection.next('setRemoteDescription', { rejects: new TypeError('bad SDP') });
    r.play('rx.offer');
    expect(out.event(TERMINATED).attributes).toMatchObject({
      'exception.type': 'TypeError',
      'exception.message': 'bad SDP',
      'shiguredo.sora.termination.step': 'set-remote-description',
    });
  });

  test('a page that goes away has its end recorded before it is flushed', () => {
    const flushed: (string | undefined)[][] = [];
    const page = new EventTarget();
    const out = new Collected();
    rig({
      options: {},
      wrap: (platform) => ({ ...platform, page }),
      before: ({ session }) => out.observe(session, { flush: () => flushed.push(out.records.map(({ eventName }) => eventName)) }),
    });
    page.dispatchEvent(new Event('pagehide'));
    expect(flushed).toEqual([['shiguredo.sora.connection.established', TERMINATED]]);
    expect(out.event(TERMINATED).attributes['shiguredo.sora.termination.trigger']).toBe('pagehide');
  });

  test('other ends flush nothing: the providers do so in their time', () => {
    let flushes = 0;
    const { r } = observed({}, { flush: () => (flushes += 1) });
    r.play('pc failed');
    expect(flushes).toBe(0);
  });
});

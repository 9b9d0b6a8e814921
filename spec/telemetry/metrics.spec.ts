import { createNoopMeter, trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { SoraOptionsError, connect } from '../../src/index.ts';
import { withTelemetry } from '../../src/telemetry/index.ts';
import { rtpGrowth, entriesById } from '../../src/telemetry/rtp-growth.ts';
import { createFakePlatform } from '../../src/testing/fake-platform.ts';
import { Collected } from '../support/open-telemetry.ts';
import { type RigSetup, type SessionRig, elapse, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { reportedErrors } from '../support/reported-errors.ts';

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

const role = { 'shiguredo.sora.role': 'sendrecv' };

describe('of sessions', () => {
  test('a connection that stands is counted until it ends', async () => {
    const { r, out } = observed();
    expect(await out.points('shiguredo.sora.client.connection.active')).toEqual([{ attributes: role, value: 1 }]);
    r.play('pc failed');
    expect(await out.points('shiguredo.sora.client.connection.active')).toEqual([{ attributes: role, value: 0 }]);
  });

  test('how long connecting took and how long the connection stood, in seconds', async () => {
    const { r, out } = observed({ start: 'opening' });
    await pass(250);
    r.sora.reach('connected', elapse);
    await pass(5000);
    r.play('pc failed');
    expect(await out.points('shiguredo.sora.client.connect.duration')).toEqual([{ attributes: role, value: { count: 1, sum: 0.25 } }]);
    expect(await out.points('shiguredo.sora.client.connection.duration')).toEqual([
      {
        attributes: { ...role, 'shiguredo.sora.termination.kind': 'peer-connection-failed', 'error.type': 'peer-connection-failed' },
        value: { count: 1, sum: 5 },
      },
    ]);
  });

  test('an attempt that failed is a duration with its phase and error', async () => {
    const { r, out } = observed({ start: 'signaling' });
    await pass(100);
    r.play('ws.close 4490');
    expect(await out.points('shiguredo.sora.client.connect.duration')).toEqual([
      {
        attributes: { ...role, 'error.type': 'server-close', 'shiguredo.sora.termination.phase': 'signaling' },
        value: { count: 1, sum: 0.1 },
      },
    ]);
    expect(await out.points('shiguredo.sora.client.connection.active')).toEqual([]);
  });

  test('ends by kind, origin and hint', async () => {
    const { r, out } = observed();
    void r.session.disconnect();
    r.play('ws.close 1000');
    expect(await out.points('shiguredo.sora.client.termination.count')).toEqual([
      {
        attributes: {
          'shiguredo.sora.termination.kind': 'client-disconnect',
          'shiguredo.sora.termination.origin': 'client',
          'shiguredo.sora.termination.retry': 'never',
        },
        value: 1,
      },
    ]);
  });

  test('messages of signaling by type, where a server cannot make new series', async () => {
    const { r, out } = observed();
    for (const type of ['ping', 'ping', 'made-up-1', 'made-up-2']) r.receive({ type });
    const points = await out.points('shiguredo.sora.client.signaling.message.count');
    const count = (type: string, direction: string): unknown =>
      points.find(
        ({ attributes }) =>
          attributes['shiguredo.sora.signaling.message.type'] === type &&
          attributes['shiguredo.sora.signaling.message.direction'] === direction,
      )?.value;
    expect([count('ping', 'received'), count('pong', 'sent'), count('_OTHER', 'received'), count('connect', 'sent')]).toEqual([2, 2, 2, 1]);
    expect(points.every(({ attributes }) => attributes['shiguredo.sora.signaling.transport'] === 'websocket')).toBe(true);
  });
});

describe('of media', () => {
  const reports = (second: number, more: Record<string, unknown> = {}): Record<string, unknown>[] => {
    const timestamp = second * 1000;
    return [
      {
        id: 'I',
        type: 'inbound-rtp',
        kind: 'video',
        ssrc: 1,
        timestamp,
        bytesReceived: 1000 * second,
        packetsReceived: 10 * second,
        packetsLost: second,
        jitter: 0.01,
        freezeCount: 0,
        totalFreezesDuration: 0,
        ...more,
      },
      {
        id: 'A',
        type: 'inbound-rtp',
        kind: 'audio',
        ssrc: 2,
        timestamp,
        bytesReceived: 100 * second,
        packetsReceived: second,
        packetsLost: 0,
        jitter: 0.02,
        totalSamplesReceived: 100 * second,
        concealedSamples: 10 * second,
        silentConcealedSamples: 0,
      },
      {
        id: 'O',
        type: 'outbound-rtp',
        kind: 'video',
        ssrc: 3,
        rid: 'r0',
        timestamp,
        bytesSent: 500 * second,
        packetsSent: 5 * second,
        qualityLimitationReason: 'none',
        qualityLimitationDurations: { none: second, cpu: 0, bandwidth: 0, other: 0 },
        ...more,
      },
      {
        id: 'R',
        type: 'remote-inbound-rtp',
        kind: 'video',
        ssrc: 3,
        localId: 'O',
        timestamp,
        packetsLost: 2 * second,
        fractionLost: 0.1,
        roundTripTime: 0.03,
      },
      {
        id: 'T',
        type: 'transport',
        timestamp,
        dtlsState: 'connected',
        selectedCandidatePairId: 'P',
        bytesSent: 0,
        bytesReceived: 1000 * second,
      },
      {
        id: 'P',
        type: 'candidate-pair',
        timestamp,
        state: 'succeeded',
        nominated: true,
        currentRoundTripTime: 0.05,
        availableOutgoingBitrate: 1e6,
        localCandidateId: 'L',
        remoteCandidateId: 'M',
        responsesReceived: second,
        totalRoundTripTime: 0.05 * second,
      },
      {
        id: 'L',
        type: 'local-candidate',
        timestamp,
        candidateType: 'relay',
        protocol: 'udp',
        relayProtocol: 'tls',
        address: 'CANARY-address',
        url: 'turn:CANARY',
      },
      { id: 'M', type: 'remote-candidate', timestamp, candidateType: 'host', protocol: 'udp', address: 'CANARY-address' },
    ];
  };

  async function sampled(...seconds: readonly Record<string, unknown>[][]): Promise<ReturnType<typeof observed>> {
    const made = observed({ mode: 'D', start: 'switched' }, { statsMs: 1000 });
    made.r.sora.peerConnection.stats = seconds[0]!;
    await pass(1); // the first look
    for (const each of seconds) {
      made.r.sora.peerConnection.stats = each;
      await pass(1000);
    }
    return made;
  }

  test('bytes, packets and losses by direction and kind; a counter that began anew adds what it counts', async () => {
    const { out } = await sampled(reports(1), reports(2), [...reports(3).slice(1), { ...reports(1)[0], timestamp: 3000 }]);
    expect(await out.points('webrtc.client.rtp.io')).toEqual(
      expect.arrayContaining([
        { attributes: { 'webrtc.rtp.direction': 'inbound', 'webrtc.media.kind': 'video' }, value: 3000 },
        { attributes: { 'webrtc.rtp.direction': 'inbound', 'webrtc.media.kind': 'audio' }, value: 300 },
        { attributes: { 'webrtc.rtp.direction': 'outbound', 'webrtc.media.kind': 'video' }, value: 1500 },
      ]),
    );
    const lost = await out.points('webrtc.client.rtp.packet.lost');
    expect(lost).toEqual([
      { attributes: { 'webrtc.rtp.direction': 'inbound', 'webrtc.media.kind': 'video' }, value: 2 },
      { attributes: { 'webrtc.rtp.direction': 'outbound', 'webrtc.media.kind': 'video' }, value: 6 },
    ]);
    expect((await out.points('webrtc.client.rtt'))[0]!.value).toMatchObject({ count: 4 });
    expect(await out.points('webrtc.client.audio.concealment.ratio')).toMatchObject([{ value: { count: 2, sum: 0.2 } }]);
    expect(await out.text()).not.toContain('CANARY');
  });

  test('freezes and limits are metrics, and events when they come', async () => {
    const limits = { qualityLimitationReason: 'cpu', qualityLimitationDurations: { none: 1, cpu: 1.5, bandwidth: 0, other: 0 } };
    const { out } = await sampled(
      reports(1),
      reports(2, { freezeCount: 2, totalFreezesDuration: 0.7, ...limits }),
      reports(3, { freezeCount: 2, totalFreezesDuration: 0.7 }),
    );
    expect(await out.points('webrtc.client.video.freeze.count')).toEqual([{ attributes: {}, value: 2 }]);
    expect(await out.points('webrtc.client.video.freeze.duration')).toEqual([{ attributes: {}, value: 0.7 }]);
    expect(await out.points('webrtc.client.video.quality_limitation.duration')).toEqual([
      { attributes: { 'webrtc.quality_limitation.reason': 'cpu' }, value: 1.5 },
    ]);
    expect(out.event('webrtc.track.frozen').attributes).toMatchObject({ 'webrtc.media.kind': 'video', 'webrtc.freeze.count': 2 });
    const changes = out
      .events('webrtc.quality.changed')
      .map(({ attributes }) => [
        attributes['webrtc.quality_limitation.previous_reason'],
        attributes['webrtc.quality_limitation.reason'],
        attributes['webrtc.rid'],
      ]);
    expect(changes).toEqual([
      ['none', 'cpu', 'r0'],
      ['cpu', 'none', 'r0'],
    ]);
  });

  test('silence is an event, and so is its end', async () => {
    const still = (second: number): Record<string, unknown>[] => reports(2).map((entry) => ({ ...entry, timestamp: second * 1000 }));
    const { out } = await sampled(reports(1), reports(2), still(3), still(4), still(5), reports(6));
    expect(out.records.map(({ eventName }) => eventName).slice(-2)).toEqual([
      'shiguredo.sora.connection.stalled',
      'shiguredo.sora.connection.recovered',
    ]);
  });

  test('what waits in the channels', async () => {
    const { r, out } = observed({ mode: 'D', start: 'switched', sora: { labels: ['#a', '#b'] } }, { statsMs: 1000 });
    for (const label of ['#a', '#b']) Object.defineProperty(r.sora.channel(label), 'bufferedAmount', { value: 100 });
    await pass(1000);
    expect(await out.points('webrtc.client.data_channel.buffered')).toEqual([
      { attributes: { 'webrtc.data_channel.class': 'signaling' }, value: 0 },
      { attributes: { 'webrtc.data_channel.class': 'messaging' }, value: 200 },
    ]);
  });

  test('the last sample goes with the end', async () => {
    const { r, out } = await sampled(reports(1), reports(2));
    await pass(400);
    r.play('pc failed');
    expect(out.event('shiguredo.sora.connection.terminated').attributes).toMatchObject({
      'webrtc.sample.rtt': 0.05,
      'webrtc.sample.available_bitrate': 1e6,
      'webrtc.sample.inbound.bitrate': 8800,
      'webrtc.sample.inbound.jitter': 0.02,
      'webrtc.sample.outbound.bitrate': 4000,
      'webrtc.sample.outbound.loss_ratio': 0.1,
      'webrtc.ice.candidate.local.type': 'relay',
      'webrtc.ice.candidate.remote.type': 'host',
      'webrtc.ice.relay.protocol': 'tls',
      'network.transport': 'udp',
      'webrtc.dtls.state': 'connected',
      'webrtc.sctp.state': 'connected',
    });
  });

  test('0 switches the statistics off', async () => {
    const { r, out } = observed({}, { statsMs: 0 });
    let looks = 0;
    r.sora.peerConnection.getStats = () => ((looks += 1), Promise.resolve(new Map())) as never;
    await pass(60_000);
    expect(looks).toBe(0);
    expect(await out.points('webrtc.client.rtt')).toEqual([]);
  });
});

describe('growth of counters', () => {
  const inbound = (more: object): object => ({ id: 'I', type: 'inbound-rtp', kind: 'audio', ssrc: 1, ...more });
  const grown = (now: object, before: object[]): number | undefined => rtpGrowth([now], entriesById(before))[0]?.bytes;

  test('is the difference, or all of it where the stream is another', () => {
    expect(grown(inbound({ bytesReceived: 50 }), [inbound({ bytesReceived: 20 })])).toBe(30);
    expect(grown(inbound({ bytesReceived: 50 }), [])).toBe(50);
    expect(grown(inbound({ bytesReceived: 50, ssrc: 2 }), [inbound({ bytesReceived: 20 })])).toBe(50);
    expect(grown(inbound({ bytesReceived: 5 }), [inbound({ bytesReceived: 20 })])).toBe(5);
  });

  test('is nothing where a runtime says nothing, or nonsense', () => {
    expect(grown(inbound({}), [])).toBe(0);
    expect(grown(inbound({ bytesReceived: Number.NaN }), [])).toBe(0);
    expect(rtpGrowth([null, 1, {}, { id: 'x', type: 'codec' }], new Map())).toEqual([]);
    expect(rtpGrowth([inbound({ packetsLost: 1 })], entriesById([inbound({ packetsLost: 4 })]))[0]?.packetsLost).toBe(0);
  });
});

describe('options', () => {
  const options = { signalingUrl: 'wss://one.sora.test/', channelId: 'sora', role: 'recvonly' } as const;

  test('each part may be left out', async () => {
    const out = new Collected();
    const { tracer, meter, logger } = out.options;
    for (const part of [{}, { tracer }, { meter }, { logger }]) {
      const fake = createFakePlatform();
      connect({ ...options, platform: fake.platform })
        .pipe(withTelemetry(part))
        .subscribe()
        .unsubscribe();
    }
    expect(out.spans.filter(({ name }) => name === 'shiguredo.sora.connect')).toHaveLength(1);
    expect(out.records).toHaveLength(1);
    expect(await out.points('shiguredo.sora.client.termination.count')).toMatchObject([{ value: 1 }]);
  });

  test('an interval that is none is a mistake, named', () => {
    for (const statsMs of [-1, Number.NaN, 2 ** 31]) {
      expect(() => withTelemetry({ statsMs })).toThrow(SoraOptionsError);
    }
  });

  test('what OpenTelemetry throws disturbs no session: RxJS reports it', () => {
    const reported = reportedErrors();
    const broken = (): never => {
      throw new Error('no exporter');
    };
    const r = rig({
      before: ({ session }) =>
        new Collected().observe(session, { tracer: { startSpan: broken } as never, logger: { emit: broken } as never }),
    });
    r.play('pc failed');
    elapse();
    expect(r.termination.kind).toBe('peer-connection-failed');
    expect(reported).toContainEqual(new Error('no exporter'));
  });

  test('instruments that do nothing change nothing', () => {
    const tracer = trace.getTracer('nobody');
    const r = rig({ before: ({ session }) => new Collected().observe(session, { tracer, meter: createNoopMeter() }) });
    r.play('pc failed');
    expect(r.termination.kind).toBe('peer-connection-failed');
  });
});

import { Subject } from 'rxjs';
import { expect } from 'vitest';
import { replaceTrack } from '../../src/tracks/replace-track.ts';
import { SoraTerminatedError, notifyOf, receivedLayers, requestLayers } from '../../src/index.ts';
import type { LayerOutcome, LayerRequest } from '../../src/layers/request-layers.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { type SessionRig, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { encodingsOf, layers, simulcastBrowser, simulcastOffer } from '../support/simulcast-browser.ts';
import { parity } from './parity.ts';

useVirtualTime();

const sending = (): SessionRig =>
  rig({
    wrap: simulcastBrowser,
    sora: { offer: simulcastOffer },
    options: { simulcast: true, stream: new FakeMediaStream([new FakeMediaStreamTrack('video')]) },
  });
const inBrowserOrder = [...layers].reverse();
const connectWith = (options: Partial<ConnectOptions>): Record<string, unknown> => rig({ start: 'signaling', options }).sent('connect')[0]!;

parity(
  '1.4 simulcast',
  'flag, and the server’s encodings set before and after the description',
  { official: '`simulcast`; the array is replaced', here: '`simulcast`; merged by rid, on every offer' },
  () => {
    const r = sending();
    expect(r.sent('connect')[0]).toMatchObject({ simulcast: true });
    expect(encodingsOf(r.sora.peerConnection)).toEqual(inBrowserOrder);
    r.play('rx.reoffer');
    expect(encodingsOf(r.sora.peerConnection)).toEqual(inBrowserOrder);
  },
);

parity(
  '1.4 simulcast',
  'browser check',
  { official: 'throws in `connect()`', here: 'a `SoraOptionsError` that names `simulcast`, before anything is opened' },
  async () => {
    const connecting = async (names: readonly string[], role: ConnectOptions['role'] = 'sendrecv'): Promise<unknown> => {
      const RTCRtpSender = {
        getCapabilities: () => ({ headerExtensions: names.map((name) => ({ uri: `urn:ietf:params:rtp-hdrext:sdes:${name}` })) }),
      };
      const { fake, session } = rig({ start: 'idle', options: { simulcast: true, role }, wrap: (given) => ({ ...given, RTCRtpSender }) });
      const refused = outcome(session.connect());
      const opened = fake.sockets.length;
      void session.disconnect();
      await pass(0);
      return [opened, (await refused) as Error];
    };
    expect(await connecting(['mid', 'rtp-stream-id'])).toEqual([0, expect.objectContaining({ path: 'simulcast' })]);
    expect(await connecting(['mid'], 'recvonly')).toEqual([1, expect.any(SoraTerminatedError)]);
    expect(await connecting(['mid', 'rtp-stream-id', 'repaired-rtp-stream-id'])).toEqual([1, expect.any(SoraTerminatedError)]);
  },
);

parity(
  '1.4 simulcast',
  'layer to receive, old name',
  { official: '`simulcastRid`, other words dropped', here: '`simulcastRid`, other words refused' },
  () => {
    expect(connectWith({ simulcastRid: 'r1' })).toMatchObject({ simulcast_rid: 'r1' });
    expect(() => connectWith({ simulcastRid: 'r9' as never })).toThrow('simulcastRid');
  },
);

parity('1.4 simulcast', 'layer to receive at first', { official: '`simulcastRequestRid`', here: '`simulcastRequestRid`' }, () => {
  expect(connectWith({ simulcastRequestRid: 'none' })).toMatchObject({ simulcast_request_rid: 'none' });
});

parity(
  '1.4 simulcast',
  'keep encodings when the track is replaced',
  { official: 'may be lost', here: '`replaceTrack` sets them again' },
  async () => {
    const r = sending();
    const { sender } = r.sora.peerConnection.getTransceivers()[1]!;
    await sender.setParameters({ encodings: ['r2', 'r1', 'r0'].map((rid) => ({ rid, active: true })) });
    await replaceTrack(r.session, 'video', new FakeMediaStreamTrack('video') as never);
    expect(encodingsOf(r.sora.peerConnection)).toEqual(inBrowserOrder);
  },
);

parity(
  '1.4 simulcast',
  'guard on number and order of encodings',
  {
    official: 'none: `InvalidModificationError`',
    here: 'number and order stay the browser’s; a refused member is left out on a second attempt',
  },
  () => {
    const r = rig({
      wrap: simulcastBrowser,
      sora: { offer: { simulcast: true, encodings: [{ rid: 'r1', maxBitrate: 1 }, { rid: 'r9' }] } },
      options: { stream: new FakeMediaStream([new FakeMediaStreamTrack('video')]) },
    });
    expect(encodingsOf(r.sora.peerConnection)).toEqual([
      { rid: 'r2', active: true },
      { rid: 'r1', active: true, maxBitrate: 1 },
      { rid: 'r0', active: true },
    ]);
  },
);

parity(
  '1.4 simulcast',
  'simulcast.switched',
  { official: 'on the wire, its type is not exported', here: 'typed: `notifyOf("simulcast.switched")`, folded: `receivedLayers()`' },
  () => {
    const r = rig();
    const [events, folded] = [
      r.collect(r.session.notify$.pipe(notifyOf('simulcast.switched'))),
      r.collect(r.session.notify$.pipe(receivedLayers())),
    ];
    r.receive({ type: 'notify', event_type: 'simulcast.switched', sender_connection_id: 'ALICE', current_rid: 'r2', previous_rid: 'r0' });
    expect(events[0]!.current_rid).toBe('r2');
    expect(folded.at(-1)).toMatchObject([{ senderConnectionId: 'ALICE', currentRid: 'r2', previousRid: 'r0' }]);
  },
);

parity(
  '1.4 simulcast',
  'change the layer in call',
  { official: 'by `rpc`, untyped', here: 'typed `rpc("2025.2.0/RequestSimulcastRid")`, and the operator `requestLayers(session)`' },
  async () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { labels: ['rpc'] } });
    const [wishes$, outcomes] = [new Subject<LayerRequest>(), [] as LayerOutcome[]];
    wishes$.pipe(requestLayers(r.session)).subscribe((outcome) => outcomes.push(outcome));
    wishes$.next({ rid: 'r0', senderConnectionId: 'ALICE' });
    expect(r.sent().at(-1)).toMatchObject({ method: '2025.2.0/RequestSimulcastRid', params: { rid: 'r0', sender_connection_id: 'ALICE' } });
    r.receive({ jsonrpc: '2.0', id: 1, result: { rid: 'r0' } }, 'rpc');
    await pass(0);
    expect(outcomes).toMatchObject([{ kind: 'accepted', result: { rid: 'r0' } }]);
  },
);

parity('1.4 simulcast', 'statistics per layer', { official: 'none', here: '`stats()`: one row per rid, reset-safe' }, async () => {
  const r = sending();
  const row = (rid: string, timestamp: number, bytesSent: number) => ({
    id: rid,
    type: 'outbound-rtp',
    kind: 'video',
    rid,
    timestamp,
    bytesSent,
  });
  r.sora.peerConnection.stats = [row('r0', 0, 0), row('r1', 0, 0)];
  const samples = r.collect(r.session.stats(500));
  await pass(0);
  r.sora.peerConnection.stats = [row('r0', 500, 1000), row('r1', 500, 2000)];
  await pass(500);
  expect(samples.map(({ outbound }) => outbound.map(({ rid, bitsPerSecond }) => [rid, bitsPerSecond]))).toEqual([
    [
      ['r0', null],
      ['r1', null],
    ],
    [
      ['r0', 16_000],
      ['r1', 32_000],
    ],
  ]);
});

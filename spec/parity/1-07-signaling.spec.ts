import { firstValueFrom } from 'rxjs';
import { expect } from 'vitest';
import { type SignalingUrlPolicy, parallel, probeSignalingUrl, sequential, staggered, sticky } from '../../src/index.ts';
import { fakeDeflate } from '../../src/testing/fake-compression.ts';
import { elapse, rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

parity('1.7 signaling transport', 'signaling over WebSocket', { official: 'yes', here: 'yes' }, () => {
  const r = rig();
  r.play('rx.reoffer', 'rx.ping');
  expect(r.traffic).toEqual(['websocket connect', 'websocket answer', 'websocket re-answer', 'websocket pong']);
});

parity(
  '1.7 signaling transport',
  'signaling over DataChannels, switched',
  { official: '`dataChannelSignaling`, `switched` event', here: '`dataChannelSignaling`, `switched$`' },
  () => {
    const r = rig({ mode: 'M' });
    const switched = r.collect(r.session.switched$);
    r.play('rx.switched F', 'rx.reoffer');
    expect(switched).toEqual([{ type: 'switched', ignore_disconnect_websocket: false }]);
    expect(r.traffic.at(-1)).toBe('signaling re-answer');
  },
);

parity(
  '1.7 signaling transport',
  'the session outlives its WebSocket',
  {
    official: '`ignoreDisconnectWebSocket`; closed at `switched` at once',
    here: '`ignoreDisconnectWebSocket`; closed once nothing is open on it',
  },
  () => {
    const r = rig({ mode: 'D' });
    const held = r.fake.scripts.peerConnection.hold('createAnswer');
    r.play('rx.reoffer', 'rx.switched T');
    expect(r.sora.socket.closeCalls).toEqual([]);
    held.release();
    expect([r.traffic.at(-1), r.sora.socket.closeCalls.length]).toEqual(['websocket re-answer', 1]);
    r.play('ws.close 1006');
    elapse(1000);
    expect(r.terminations).toEqual([]);
  },
);

parity(
  '1.7 signaling transport',
  'compressed channels',
  { official: 'zlib by `CompressionStream`', here: 'zlib by `CompressionStream`, inflated size bounded' },
  () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true } });
    const notify = r.collect(r.session.notify$);
    r.play('rx.notify', 'rx.reoffer');
    expect(notify).toHaveLength(1);
    expect(r.fake.sent.at(-1)!.data).toBeInstanceOf(Uint8Array);
    expect(r.sent('re-answer')).toHaveLength(1);
  },
);

parity(
  '1.7 signaling transport',
  'order kept while (de)compressing',
  { official: 'no queue: large messages are overtaken', here: 'one queue per label and direction' },
  async () => {
    const r = rig({ mode: 'D', start: 'switched', sora: { compress: true, labels: ['#chat'] } });
    const received = r.collect(r.session.messages('#chat'));
    const [deflating, inflating] = [r.fake.scripts.compression.hold('transform'), r.fake.scripts.decompression.hold('transform')];
    const sends = ['first', 'second'].map((text) => r.session.send('#chat', text));
    for (const text of ['first', 'second']) r.sora.channel('#chat')!.remote.message(fakeDeflate(text));
    deflating.release();
    inflating.release();
    await Promise.all(sends);
    expect(r.fake.sent.slice(-2).map(({ data }) => data)).toEqual([fakeDeflate('first'), fakeDeflate('second')]);
    expect(received.map(({ data }) => new TextDecoder().decode(data))).toEqual(['first', 'second']);
  },
);

parity(
  '1.7 signaling transport',
  're-offer over either transport, legacy update',
  { official: 'answers over the channel as soon as there is one', here: 'answers over the transport that the offer came by' },
  () => {
    const r = rig({ mode: 'M', start: 'switched' });
    const { sdp } = r.sora.offer();
    r.receive({ type: 're-offer', sdp }, 'signaling').receive({ type: 're-offer', sdp }).receive({ type: 'update', sdp });
    expect(r.traffic.slice(-3)).toEqual(['signaling re-answer', 'websocket re-answer', 'websocket update']);
  },
);

parity(
  '1.7 signaling transport',
  'overlapping re-offers',
  { official: 'not serialised: `InvalidStateError`', here: 'served one after the other' },
  () => {
    const r = rig();
    const held = r.fake.scripts.peerConnection.hold('setRemoteDescription');
    r.play('rx.reoffer', 'rx.reoffer');
    held.release();
    expect([r.sent('re-answer').length, r.terminations]).toEqual([2, []]);
  },
);

parity(
  '1.7 signaling transport',
  'ICE or DTLS failure during connect',
  { official: 'noticed at the timeout', here: 'ends the session at once: `peer-connection-failed`' },
  () => {
    const r = rig({ start: 'negotiating' });
    r.play('pc failed');
    expect(r.termination).toMatchObject({ kind: 'peer-connection-failed', phase: 'negotiating', causeAt: 0 });
  },
);

parity(
  '1.7 signaling transport',
  'redirect to another node',
  { official: 'no limit', here: 'at most 5 hops, no URL twice, never from wss to ws' },
  () => {
    const r = rig({ start: 'signaling' });
    r.play('rx.redirect wss://two.sora.test/signaling', 'ws.open');
    expect(r.sent('connect')[1]).toMatchObject({ redirect: true });
    r.play('rx.redirect known');
    expect(r.termination).toMatchObject({ kind: 'signaling-invalid', what: 'unexpected-message' });
  },
);

parity(
  '1.7 signaling transport',
  'several signaling URLs',
  { official: 'in parallel, the first that opens wins', here: 'the same; losers are closed with 1000 and without a word' },
  () => {
    const r = rig({ start: 'opening', options: { signalingUrl: ['wss://a.test/signaling', 'wss://b.test/signaling'] } });
    r.fake.sockets[1]!.remote.open();
    expect(r.sent('connect')).toHaveLength(1);
    expect(r.fake.sockets.map(({ closeCalls }) => closeCalls.map(({ code }) => code))).toEqual([[1000], []]);
  },
);

parity(
  '1.7 signaling transport',
  'order of several signaling URLs',
  {
    official: 'always in parallel',
    here: '`signalingUrlPolicy`: the functions `parallel`, `staggered`, `sequential`, `sticky`, or one’s own',
  },
  () => {
    const opened = (signalingUrlPolicy: SignalingUrlPolicy): number[] => {
      const signalingUrl = ['a', 'b', 'c'].map((host) => `wss://${host}.test/signaling`);
      const { fake } = rig({ start: 'opening', options: { signalingUrl, signalingUrlPolicy } });
      const counts = [fake.sockets.length];
      elapse(250);
      counts.push(fake.sockets.length);
      fake.sockets.at(-1)!.remote.close(1006);
      return [...counts, fake.sockets.length];
    };
    expect(opened(parallel)).toEqual([3, 3, 3]);
    expect(opened(staggered)).toEqual([1, 2, 3]);
    expect(opened(sequential)).toEqual([1, 1, 2]);
    expect(opened(sticky)).toEqual([3, 3, 3]);
  },
);

parity(
  '1.7 signaling transport',
  'which URL was used',
  { official: '`contactSignalingUrl`, `connectedSignalingUrl`', here: '`ConnectedInfo.contactUrl`, `.connectedUrl`' },
  async () => {
    const r = rig({ start: 'signaling' });
    r.play('rx.redirect wss://two.sora.test/signaling', 'ws.open', 'rx.offer', 'pc connected');
    expect(await r.session.connect()).toMatchObject({
      contactUrl: 'wss://one.sora.test/signaling',
      connectedUrl: 'wss://two.sora.test/signaling',
    });
  },
);

parity(
  '1.7 signaling transport',
  'trickle ICE, or none',
  { official: '`skipIceCandidateEvent`', here: '`skipIceCandidateEvent`; otherwise over the WebSocket, before `switched` only' },
  () => {
    const candidate = { candidate: 'candidate:1 1 udp 1 198.51.100.7 5 typ relay', sdpMid: '0' };
    const [trickling, silent, switched] = [
      rig({ start: 'negotiating' }),
      rig({ start: 'negotiating', options: { skipIceCandidateEvent: true } }),
      rig({ mode: 'M', start: 'switched' }),
    ];
    for (const each of [trickling, silent, switched]) each.sora.peerConnection.remote.iceCandidate(candidate);
    expect([trickling, silent, switched].map((each) => each.sent('candidate').length)).toEqual([1, 0, 0]);
  },
);

parity(
  '1.7 signaling transport',
  'configuration and certificate of the peer connection',
  {
    official: 'from the offer, with a fresh ECDSA certificate',
    here: 'from the offer, with a last word by `rtcConfiguration`; the certificate is the browser’s own, ECDSA as well',
  },
  () => {
    const r = rig({ start: 'negotiating', options: { rtcConfiguration: (offered) => ({ ...offered, iceCandidatePoolSize: 1 }) } });
    expect(r.sora.peerConnection.configuration).toMatchObject({
      iceTransportPolicy: 'relay',
      iceCandidatePoolSize: 1,
    });
    expect(r.sora.peerConnection.configuration).not.toHaveProperty('certificates');
  },
);

parity(
  '1.7 signaling transport',
  'refusal by HTTP told apart from an unreachable server',
  { official: 'no: both are 1006', here: '`probeSignalingUrl(url)`, to be asked after such an end' },
  async () => {
    const refused = probeSignalingUrl('wss://sora.test/signaling', { fetch: () => Promise.resolve({ status: 403 }) });
    const unreachable = probeSignalingUrl('wss://sora.test/signaling', { fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    expect(await firstValueFrom(refused)).toEqual({ kind: 'answered', status: 403 });
    expect(await firstValueFrom(unreachable)).toEqual({ kind: 'unreachable' });
  },
);

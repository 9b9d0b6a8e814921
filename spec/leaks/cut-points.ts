import { replaceTrack, rpc, stats } from '../../src/index.ts';
import { FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import { readFrame } from '../../src/testing/sent-message.ts';
import type { CutPoint, Life } from './life.ts';

const sentTypes = ({ fake }: Life): unknown[] => fake.sent.map((frame) => readFrame(frame).type);
const hasSent = (life: Life, type: string): boolean => sentTypes(life).includes(type);
/** The last call that was made to wait has been made. */
const isHeld = ({ held }: Life): boolean => held.at(-1)?.called === true;
const channel = ({ sora }: Life, label: string) => {
  const found = sora.channel(label);
  if (found === undefined) throw new Error(`there is no channel ${label}`);
  return found;
};
const states = ({ sora }: Life): (string | undefined)[] => sora.labels.map((label) => sora.channel(label)?.state);
const urls = ['wss://one.sora.test/signaling', 'wss://two.sora.test/signaling', 'wss://three.sora.test/signaling'];
const rpcOffer = {
  rpc_methods: ['2025.2.0/RequestSimulcastRid'],
  data_channels: ['signaling', 'notify', 'push', 'stats', 'rpc'].map((label) => ({ label, direction: 'sendrecv', compress: false })),
};

const holding = (method: 'createOffer' | 'setRemoteDescription' | 'createAnswer' | 'setLocalDescription') => (life: Life) => {
  life.hold(life.fake.scripts.peerConnection.hold(method));
};

/** The peer connection that was made before the offer: with audio and video to send it comes first, as the throw-away offer is its own. */
const earlyPeerConnection = ({ fake }: Life) => fake.peerConnections[0];

const negotiation = (way: 'quickly' | 'carefully', method: 'setRemoteDescription' | 'createAnswer' | 'setLocalDescription'): CutPoint => ({
  name: `negotiating ${way}: ${method} under way`,
  mode: 'W',
  start: 'signaling',
  reach: (life) => {
    holding(method)(life);
    life.play('rx.offer');
  },
  holds: (life) => isHeld(life) && !hasSent(life, 'answer'),
  ...(way === 'carefully' && { careful: true }),
});

/** Moments in the life of a session, in the order of a life. */
export const cutPoints: readonly CutPoint[] = [
  { name: 'before anything is opened', mode: 'M', start: 'idle', holds: ({ fake }) => fake.sockets.length <= 1 && fake.sent.length === 0 },
  { name: 'opening', mode: 'W', start: 'opening', holds: ({ sora }) => sora.socket.state === 0 },
  {
    name: 'opening: a peer connection that will be thrown away makes an offer',
    mode: 'W',
    start: 'opening',
    careful: true,
    before: holding('createOffer'),
    holds: (life) => isHeld(life) && earlyPeerConnection(life)?.getSenders().length === 0,
  },
  {
    name: 'opening: the early peer connection makes an offer',
    mode: 'W',
    start: 'opening',
    before: holding('createOffer'),
    holds: (life) => isHeld(life) && earlyPeerConnection(life)?.getSenders().length === 2,
  },
  {
    name: 'opening: several candidates',
    mode: 'D',
    start: 'opening',
    options: { signalingUrl: urls },
    holds: ({ fake }) => fake.sockets.length === 3,
  },
  {
    name: 'opening: one candidate of several is lost',
    mode: 'W',
    start: 'opening',
    options: { signalingUrl: urls },
    reach: ({ fake }) => fake.sockets[0]?.remote.fail(),
    waitMs: 1,
    holds: ({ fake }) => fake.sockets.filter(({ state }) => state === 0).length === 2,
  },
  {
    name: 'opening: a candidate is over its time',
    mode: 'W',
    start: 'opening',
    options: { signalingUrl: urls, timeouts: { signalingUrlMs: 500 } },
    waitMs: 499,
    holds: ({ timers }) => timers > 1,
  },
  {
    name: 'after open: one candidate has won, the losers are closing',
    mode: 'M',
    start: 'signaling',
    options: { signalingUrl: urls },
    holds: ({ fake }) => fake.sockets.filter(({ closeCalls, closeFired }) => closeCalls.length === 1 && !closeFired).length === 2,
  },
  {
    name: 'after open: the metadata is awaited',
    mode: 'W',
    start: 'signaling',
    before: (life) => life.holdCallback('metadata'),
    holds: (life) => isHeld(life) && life.sora.socket.state === 1 && !hasSent(life, 'connect'),
  },
  {
    name: 'connect sent: an early peer connection has the tracks',
    mode: 'W',
    start: 'signaling',
    holds: (life) => earlyPeerConnection(life)?.getSenders().length === 2,
  },
  {
    name: 'connect sent: a message, an RPC and a track wait for the offer',
    mode: 'M',
    start: 'signaling',
    reach: (life) => {
      life.promise(life.session.send('#chat', 'hello'));
      life.promise(rpc(life.session, '2025.2.0/RequestSimulcastRid', { rid: 'r0' } as never));
      life.promise(replaceTrack(life.session, 'video', null));
    },
    waitMs: 1,
    holds: (life) => hasSent(life, 'connect') && life.timers > 0,
  },
  {
    name: 'redirected: the next socket is opening',
    mode: 'M',
    start: 'signaling',
    reach: (life) => life.play('rx.redirect'),
    holds: ({ fake, sora }) => fake.sockets.length === 2 && sora.socket.state === 0,
  },
  {
    name: 'redirected: connect sent again',
    mode: 'M',
    start: 'signaling',
    reach: (life) => life.play('rx.redirect', 'ws.open'),
    waitMs: 1,
    holds: (life) => sentTypes(life).filter((type) => type === 'connect').length === 2,
  },
  {
    name: 'offer received: the early peer connection does not suit it and was replaced',
    mode: 'W',
    start: 'signaling',
    reach: (life) => {
      life.fake.scripts.peerConnection.next('setConfiguration', { throws: new Error('not this configuration') });
      holding('setRemoteDescription')(life);
      life.play('rx.offer');
    },
    holds: (life) => isHeld(life) && earlyPeerConnection(life)?.closed === true && life.fake.peerConnection?.closed === false,
  },
  negotiation('quickly', 'setRemoteDescription'),
  negotiation('quickly', 'setLocalDescription'),
  {
    name: 'negotiating carefully: beforeAnswer under way',
    mode: 'W',
    careful: true,
    start: 'signaling',
    reach: (life) => {
      life.holdCallback('beforeAnswer');
      life.play('rx.offer');
    },
    holds: (life) => isHeld(life) && !hasSent(life, 'answer'),
  },
  negotiation('carefully', 'createAnswer'),
  negotiation('carefully', 'setLocalDescription'),
  {
    name: 'negotiating: a candidate waits for the answer',
    mode: 'W',
    start: 'signaling',
    reach: (life) => {
      holding('setLocalDescription')(life);
      life.play('rx.offer');
      life.sora.peerConnection.remote.iceCandidate({ candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0' });
    },
    holds: (life) => isHeld(life) && !hasSent(life, 'candidate'),
  },
  { name: 'answered', mode: 'W', start: 'negotiating', holds: (life) => hasSent(life, 'answer') },
  {
    name: 'connecting',
    mode: 'M',
    start: 'negotiating',
    reach: (life) => life.play('ice checking', 'pc connecting'),
    holds: ({ sora }) => sora.peerConnection.connectionState === 'connecting',
  },
  {
    name: 'connecting: the connection limit is near',
    mode: 'W',
    start: 'negotiating',
    options: { timeouts: { connectionMs: 5000 } },
    waitMs: 4999,
    holds: ({ timers }) => timers > 0,
  },
  { name: 'connected', mode: 'W', start: 'connected', holds: ({ sora }) => sora.peerConnection.connectionState === 'connected' },
  {
    name: 'connected: announced channels have not come',
    mode: 'M',
    start: 'negotiating',
    reach: (life) => life.play('pc connected'),
    holds: ({ sora, fake }) => sora.labels.length > 0 && fake.peerConnection?.channels.length === 0,
  },
  {
    name: 'channels opening',
    mode: 'M',
    start: 'connected',
    sora: { connecting: ['signaling', 'notify', 'push', 'stats', '#chat'] },
    holds: (life) => states(life).every((state) => state === 'connecting'),
  },
  {
    name: 'channels open, not switched',
    mode: 'D',
    start: 'connected',
    holds: (life) => states(life).every((state) => state === 'open'),
  },
  {
    name: 'a channel was replaced by another of its label',
    mode: 'M',
    start: 'connected',
    reach: (life) => life.play('dc.open notify'),
    holds: ({ fake }) => fake.peerConnection?.channels.filter(({ label }) => label === 'notify').length === 2,
  },
  {
    name: 'a channel that nobody announced is open',
    mode: 'M',
    start: 'connected',
    reach: ({ sora }) => sora.peerConnection.remote.dataChannel('#stranger'),
    holds: ({ sora }) => sora.channel('#stranger')?.state === 'open',
  },
  {
    name: 'switched, signaling still connecting',
    mode: 'D',
    start: 'connected',
    sora: { connecting: ['signaling'] },
    reach: (life) => life.play('rx.switched T'),
    waitMs: 5000,
    onChannels: true,
    holds: ({ sora, timers }) => sora.socket.closeCalls.length === 0 && timers > 0,
  },
  { name: 'switched, with the WebSocket', mode: 'M', start: 'switched', holds: ({ sora }) => sora.socket.state === 1 },
  {
    name: 'switched: the WebSocket is closing',
    mode: 'D',
    start: 'switched',
    holds: ({ sora }) => sora.socket.closeCalls.length === 1 && !sora.socket.closeFired,
  },
  {
    name: 'switched: the WebSocket is closed',
    mode: 'D',
    start: 'switched',
    reach: (life) => life.play('ws.close 1000'),
    holds: ({ sora }) => sora.socket.closeFired,
  },
  {
    name: 'a close of the server is being inflated',
    mode: 'D',
    start: 'switched',
    sora: { compress: true },
    reach: (life) => {
      life.hold(life.fake.scripts.decompression.hold('transform'));
      life.sora.send({ type: 'close', code: 1000, reason: '' }, 'signaling');
    },
    waitMs: 1,
    holds: isHeld,
  },
  {
    name: 'a message of another client is being inflated',
    mode: 'M',
    start: 'switched',
    sora: { compress: true },
    reach: (life) => {
      life.hold(life.fake.scripts.decompression.hold('transform'));
      life.sora.send('hello', '#chat');
    },
    waitMs: 1,
    holds: isHeld,
  },
  {
    name: 'a message is being compressed',
    mode: 'D',
    start: 'switched',
    sora: { compress: true },
    reach: (life) => {
      life.hold(life.fake.scripts.compression.hold('transform'));
      life.promise(life.session.send('#chat', 'hello'));
    },
    waitMs: 1,
    holds: isHeld,
  },
  {
    name: 'sending under backpressure',
    mode: 'M',
    start: 'switched',
    reach: (life) => {
      life.sora.peerConnection.remote.dataChannel('#chat', { holdsBuffer: true });
      for (let count = 0; count < 20; count += 1) life.promise(life.session.send('#chat', new Uint8Array(100_000)));
    },
    waitMs: 1,
    holds: (life) => channel(life, '#chat').bufferedAmount > 900_000 && sentTypes(life).length < 20,
  },
  {
    name: 'a message waits for its channel',
    mode: 'D',
    start: 'switched',
    sora: { connecting: ['#chat'] },
    reach: (life) => life.promise(life.session.send('#chat', 'hello')),
    holds: (life) => channel(life, '#chat').state === 'connecting',
  },
  {
    name: 'an rpc is pending',
    mode: 'D',
    start: 'switched',
    sora: { offer: rpcOffer },
    reach: (life) => {
      life.sora.peerConnection.remote.dataChannel('rpc');
      life.promise(rpc(life.session, '2025.2.0/RequestSimulcastRid', { rid: 'r0' } as never));
    },
    waitMs: 1,
    holds: ({ fake }) => fake.sent.some(({ label }) => label === 'rpc'),
  },
  {
    name: 'statistics are being made for a ping',
    mode: 'W',
    start: 'connected',
    reach: (life) => {
      life.hold(life.fake.scripts.peerConnection.hold('getStats'));
      life.sora.send({ type: 'ping', stats: true });
    },
    waitMs: 1,
    holds: (life) => isHeld(life) && !hasSent(life, 'pong'),
  },
  {
    name: 'statistics are being made for the server',
    mode: 'D',
    start: 'switched',
    reach: (life) => {
      life.hold(life.fake.scripts.peerConnection.hold('getStats'));
      life.play('rx.req-stats');
    },
    waitMs: 1,
    holds: isHeld,
  },
  {
    name: 'statistics are sampled: between two samples',
    mode: 'W',
    start: 'connected',
    reach: (life) => life.follow('stats()', stats(life.session, 1000)),
    waitMs: 1500,
    holds: ({ timers }) => timers > 0,
  },
  {
    name: 'statistics are sampled: a sample is being made',
    mode: 'W',
    start: 'connected',
    reach: (life) => {
      life.hold(life.fake.scripts.peerConnection.hold('getStats'));
      life.follow('stats()', stats(life.session, 1000));
    },
    waitMs: 1500,
    holds: isHeld,
  },
  {
    name: 'replaceTrack: the pause before a track goes',
    mode: 'W',
    start: 'connected',
    reach: (life) => life.promise(replaceTrack(life.session, 'video', null)),
    waitMs: 50,
    holds: ({ stream }) => stream.getVideoTracks()[0]?.enabled === false,
  },
  {
    name: 'remote streams are there',
    mode: 'W',
    start: 'connected',
    reach: ({ sora, remoteStream }) => {
      const track = new FakeMediaStreamTrack('video');
      remoteStream.addTrack(track);
      sora.peerConnection.remote.track(track, [remoteStream]);
    },
    holds: ({ remoteStream }) => remoteStream.listenerCount > 0,
  },
  {
    name: 'a re-offer is being applied',
    mode: 'W',
    start: 'connected',
    reach: (life) => {
      holding('setRemoteDescription')(life);
      life.play('rx.reoffer');
    },
    holds: (life) => isHeld(life) && !hasSent(life, 're-answer'),
  },
  {
    name: 'a re-offer waits behind another',
    mode: 'D',
    start: 'switched',
    reach: (life) => {
      holding('setLocalDescription')(life);
      life.play('rx.reoffer', 'rx.reoffer');
    },
    holds: (life) => isHeld(life) && !hasSent(life, 're-answer'),
  },
  {
    name: 'the grace of a lost channel',
    mode: 'D',
    start: 'switched',
    reach: (life) => life.play('dc.close notify'),
    waitMs: 499,
    holds: ({ timers }) => timers > 0,
  },
  {
    name: 'ICE is disconnected where its timer applies',
    mode: 'W',
    start: 'connected',
    fake: { connectionState: false },
    reach: (life) => life.play('ice disconnected'),
    waitMs: 9999,
    holds: ({ timers }) => timers > 0,
  },
  {
    name: 'the wait of a disconnect, over the WebSocket',
    mode: 'W',
    start: 'connected',
    reach: (life) => life.promise(life.session.disconnect()),
    waitMs: 2999,
    holds: (life) => hasSent(life, 'disconnect') && life.timers > 0,
  },
  {
    name: 'the wait of a disconnect: the WebSocket is closed, channels are not',
    mode: 'M',
    start: 'switched',
    reach: (life) => {
      life.promise(life.session.disconnect());
      life.play('ws.close 1000');
    },
    waitMs: 100,
    holds: (life) => hasSent(life, 'disconnect') && life.timers > 0,
  },
  {
    name: 'the wait of a disconnect, over DataChannels',
    mode: 'D',
    start: 'switched',
    reach: (life) => life.promise(life.session.disconnect()),
    waitMs: 100,
    holds: (life) => hasSent(life, 'disconnect') && life.timers > 0,
  },
  {
    name: 'between the cause and the value',
    mode: 'M',
    start: 'switched',
    reach: (life) => life.play('ws.error'),
    holds: (life) => hasSent(life, 'disconnect') && life.fake.peerConnection?.closed === true && life.timers > 0,
  },
];

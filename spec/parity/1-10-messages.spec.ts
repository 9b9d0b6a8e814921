import { expect } from 'vitest';
import { rpc } from '../../src/rpc/rpc.ts';
import { networkStatus, notifyOf, roster } from '../../src/index.ts';
import { elapse, outcome, pass, rig, useVirtualTime } from '../support/session-rig.ts';
import { parity } from './parity.ts';

useVirtualTime();

const builtIn = ['signaling', 'notify', 'push', 'stats', 'rpc'].map((label) => ({ label, direction: 'sendrecv', compress: false }));
const chat = (channel: object = {}) =>
  rig({
    mode: 'D',
    start: 'switched',
    sora: {
      labels: ['rpc', '#chat'],
      offer: { data_channels: [...builtIn, { label: '#chat', direction: 'sendrecv', compress: false, ...channel }] },
    },
  });

parity(
  '1.10 notify, push, messaging, RPC',
  'connection.created, updated, destroyed',
  { official: 'typed', here: 'typed, narrowed by `notifyOf`, folded into who is there by `roster()`' },
  () => {
    const r = rig();
    const rosters = r.collect(r.session.notify$.pipe(roster()));
    const own = { connection_id: 'OWN', data: [{ connection_id: 'ALICE' }], channel_connections: 2 };
    r.receive({ type: 'notify', event_type: 'connection.created', ...own });
    r.receive({ type: 'notify', event_type: 'connection.updated', connection_id: 'ALICE', audio: true });
    r.receive({ type: 'notify', event_type: 'connection.destroyed', connection_id: 'ALICE', channel_connections: 1 });
    expect(rosters.map(({ members }) => members.map(({ connectionId }) => connectionId))).toEqual([
      [],
      ['ALICE', 'OWN'],
      ['ALICE', 'OWN'],
      ['OWN'],
    ]);
    expect(rosters.at(-1)!.counts!.total).toBe(1);
  },
);

parity('1.10 notify, push, messaging, RPC', 'network.status', { official: 'typed', here: 'typed, folded by `networkStatus()`' }, () => {
  const r = rig();
  const levels = r.collect(r.session.notify$.pipe(networkStatus()));
  for (const level of [0, 0, 3]) r.receive({ type: 'notify', event_type: 'network.status', unstable_level: level });
  expect(levels).toEqual([0, 3]);
});

parity(
  '1.10 notify, push, messaging, RPC',
  'recording notifications',
  { official: 'untyped', here: 'passed on whole, with the type of unknown events' },
  () => {
    const r = rig();
    const events = r.collect(r.session.notify$.pipe(notifyOf('recording.started')));
    r.receive({ type: 'notify', event_type: 'recording.started', file: 'x' });
    expect(events).toEqual([{ type: 'notify', event_type: 'recording.started', file: 'x' }]);
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'unknown notify events',
  { official: 'cast to a known type', here: 'kept, with an arm of their own in the union, and named as drift on `signaling$`' },
  () => {
    const r = rig();
    const [events, traffic] = [r.collect(r.session.notify$), r.collect(r.session.signaling$)];
    r.receive({ type: 'notify', event_type: 'weather.changed' });
    expect(events).toHaveLength(1);
    expect(traffic[0]!.drift).toEqual(['notify.event_type: unknown event']);
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'push',
  { official: '`push(message, transport)`', here: '`push$`; the transport is in `signaling$`' },
  () => {
    const r = rig({ mode: 'M', start: 'switched' });
    const [pushed, traffic] = [r.collect(r.session.push$), r.collect(r.session.signaling$)];
    r.play('rx.push');
    expect(pushed).toMatchObject([{ data: { text: 'pushed' } }]);
    expect(traffic[0]).toMatchObject({ transport: 'datachannel', label: 'push' });
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'declaration of DataChannels',
  { official: '`dataChannels`, unchecked', here: '`dataChannels`, checked: label, direction, exclusive limits' },
  () => {
    const dataChannels = [
      { label: '#a', direction: 'sendrecv', ordered: false, maxPacketLifeTime: 100, protocol: 'p', compress: true },
      { label: '#b', direction: 'sendonly', maxRetransmits: 0 },
    ] as const;
    expect(rig({ start: 'signaling', options: { dataChannels } }).sent('connect')[0]!['data_channels']).toEqual([
      { label: '#a', direction: 'sendrecv', ordered: false, max_packet_life_time: 100, protocol: 'p', compress: true },
      { label: '#b', direction: 'sendonly', max_retransmits: 0 },
    ]);
    const wrong = [{ label: '#a', direction: 'sendrecv', maxPacketLifeTime: 1, maxRetransmits: 1 }] as const;
    expect(() => rig({ options: { dataChannels: wrong } })).toThrow('dataChannels[0].maxRetransmits');
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'sender of a message',
  { official: 'the application parses 26 bytes', here: '`DataMessage.senderConnectionId`, taken off the data' },
  () => {
    const header = [{ type: 'sender_connection_id', length: 26 }];
    const r = chat({ header });
    const messages = r.collect(r.session.messages('#chat'));
    r.sora.channel('#chat')!.remote.message(new TextEncoder().encode('14B6YTRH7N3RVB0FTE81ZWHSM4hello'));
    expect(messages).toEqual([
      { label: '#chat', senderConnectionId: '14B6YTRH7N3RVB0FTE81ZWHSM4', data: new TextEncoder().encode('hello') },
    ]);
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'send, receive, list channels',
  { official: '`sendMessage`, `message`, `datachannel`', here: '`send(label, data)`, `messages(label)`, `dataChannels$`' },
  async () => {
    const r = chat();
    const [messages, channels] = [r.collect(r.session.messages()), r.collect(r.session.dataChannels$)];
    await r.session.send('#chat', 'out');
    r.sora.channel('#chat')!.remote.message('in');
    expect(new TextDecoder().decode(r.fake.sent.at(-1)!.data as Uint8Array)).toBe('out');
    expect(messages.map(({ data }) => new TextDecoder().decode(data))).toEqual(['in']);
    expect(channels).toMatchObject([[{ label: '#chat', direction: 'sendrecv', compress: false }]]);
    expect(await outcome(r.session.send('#other', 'x'))).toMatchObject({ code: 'unknown-label' });
    expect(await outcome(chat({ direction: 'recvonly' }).session.send('#chat', 'x'))).toMatchObject({ code: 'wrong-direction' });
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'backpressure',
  { official: 'none', here: '`send()` resolves when the channel has taken the message; at most 1 MiB is queued' },
  async () => {
    const r = chat();
    const channel = r.sora.peerConnection.newChannel('#chat', { holdsBuffer: true });
    channel.remote.open(true);
    r.sora.peerConnection.fire('datachannel', { channel });
    let sent = 0;
    for (let index = 0; index < 20; index += 1) void r.session.send('#chat', new Uint8Array(200_000)).then(() => (sent += 1));
    await pass(0);
    expect([sent, channel.bufferedAmount]).toEqual([5, 1_000_000]);
    channel.remote.drain();
    await pass(0);
    expect(sent).toBe(10);
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'messages larger than the SCTP limit',
  {
    official: 'the browser throws',
    here: 'by contract refused: `SoraSendError` with `too-large` above 262144 bytes on the wire; the session goes on',
  },
  async () => {
    const r = chat();
    expect(await outcome(r.session.send('#chat', new Uint8Array(262_145)))).toMatchObject({ code: 'too-large' });
    await r.session.send('#chat', new Uint8Array(262_144));
    expect(r.terminations).toEqual([]);
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'JSON-RPC 2.0 over the channel rpc',
  {
    official: '`rpc(method, params, { timeout, notification })`',
    here: '`rpc(method, params, { timeoutMs, notification })`, five methods typed',
  },
  async () => {
    const r = chat();
    const call = rpc(r.session, '2025.2.0/RequestSimulcastRid', { rid: 'r1' });
    r.receive({ jsonrpc: '2.0', id: 1, result: { rid: 'r1' } }, 'rpc');
    expect(await call).toEqual({ rid: 'r1' });
    expect(await rpc(r.session, '2031.1.0/Any', { a: 1 }, { notification: true })).toBeUndefined();
    expect(r.sent().at(-1)).toEqual({ jsonrpc: '2.0', method: '2031.1.0/Any', params: { a: 1 } });
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'error of the server in an RPC',
  { official: '`Error("[object Object]")`', here: '`SoraRpcError` with code, message and data' },
  async () => {
    const r = chat();
    const call = outcome(rpc(r.session, '2025.2.0/ResetSpotlightRid', {}));
    r.receive({ jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'Method not found', data: [1] } }, 'rpc');
    expect(await call).toMatchObject({ name: 'SoraRpcError', code: -32601, message: 'Method not found', data: [1] });
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'pending RPC at the end',
  { official: 'never settles', here: 'rejects once with `ended` and the Termination' },
  async () => {
    const r = chat();
    const call = outcome(rpc(r.session, '2025.2.0/ResetSpotlightRid', {}));
    r.play('pc failed');
    await pass(1);
    expect(await call).toMatchObject({ code: 'ended', termination: r.termination });
  },
);

parity(
  '1.10 notify, push, messaging, RPC',
  'methods that may be called',
  { official: '`rpcMethods`', here: '`ConnectedInfo.rpcMethods`' },
  async () => {
    const r = rig({ sora: { offer: { rpc_methods: ['2025.2.0/ResetSpotlightRid'] } } });
    elapse();
    expect((await r.session.connect()).rpcMethods).toEqual(['2025.2.0/ResetSpotlightRid']);
    expect((await rig().session.connect()).rpcMethods).toEqual([]);
  },
);

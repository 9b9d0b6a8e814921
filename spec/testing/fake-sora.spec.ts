import { EMPTY, firstValueFrom, repeat, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { connect, createSession, rpc, type ConnectOptions, type DataMessage, type Session } from '../../src/index.ts';
import { assertMarbles, createFakePlatform, driveMarbles, FakeSora, readFrame, type FakeSoraOptions } from '../../src/testing/index.ts';

/** A termination, as a promise. */
const end = ({ termination$ }: Session) => firstValueFrom(termination$);

const begun = (sora: FakeSoraOptions, options: Partial<ConnectOptions> = {}) => {
  const fake = createFakePlatform();
  const far = new FakeSora(fake, sora);
  const begin = (): Session => {
    const session = createSession({
      signalingUrl: 'wss://sora.test/signaling',
      channelId: 'room',
      role: 'sendrecv',
      dataChannelSignaling: sora.mode !== 'W',
      ignoreDisconnectWebSocket: sora.mode === 'D',
      platform: fake.platform,
      ...options,
    });
    session.connect().catch(() => undefined);
    return session;
  };
  return { fake, sora: far, begin, session: begin() };
};

describe('FakeSora: a session that follows on the same platform', () => {
  test.each(['W', 'M', 'D'] as const)('is brought to a state, and ends, like the first one: %s', async (mode) => {
    const { sora, fake, begin, session } = begun({ mode });
    sora.reach(mode === 'W' ? 'connected' : 'switched');
    sora.apply({ kind: 'pc', state: 'failed' });
    expect(await end(session)).toMatchObject({ kind: 'peer-connection-failed' });

    const next = begin();
    sora.reach('connected');
    expect(sora.socket).toBe(fake.sockets[1]);
    expect(fake.leaks()).toMatchObject({ sockets: 1, peerConnections: 1 });
    sora.apply({ kind: 'rx.notify' });
    sora.apply({ kind: 'ws.close', code: 4490 });
    expect(await end(next)).toMatchObject({ kind: 'server-close', code: 4490, phase: 'connected' });
  });

  test('is not taken up before the first one is over, which in D is not when its WebSocket closes', async () => {
    const { sora, begin, session } = begun({ mode: 'D' });
    sora.reach('switched');
    begin();
    sora.apply({ kind: 'rx.close', code: 4000 });
    sora.apply({ kind: 'dc.close', label: '*' });
    expect(await end(session)).toMatchObject({ kind: 'server-close', code: 4000 });
    expect(sora.socket.closeCalls).toEqual([]);
  });

  test('is begun by an application that connects again, in virtual time', () => {
    new TestScheduler(assertMarbles).run((helpers) => {
      const fake = createFakePlatform();
      const sora = new FakeSora(fake, { mode: 'W' });
      const states: string[] = [];
      const session$ = connect({ signalingUrl: 'wss://sora.test/', channelId: 'room', role: 'recvonly', platform: fake.platform });
      session$.pipe(repeat({ count: 2, delay: (count) => (count < 2 ? timer(1000) : EMPTY) })).subscribe(({ state$ }) => {
        state$.subscribe((state) => states.push(state));
      });
      sora.reach('connected');
      driveMarbles(helpers, sora, { webSocket: '10ms x 1s r 10ms x' }, { r: () => sora.reach('connected') });
      helpers.flush();
      expect(states.filter((state) => ['connected', 'ended'].includes(state))).toEqual(['connected', 'ended', 'connected', 'ended']);
    });
  });
});

describe('FakeSora.reach', () => {
  test('goes on from where the session is', () => {
    const { sora, fake, session } = begun({ mode: 'M' });
    const states: string[] = [];
    session.state$.subscribe((state) => states.push(state));
    for (const start of ['opening', 'signaling', 'negotiating', 'connected', 'switched', 'connected'] as const) sora.reach(start);
    expect(states).toEqual(['opening', 'signaling', 'negotiating', 'connected']);
    expect(fake.peerConnection?.channels.map(({ label }) => label)).toEqual(['signaling', 'notify', 'push', 'stats']);
    const offers = fake.records.filter(({ what }) => what === 'setRemoteDescription');
    expect(offers).toHaveLength(1);
  });

  test('says so where there is nothing that could get there', () => {
    const { sora } = begun({ mode: 'W' });
    sora.reach('connected');
    sora.apply({ kind: 'ws.close', code: 1006 });
    expect(() => sora.reach('connected')).toThrow('the WebSocket is closed, and no session that follows has opened another');
    expect(() => new FakeSora(createFakePlatform(), { mode: 'W' }).reach('connected')).toThrow('session.connect()');
  });
});

describe('FakeSora: modes', () => {
  test('without DataChannels a switched changes nothing: what follows takes the WebSocket, as the session ignores it (Q64)', async () => {
    const { sora, session } = begun({ mode: 'W' });
    const events: string[] = [];
    session.notify$.subscribe(({ event_type }) => events.push(event_type));
    sora.reach('connected');
    sora.apply({ kind: 'rx.switched', ignore: true });
    sora.apply({ kind: 'rx.notify' });
    sora.apply({ kind: 'ws.close', code: 1006 });
    expect(events).toEqual(['connection.created']);
    expect(await end(session)).toMatchObject({ kind: 'websocket-closed', switched: null });
  });

  test('the same where the server decided against them', () => {
    const { sora, session } = begun({ mode: 'M' });
    const events: string[] = [];
    session.notify$.subscribe(({ event_type }) => events.push(event_type));
    sora.reach('signaling');
    sora.apply({ kind: 'rx.offer', mode: 'W' });
    sora.apply({ kind: 'rx.switched', ignore: false });
    sora.apply({ kind: 'rx.notify' });
    expect(events).toEqual(['connection.created']);
  });

  test('a mode that there is not is refused', () => {
    expect(() => new FakeSora(createFakePlatform(), { mode: 'DC' as never })).toThrow('"DC" is no mode');
  });
});

describe('FakeSora: channels', () => {
  test('those that the session asked for are announced in its direction, and opened', async () => {
    const dataChannels = [
      { label: '#chat', direction: 'sendrecv' },
      { label: '#log', direction: 'recvonly' },
    ] as const;
    const { sora, fake, session } = begun({ mode: 'M' }, { dataChannels });
    const heard: DataMessage[] = [];
    session.messages('#log').subscribe((message) => heard.push(message));
    sora.reach('connected');
    expect(sora.labels).toEqual(['signaling', 'notify', 'push', 'stats', '#chat', '#log']);

    await session.send('#chat', 'hello');
    await expect(session.send('#log', 'hello')).rejects.toMatchObject({ code: 'wrong-direction' });
    sora.send('written', '#log');
    expect(fake.sent.filter(({ label }) => label === '#chat').map(({ data }) => new TextDecoder().decode(data as Uint8Array))).toEqual([
      'hello',
    ]);
    expect(heard.map(({ data }) => new TextDecoder().decode(data))).toEqual(['written']);
  });

  test('an RPC is answered', async () => {
    const { sora, fake, session } = begun({ mode: 'M', labels: ['rpc'] });
    sora.reach('switched');
    const answer = rpc(session, '2025.2.0/RequestSimulcastRid', { rid: 'r2' });
    const { id } = readFrame(fake.sent.findLast(({ label }) => label === 'rpc')!) as { id?: unknown };
    sora.send({ jsonrpc: '2.0', id, result: { channel_id: 'room' } }, 'rpc');
    await expect(answer).resolves.toEqual({ channel_id: 'room' });
  });

  test('one that is not there is told, with those that are', () => {
    const { sora } = begun({ mode: 'M' });
    sora.reach('negotiating');
    expect(() => sora.send('early', '#chat')).toThrow('there is no DataChannel #chat: there is none yet');
    sora.reach('connected');
    expect(() => sora.send('late', '#chat')).toThrow('there is no DataChannel #chat: there are signaling, notify, push, stats');
    expect(() => sora.apply({ kind: 'dc.close', label: 'stats', stale: true })).toThrow('no DataChannel stats was replaced');
  });

  test('does what a letter of a diagram can mean: words, objects, several, something to run', async () => {
    const { sora, session } = begun({ mode: 'M' });
    const seen: string[] = [];
    session.notify$.subscribe(({ event_type }) => seen.push(event_type));
    sora.reach('connected');
    sora.apply('rx.notify connection.destroyed');
    sora.apply(['rx.notify', { kind: 'rx.notify', eventType: 'connection.updated' }]);
    sora.apply(() => seen.push('called'));
    expect(seen).toEqual(['connection.destroyed', 'connection.created', 'connection.updated', 'called']);
    sora.apply('ws.close 4490');
    expect(await end(session)).toMatchObject({ kind: 'server-close', code: 4490 });
  });

  test('words that mean nothing are told, before anything happens', () => {
    const { sora } = begun({ mode: 'W' });
    expect(() => sora.apply('ws.closed')).toThrow('"ws.closed" is not known, only ws.open');
    expect(() => sora.apply(['ws.open', 'ws.closed'])).toThrow('"ws.closed" is not known');
    expect(sora.chosenSocket).toBeNull();
  });

  test('what the application does is not asked of the far end', () => {
    const { sora } = begun({ mode: 'W' });
    expect(() => sora.apply({ kind: 'disconnect' })).toThrow('call it on the session, or give the letter a function');
  });
});

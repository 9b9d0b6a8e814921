import { Socket } from 'node:dgram';
import { RTCPeerConnection } from 'werift';
import type { RTCDataChannel } from 'werift';
import { map, take, toArray } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startRtcEndpoint } from '../../../src/rtc/endpoint.ts';
import type { RtcDataChannel, RtcEndpoint, RtcPeer } from '../../../src/rtc/endpoint.ts';
import { until, untilOpen, untilState } from './support/until.ts';

// The client that sessions in Node use.

let endpoint: RtcEndpoint;
let peer: RtcPeer;
let connection: RTCPeerConnection;
let events: string[];

beforeEach(async () => {
  endpoint = await startRtcEndpoint();
  peer = endpoint.createPeer({ dataChannels: true });
  connection = new RTCPeerConnection({ iceServers: [] });
  events = [];
  connection.onDataChannel.subscribe((channel: RTCDataChannel) => {
    channel.onMessage.subscribe((data) => channel.send(typeof data === 'string' ? `echo ${data}` : data));
    channel.stateChanged.subscribe((state) => events.push(`${channel.label} ${state}`));
  });
});

afterEach(async () => {
  await endpoint.close();
  await connection.close();
});

const connect = async (): Promise<void> => {
  const connected = untilState(peer, 'connected');
  await connection.setRemoteDescription({ type: 'offer', sdp: peer.createOffer() });
  await connection.setLocalDescription(await connection.createAnswer());
  peer.acceptAnswer(connection.localDescription?.sdp ?? '');
  await connected;
};

const labels = ['signaling', 'notify', 'push', 'stats', 'rpc', '#chat'];

describe('DataChannels with werift in Node', () => {
  test('connect, open and echo', async () => {
    const channels = labels.map((label) => peer.createDataChannel(label));
    const echoes = channels.map(async ({ message$ }) => until(message$));
    for (const channel of channels) channel.send(`hello ${channel.label}`);
    await connect();
    await untilOpen(channels);
    expect(await Promise.all(echoes)).toEqual(labels.map((label) => `echo hello ${label}`));
    expect(peer.dropped).toBe(0);
  });

  test('carry binary messages up to the 64 KiB that werift takes', async () => {
    const channel = peer.createDataChannel('#binary', { ordered: true });
    await connect();
    const sizes = [1, 1160, 1161, 65_535];
    const echoes = until(
      channel.message$.pipe(
        take(sizes.length),
        map((data) => data.length),
        toArray(),
      ),
    );
    for (const size of sizes) channel.send(new Uint8Array(size));
    expect(await echoes).toEqual(sizes);
    expect(() => channel.send(new Uint8Array(65_537))).toThrow('limit of 65536');
  });

  test('close one by one', async () => {
    const [first, second] = ['first', 'second'].map((label) => peer.createDataChannel(label)) as [RtcDataChannel, RtcDataChannel];
    await connect();
    await untilOpen([first, second]);
    const closed = until(first.close$);
    first.close();
    await closed;
    expect(events).toContain('first closed');
    expect(events).not.toContain('second closed');
    const echo = until(second.message$);
    second.send('still open');
    expect(await echo).toBe('echo still open');
  });

  test('the end of the peer reaches the client at once', async () => {
    const channel = peer.createDataChannel('signaling');
    await connect();
    await untilOpen([channel]);
    const closed = new Promise<void>((resolve) => {
      connection.connectionStateChange.subscribe((state) => {
        if (state === 'closed' || state === 'failed') resolve();
      });
      connection.sctpTransport?.sctp.stateChanged.closed.subscribe(() => resolve());
    });
    peer.close();
    await closed;
  });

  test('abortSctp closes every channel of the client', async () => {
    const channels = labels.map((label) => peer.createDataChannel(label));
    await connect();
    await untilOpen(channels);
    const closed = new Promise<void>((resolve) => connection.sctpTransport?.sctp.stateChanged.closed.subscribe(() => resolve()));
    peer.abortSctp();
    await closed;
    expect(events.filter((event) => event.endsWith('closed'))).toHaveLength(labels.length);
  });

  test('16 clients share the socket', async () => {
    const others = Array.from({ length: 15 }, () => ({
      peer: endpoint.createPeer({ dataChannels: true }),
      connection: new RTCPeerConnection({ iceServers: [] }),
    }));
    const all = [{ peer, connection }, ...others];
    try {
      const echoes = await Promise.all(
        all.map(async (client, index) => {
          const channel = client.peer.createDataChannel('#echo');
          client.connection.onDataChannel.subscribe((remote) => remote.onMessage.subscribe((data) => remote.send(data)));
          const echo = until(channel.message$, (data) => data === `client ${index}`);
          await client.connection.setRemoteDescription({ type: 'offer', sdp: client.peer.createOffer() });
          await client.connection.setLocalDescription(await client.connection.createAnswer());
          client.peer.acceptAnswer(client.connection.localDescription?.sdp ?? '');
          channel.send(`client ${index}`);
          return echo;
        }),
      );
      expect(echoes).toEqual(all.map((_, index) => `client ${index}`));
      expect(new Set(all.map((client) => client.peer.remoteAddress)).size).toBe(16);
    } finally {
      await Promise.all(others.map(async (client) => client.connection.close()));
    }
  });
});

describe('a DTLS handshake in which', () => {
  const isDtls = (datagram: unknown): boolean => Buffer.isBuffer(datagram) && (datagram[0] ?? 0) >= 20 && (datagram[0] ?? 0) <= 63;

  const standStill = (ms: number): void => {
    for (const until = performance.now() + ms; performance.now() < until;);
  };

  /** Calls back in place of sending the n-th DTLS datagram of either side; gives how many there have been. */
  const atDatagram = (count: number, callback: (send: () => void) => void): (() => number) => {
    let sent = 0;
    const original = Object.getOwnPropertyDescriptor(Socket.prototype, 'send')?.value as (...given: unknown[]) => void;
    vi.spyOn(Socket.prototype, 'send').mockImplementation(function (this: Socket, ...given: unknown[]) {
      const send = (): void => original.apply(this, given);
      if (isDtls(given[0])) sent += 1;
      if (isDtls(given[0]) && sent === count) callback(send);
      else send();
    });
    return () => sent;
  };

  const connectAndEcho = async (): Promise<void> => {
    const channel = peer.createDataChannel('signaling');
    const echo = until(channel.message$);
    channel.send('after all');
    await connect();
    expect(await echo).toBe('echo after all');
    // werift may carry data in a handshake that it has given up.
    expect(connection.connectionState).toBe('connected');
  };

  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each([1, 2, 3, 4, 5, 6])(
    'the process stands still for 700 ms after datagram %s: its sender has started its timer',
    async (count) => {
      const sent = atDatagram(count, (send) => {
        send();
        queueMicrotask(() => standStill(700));
      });
      await connectAndEcho();
      expect(sent()).toBeGreaterThanOrEqual(count);
    },
  );

  test.each([1, 2, 3, 4, 5, 6])('datagram %s is lost', async (count) => {
    const sent = atDatagram(count, () => undefined);
    await connectAndEcho();
    expect(sent()).toBeGreaterThan(count);
  });
});

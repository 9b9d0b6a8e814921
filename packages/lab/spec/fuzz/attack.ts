import { connect as connectTcp } from 'node:net';
import { WebSocket } from 'ws';
import { WeriftClient } from '../e2e/support/werift-client.ts';
import { brokenWebSocketBytes, channelFrame, firstFrame, goodConnect, laterFrame } from './malformed.ts';
import type { Random } from './random.ts';

/** What an attack did. */
export interface Tally {
  webSocketMessages: number;
  webSocketFrames: number;
  channelMessages: number;
  connections: number;
}

export const newTally = (): Tally => ({ webSocketMessages: 0, webSocketFrames: 0, channelMessages: 0, connections: 0 });

const opened = (socket: WebSocket): Promise<boolean> =>
  new Promise((resolve) => {
    socket.once('open', () => resolve(true));
    socket.once('close', () => resolve(false));
  });

function socketTo(url: string): WebSocket {
  const socket = new WebSocket(url);
  socket.on('error', () => undefined);
  return socket;
}

/** Resolves at the close, or when the lab has read everything so far: it answers a WebSocket ping. */
const settled = (socket: WebSocket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) resolve();
    socket.once('close', () => resolve());
    socket.once('pong', () => resolve());
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  });

/** One socket that begins badly. */
export async function badBeginning(url: string, random: Random, tally: Tally): Promise<void> {
  const socket = socketTo(url);
  tally.connections += 1;
  if (!(await opened(socket))) return;
  for (let count = 1 + random.below(3); count > 0 && socket.readyState === WebSocket.OPEN; count -= 1) {
    socket.send(firstFrame(random));
    tally.webSocketMessages += 1;
  }
  await settled(socket);
  socket.terminate();
}

/** One socket that is accepted and then talks nonsense until it is thrown out, or a number of times. */
export async function badManners(url: string, random: Random, tally: Tally): Promise<void> {
  const socket = socketTo(url);
  tally.connections += 1;
  if (!(await opened(socket))) return;
  socket.send(goodConnect(random));
  for (let count = 40; count > 0 && socket.readyState === WebSocket.OPEN; count -= 1) {
    socket.send(laterFrame(random));
    tally.webSocketMessages += 1;
    if (count % 8 === 0) await settled(socket);
  }
  await settled(socket);
  socket.terminate();
}

/** One TCP connection that speaks no WebSocket after the upgrade. */
export function brokenFrames(url: string, random: Random, tally: Tally): Promise<void> {
  const { port, hostname } = new URL(url);
  tally.connections += 1;
  return new Promise((resolve) => {
    const socket = connectTcp(Number(port), hostname);
    const leave = (): void => {
      socket.destroy();
      resolve();
    };
    socket.once('error', leave);
    socket.once('close', leave);
    socket.once('data', () => {
      for (let count = 1 + random.below(4); count > 0; count -= 1) {
        socket.write(brokenWebSocketBytes(random));
        tally.webSocketFrames += 1;
      }
      // The lab answers with a Close frame or waits for more; either way this client has said enough.
      socket.once('data', leave);
      socket.end();
    });
    socket.write(
      `GET /signaling HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${random.bytes(16).toString('base64')}\r\n\r\n`,
    );
  });
}

const LABELS = ['rpc', 'rpc', 'rpc', 'stats', 'notify', 'push', '#fuzz', '#fuzz'] as const;

/** One client that connects as it should and then sends nonsense on its DataChannels; at the very end on `signaling`, which is the end. */
export async function badChannels(url: string, messages: number, random: Random, tally: Tally): Promise<void> {
  const client = new WeriftClient(url, {
    mode: 'datachannel',
    connect: { channel_id: 'fuzz-channels', data_channels: [{ label: '#fuzz', direction: 'sendrecv', compress: true }] },
  });
  tally.connections += 1;
  await client.ready();
  await client.event((event) => event.kind === 'channel' && event.label === '#fuzz');
  for (let count = 0; count < messages; count += 1) {
    const label = random.pick(LABELS);
    const channel = client.channels.get(label)!;
    if (channel.readyState !== 'open') break;
    channel.send(channelFrame(label, random));
    tally.channelMessages += 1;
    // werift queues without bound: let it breathe, and the lab answer.
    if (count % 100 === 99) {
      client.rpc({ jsonrpc: '2.0', id: `sync-${count}`, method: '2025.2.0/ResetSpotlightRid' });
      await client.event((event) => event.kind === 'message' && event.message['id'] === `sync-${count}`);
    }
  }
  client.channels.get('signaling')?.send(channelFrame('signaling', random));
  tally.channelMessages += 1;
  await client.close();
}

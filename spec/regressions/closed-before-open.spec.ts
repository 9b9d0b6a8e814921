import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { WebSocket } from 'ws';
import { expect, test } from 'vitest';
import { createSession } from '../../src/session/create-session.ts';
import { rig } from '../support/session-rig.ts';

// `ws` throws an error that nobody listens to out of the process. spec/support/unhandled.ts fails a spec that leaves one.
test('a session that is left while the WebSocket of the package `ws` connects throws nothing into the process', async () => {
  const silent = createServer();
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const sockets: WebSocket[] = [];
  class Watched extends WebSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  }
  const { platform } = rig({ start: 'idle' }).fake;
  const session = createSession({
    signalingUrl: `ws://127.0.0.1:${port}/`,
    channelId: 'room',
    role: 'recvonly',
    platform: { ...platform, WebSocket: Watched },
  });
  session.connect().catch(() => undefined);
  const [socket] = sockets;
  if (socket === undefined) throw new Error('no WebSocket was made');
  // Not `once` of node:events, which listens to errors.
  const closed = new Promise((resolve) => socket.on('close', resolve));
  await session.disconnect();
  await closed;
  expect(socket.listenerCount('error')).toBe(0);
  silent.close();
});

import { describe, expect, test } from 'vitest';
import { elapse, rig, type SessionRig, useVirtualTime } from '../support/session-rig.ts';

/* Any native call may throw (P22): the end comes all the same, with the value it would have had. */

useVirtualTime();

const boom = (): never => {
  throw new Error('a native call threw');
};
const throwing = (target: object, name: string): void => {
  Object.defineProperty(target, name, { value: boom, configurable: true });
};
const unreadable = (target: object, name: string): void => {
  Object.defineProperty(target, name, { get: boom, configurable: true });
};

const peerConnectionOf = (r: SessionRig): object => r.session.peerConnection as object;
const channelOf = (r: SessionRig, label: string): object => r.sora.channel(label) as object;

describe('removing a listener', () => {
  test.each<[string, 'W' | 'D', (r: SessionRig) => object, string, string]>([
    ['a socket', 'W', (r) => r.fake.sockets[0]!, 'ws.close 1000', 'server-close'],
    ['the page', 'W', (r) => r.fake.page, 'ws.close 1000', 'server-close'],
    ['the peer connection', 'W', peerConnectionOf, 'pc failed', 'peer-connection-failed'],
    ['a channel', 'D', (r) => channelOf(r, 'notify'), 'pc failed', 'peer-connection-failed'],
  ])('%s that throws does not keep the end, nor the listeners of the others', (_, mode, target, word, kind) => {
    const r = rig({ mode, start: mode === 'D' ? 'switched' : 'connected' });
    throwing(target(r), 'removeEventListener');
    const own = r.fake.leaks().listeners;
    r.play(word);
    expect(r.termination.kind).toBe(kind);
    expect(r.fake.leaks()).toMatchObject({ sockets: 0, peerConnections: 0, channels: 0 });
    expect(r.fake.leaks().listeners).toBeLessThan(own);
  });

  test('each is removed for itself', () => {
    const r = rig();
    const socket = r.fake.sockets[0]!;
    const remove = socket.removeEventListener.bind(socket);
    Object.assign(socket, { removeEventListener: (type: string, listener: never) => (type === 'open' ? boom() : remove(type, listener)) });
    r.play('pc failed');
    expect(r.termination.kind).toBe('peer-connection-failed');
    expect(r.fake.leaks().listeners).toBe(1);
  });
});

describe('adding one', () => {
  test('to a socket that throws is a failure like that of its constructor, and the socket is closed (Q59)', () => {
    const closed: unknown[] = [];
    class Socket {
      readonly readyState = 0;
      readonly addEventListener = boom;
      readonly removeEventListener = boom;
      close(code: number): void {
        closed.push(code);
      }
    }
    const r = rig({ start: 'idle', wrap: (platform) => ({ ...platform, WebSocket: Socket as never }) });
    r.connect();
    expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'websocket', phase: 'opening' });
    expect(closed).toEqual([1000]);
  });
});

describe('a channel whose state cannot be read', () => {
  test('takes nothing from what is said over signaling (T18, Q24)', () => {
    const r = rig({ mode: 'D', start: 'switched' });
    unreadable(channelOf(r, 'notify'), 'readyState');
    void r.session.disconnect();
    expect(r.traffic.at(-1)).toBe('signaling disconnect');
    expect(r.terminations).toEqual([]);
    elapse(3000);
    expect(r.termination).toMatchObject({ kind: 'client-disconnect', outcome: 'timeout', sent: { via: 'datachannel', ok: true } });
  });

  test('nor from what follows an abnormal close of the WebSocket (T09)', () => {
    const r = rig({ mode: 'M', start: 'switched' });
    unreadable(channelOf(r, 'notify'), 'readyState');
    r.play('ws.close 1006');
    expect(r.termination).toMatchObject({ kind: 'websocket-closed', sent: { reason: 'WEBSOCKET-ONCLOSE', ok: true } });
  });
});

test('a channel that can be neither closed nor named keeps nothing else open (P16)', () => {
  const r = rig({ mode: 'D', start: 'switched' });
  throwing(channelOf(r, 'notify'), 'close');
  unreadable(channelOf(r, 'notify'), 'label');
  r.play('pc failed');
  expect(r.termination.trailing).toEqual([{ at: 0, source: 'sdk', what: 'close', detail: 'datachannel ' }]);
  expect(r.fake.leaks()).toMatchObject({ sockets: 0, peerConnections: 0 });
});

test('a socket that is closed while it connects keeps no listener, unless it is an EventEmitter', () => {
  const listening = (members: object): number => {
    let count = 0;
    class Socket {
      readonly readyState = 0;
      addEventListener(): void {
        count += 1;
      }
      removeEventListener(): void {
        count -= 1;
      }
      close(): void {
        // Nothing follows.
      }
    }
    Object.assign(Socket.prototype, members);
    const r = rig({ start: 'idle', wrap: (platform) => ({ ...platform, WebSocket: Socket as never }) });
    r.connect();
    void r.session.disconnect();
    expect(r.termination.kind).toBe('client-disconnect');
    return count;
  };
  expect(listening({})).toBe(0);
  expect(listening({ on: () => undefined })).toBe(1);
});

describe('a clock of the platform that is none', () => {
  test.each([() => 1n, () => Number.NaN])('names itself, and nothing is opened', async (now) => {
    const r = rig({ start: 'idle', wrap: (platform) => ({ ...platform, now: now as () => number }) });
    await expect(r.session.connect()).rejects.toMatchObject({ code: 'invalid-option', path: 'platform.now' });
    expect(r.fake.sockets).toEqual([]);
  });
});

test('an error that cannot even be read ends the session, and hangs nothing', async () => {
  const hostile = Object.defineProperty(new Error('made to fail'), 'name', { get: boom });
  const r = rig({ start: 'opening', options: { metadata: () => Promise.reject(hostile) } });
  await Promise.resolve();
  await Promise.resolve();
  expect(r.termination).toMatchObject({ kind: 'internal-error', where: 'metadata', name: 'Error' });
});

import { describe, expect, test } from 'vitest';
import { FakeWebSocket } from '../../src/testing/fake-web-socket.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';
import { fromWebSocket } from '../../src/transports/web-socket.ts';

const url = 'wss://sora.test/signaling';
const listened = (socket: FakeWebSocket) => {
  const kinds: string[] = [];
  fromWebSocket(socket, () => 0).subscribe({ next: ({ kind }) => kinds.push(kind), complete: () => kinds.push('complete') });
  return kinds;
};

describe('FakeWebSocket', () => {
  test('tells what its far end does, in order, to listeners and to handlers', () => {
    for (const handlersOnly of [false, true]) {
      const socket = new FakeWebSocket(
        url,
        fakeWorld(() => 0, handlersOnly),
      );
      const kinds = listened(socket);
      socket.remote.open();
      socket.remote.message({ type: 'ping' });
      socket.remote.fail();
      expect(kinds).toEqual(['open', 'message', 'error', 'close', 'complete']);
      expect(socket.listenerCount).toBe(0);
    }
  });

  test('calls an on… handler beside listeners', () => {
    const socket = new FakeWebSocket(url);
    const seen: string[] = [];
    socket.onopen = () => seen.push('handler');
    socket.addEventListener('open', () => seen.push('listener'));
    expect(socket.listenerCount).toBe(2);
    socket.remote.open();
    expect(seen).toEqual(['handler', 'listener']);
  });

  test('writes an object as JSON and gives binary data as a buffer', () => {
    const socket = new FakeWebSocket(url);
    const seen: unknown[] = [];
    socket.addEventListener('message', ({ data }: { data: unknown }) => seen.push(data));
    socket.remote.open();
    socket.remote.message({ type: 'ping' });
    socket.remote.message(new Uint8Array([1, 2]).subarray(1));
    expect(seen).toEqual(['{"type":"ping"}', new Uint8Array([2]).buffer]);
  });

  test('throws on send while connecting, as a browser does', () => {
    expect(() => new FakeWebSocket(url).send('early')).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
  });

  test('throws nothing on send once closing, but delivers nothing either', () => {
    const world = fakeWorld();
    const socket = new FakeWebSocket(url, world);
    socket.remote.open();
    socket.send('taken');
    socket.remote.closing();
    socket.send('lost');
    expect(world.sent.map(({ data, delivered }) => [data, delivered])).toEqual([
      ['taken', true],
      ['lost', false],
    ]);
  });

  test('knows the close codes that an application may use', () => {
    const socket = new FakeWebSocket(url);
    expect(() => socket.close(1001)).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));
    expect(() => socket.close(1000, 'x'.repeat(124))).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
    socket.close(4000);
    expect(socket.readyState).toBe(socket.CLOSING);
    expect(socket.closeCalls.map(({ code, readyState }) => [code, readyState])).toEqual([
      [1001, 0],
      [1000, 0],
      [4000, 0],
    ]);
  });

  test('fires one close event, and no open or message once it is closing', () => {
    const socket = new FakeWebSocket(url);
    const kinds = listened(socket);
    socket.close();
    socket.remote.open();
    socket.remote.message('late');
    socket.remote.close(1000);
    socket.remote.close(1006);
    expect(kinds).toEqual(['close', 'complete']);
  });

  test('is closed when the error of a failed handshake is told, and open when that of an open socket is', () => {
    const failed = new FakeWebSocket(url);
    failed.remote.error();
    const open = new FakeWebSocket(url);
    open.remote.open();
    open.remote.error();
    expect([failed.readyState, open.readyState]).toEqual([3, 1]);
  });

  test('may throw from any method and getter', () => {
    const socket = new FakeWebSocket(url);
    socket.remote.open();
    for (const method of ['send', 'close', 'readyState'] as const) socket.script.always(method, { throws: new Error(method) });
    expect(() => socket.send('x')).toThrow('send');
    expect(() => socket.close()).toThrow('close');
    expect(() => socket.readyState).toThrow('readyState');
    expect(socket.closeCalls).toHaveLength(1);
  });

  test('counts listeners but those that remove themselves, and keeps what they throw', () => {
    const world = fakeWorld();
    const socket = new FakeWebSocket(url, world);
    const listener = () => {
      throw new Error('of a listener');
    };
    socket.addEventListener('open', listener);
    socket.addEventListener('open', listener);
    socket.addEventListener('open', () => undefined, { once: true });
    expect(socket.listenerCount).toBe(1);
    socket.remote.open();
    socket.removeEventListener('open', listener);
    expect([socket.listenerCount, socket.attached, socket.detached]).toEqual([0, 2, 2]);
    expect(world.uncaught).toEqual([new Error('of a listener')]);
  });
});

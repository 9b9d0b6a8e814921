import { TestScheduler } from 'rxjs/testing';
import { timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { resolvePlatform } from '../../src/platform/platform.ts';
import { fakeDeflate, fakeInflate } from '../../src/testing/fake-compression.ts';
import { createFakePlatform, type FakePlatform } from '../../src/testing/fake-platform.ts';
import type { FakeWebSocket } from '../../src/testing/fake-web-socket.ts';

const open = (fake: FakePlatform): FakeWebSocket => {
  new fake.platform.WebSocket!('wss://sora.test/signaling' as never);
  return fake.sockets.at(-1)!;
};
const connection = (fake: FakePlatform) => new fake.platform.RTCPeerConnection!();

const transformed = (fake: FakePlatform, direction: 'CompressionStream' | 'DecompressionStream', chunks: Uint8Array[]) => {
  const stream = new fake.platform[direction]!('deflate' as never);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const seen: unknown[] = [];
  const read = () => {
    (reader.read() as PromiseLike<{ done: boolean; value?: unknown }>).then(
      ({ done, value }) => {
        seen.push(done ? 'done' : value);
        if (!done) read();
      },
      (error: unknown) => seen.push((error as Error).name),
    );
  };
  read();
  for (const chunk of chunks) writer.write(chunk as never);
  (writer.close() as PromiseLike<unknown>).then(undefined, () => undefined);
  return seen;
};

describe('createFakePlatform', () => {
  test('is taken by the SDK as it is', () => {
    const fake = createFakePlatform({ now: () => 5 });
    const platform = resolvePlatform(fake.platform);
    expect([platform.page, platform.userAgent, platform.now?.()]).toEqual([fake.page, 'rx-sora/testing', 5]);
    expect(resolvePlatform(createFakePlatform({ page: false, compression: false }).platform)).toMatchObject({
      page: null,
      CompressionStream: undefined,
    });
  });

  test('lists what is made on it and tells what is alive', () => {
    const fake = createFakePlatform();
    open(fake);
    connection(fake);
    fake.peerConnections[0]!.remote.dataChannel('signaling');
    fake.page.addEventListener('pagehide', () => undefined);
    expect(fake.leaks()).toEqual({ listeners: 1, sockets: 1, peerConnections: 1, channels: 1 });
    fake.sockets[0]!.remote.close(1000);
    fake.peerConnections[0]!.close();
    expect(fake.leaks()).toEqual({ listeners: 1, sockets: 0, peerConnections: 0, channels: 1 });
    fake.peerConnections[0]!.channels[0]!.close();
    expect(fake.leaks().channels).toBe(0);
  });

  test('what an error has closed is not alive', () => {
    const fake = createFakePlatform();
    open(fake).remote.error();
    expect(fake.leaks().sockets).toBe(0);
    const lasting = open(fake).remote;
    lasting.open();
    lasting.error();
    expect(fake.leaks().sockets).toBe(1);
    connection(fake);
    const { remote } = fake.peerConnections[0]!.remote.dataChannel('signaling');
    remote.error();
    expect(fake.leaks().channels).toBe(0);
  });

  test('knows the peer connection that counts', () => {
    const fake = createFakePlatform();
    connection(fake);
    void fake.peerConnections[0]!.createOffer();
    expect(fake.peerConnection).toBeNull();
    connection(fake);
    expect(fake.peerConnection).toBeNull(); // it may have been made in advance
    void fake.peerConnections[1]!.setRemoteDescription({ type: 'offer', sdp: '' });
    expect(fake.peerConnection).toBe(fake.peerConnections[1]);
  });

  test('stamps its record with virtual time inside TestScheduler.run', () => {
    const times: number[] = [];
    new TestScheduler(() => undefined).run(({ flush }) => {
      const fake = createFakePlatform();
      open(fake);
      timer(40).subscribe(() => {
        fake.sockets[0]!.remote.open();
        fake.sockets[0]!.send('x');
        times.push(...fake.records.map(({ at }) => at));
      });
      flush();
    });
    expect(times).toEqual([0, 40, 40]);
  });

  test('scripts all objects of a sort, constructors included', () => {
    const fake = createFakePlatform();
    fake.scripts.webSocket.next('new', { throws: new Error('blocked') });
    fake.scripts.webSocket.always('close', { throws: new Error('no close') });
    expect(() => open(fake)).toThrow('blocked');
    open(fake);
    expect(() => fake.sockets[0]!.close()).toThrow('no close');
    expect(fake.sockets).toHaveLength(1);
  });

  test('compresses at once, and inflates what it compressed', () => {
    const fake = createFakePlatform();
    const message = new TextEncoder().encode('message');
    expect(transformed(fake, 'CompressionStream', [message.slice(0, 3), message.slice(3)])).toEqual([fakeDeflate('message'), 'done']);
    expect(transformed(fake, 'DecompressionStream', [fakeDeflate('message')])).toEqual([message, 'done']);
    expect(transformed(fake, 'DecompressionStream', [message])).toEqual(['TypeError']);
    expect(fake.unhandledRejections).toEqual([]);
    expect(() => fakeInflate(message)).toThrow(TypeError);
  });

  test('holds an inflation until it is released', () => {
    const fake = createFakePlatform();
    const held = fake.scripts.decompression.hold('transform');
    const seen = transformed(fake, 'DecompressionStream', [fakeDeflate('x')]);
    expect(seen).toEqual([]);
    held.release();
    expect(seen).toEqual([new TextEncoder().encode('x'), 'done']);
  });
});

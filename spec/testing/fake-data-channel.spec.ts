import { describe, expect, test } from 'vitest';
import { FakeDataChannel } from '../../src/testing/fake-data-channel.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';
import { fromDataChannel } from '../../src/transports/data-channel.ts';

const listened = (channel: FakeDataChannel) => {
  const kinds: string[] = [];
  fromDataChannel(channel, () => 0).subscribe({ next: ({ kind }) => kinds.push(kind), complete: () => kinds.push('complete') });
  return kinds;
};

describe('FakeDataChannel', () => {
  test('tells what its far end does, in order', () => {
    const channel = new FakeDataChannel('#chat');
    const kinds = listened(channel);
    channel.remote.open();
    channel.remote.message('hello');
    channel.remote.closing(true);
    channel.remote.close();
    channel.remote.message('late');
    expect(kinds).toEqual(['open', 'message', 'closing', 'close', 'complete']);
  });

  test('is closed already when its error is told; the close follows once', () => {
    const channel = new FakeDataChannel('#chat');
    const kinds = listened(channel);
    channel.remote.open();
    channel.remote.error();
    expect(channel.readyState).toBe('closed');
    channel.remote.fail();
    expect(kinds).toEqual(['open', 'error', 'close', 'complete']);
  });

  test('throws on send unless it is open', () => {
    const channel = new FakeDataChannel('#chat');
    const invalid = expect.objectContaining({ name: 'InvalidStateError' }) as unknown as Error;
    expect(() => channel.send('early')).toThrow(invalid);
    channel.remote.open();
    channel.send('now');
    channel.remote.closing();
    expect(() => channel.send('late')).toThrow(invalid);
    expect(channel.world.sent.map(({ label, data }) => [label, data])).toEqual([['#chat', 'now']]);
  });

  test('takes no message larger than the association does', () => {
    const channel = new FakeDataChannel('#chat', { maxMessageSize: 2 });
    channel.remote.open();
    expect(() => channel.send('éé')).toThrow(TypeError);
    channel.send('é');
  });

  test('keeps bytes in its buffer where it is told to, and says when they are gone', () => {
    const channel = new FakeDataChannel('#chat', { holdsBuffer: true });
    const kinds = listened(channel);
    channel.remote.open();
    channel.bufferedAmountLowThreshold = 3;
    channel.send(new Uint8Array(5));
    expect(channel.bufferedAmount).toBe(5);
    channel.remote.drain(1);
    channel.remote.drain(1);
    channel.remote.drain();
    expect([channel.bufferedAmount, kinds]).toEqual([0, ['open', 'bufferedamountlow']]);
  });

  test('closes: the state is closing until the far end has closed as well', () => {
    const world = fakeWorld(() => 7);
    const channel = new FakeDataChannel('#chat', {}, world);
    channel.remote.open();
    channel.close();
    expect([channel.readyState, channel.closeCalls]).toEqual(['closing', [{ at: 7, readyState: 'open' }]]);
    channel.remote.close();
    expect(channel.readyState).toBe('closed');
  });
});

import { describe, expect, test } from 'vitest';
import { FakeDataChannel } from '../../src/testing/fake-data-channel.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';
import { fromDataChannel } from '../../src/transports/data-channel.ts';
import type { DataChannelEvent } from '../../src/model/session-event.ts';
import { marbles } from '../support/marbles.ts';

const label = 'signaling';
const source = 'datachannel';
const at = 7;
const now = (): number => at;
const channelOf = (handlersOnly = false): FakeDataChannel =>
  new FakeDataChannel(
    label,
    {},
    fakeWorld(() => 0, handlersOnly),
  );
const event = (kind: string, fields: object = {}): object => ({ source, kind, at, label, ...fields });

function heard(channel: FakeDataChannel): (DataChannelEvent | '|' | '#')[] {
  const all: (DataChannelEvent | '|' | '#')[] = [];
  fromDataChannel(channel, now).subscribe({ next: (each) => all.push(each), complete: () => all.push('|'), error: () => all.push('#') });
  return all;
}

for (const handlersOnly of [false, true]) {
  describe(handlersOnly ? 'fromDataChannel, on a channel with on… handlers only' : 'fromDataChannel', () => {
    test('never: a channel that says nothing', () => {
      const channel = channelOf(handlersOnly);
      expect(heard(channel)).toEqual([]);
      expect(channel.listenerCount).toBe(6);
    });

    test('open, message, low buffer, closing, close, and completion; the listeners are gone', () => {
      const channel = channelOf(handlersOnly);
      const all = heard(channel);
      channel.remote.open();
      channel.remote.message('{}');
      channel.fire('bufferedamountlow');
      channel.remote.closing(true);
      channel.remote.close();
      expect(all).toStrictEqual([
        event('open'),
        event('message', { data: '{}' }),
        event('bufferedamountlow'),
        event('closing'),
        event('close'),
        '|',
      ]);
      expect(channel.listenerCount).toBe(0);
    });

    test('open already, and then the event: said once', () => {
      const channel = channelOf(handlersOnly);
      channel.remote.open(true);
      const all = heard(channel);
      expect(all).toStrictEqual([event('open')]);
      channel.fire('open');
      expect(all).toStrictEqual([event('open')]);
    });

    test('closed already: close, and completion', () => {
      const channel = channelOf(handlersOnly);
      channel.remote.close();
      expect(heard(channel)).toStrictEqual([event('close'), '|']);
      expect(channel.listenerCount).toBe(0);
    });

    test.each(['connecting', 'closing'])('%s already: nothing yet', (state) => {
      const channel = channelOf(handlersOnly);
      if (state === 'closing') channel.remote.closing();
      expect(heard(channel)).toStrictEqual([]);
    });

    test('an error is followed by its close', () => {
      const channel = channelOf(handlersOnly);
      const all = heard(channel);
      channel.remote.fail({ errorDetail: 'sctp-failure', sctpCauseCode: 12 });
      expect(all).toStrictEqual([event('error', { errorDetail: 'sctp-failure', sctpCauseCode: 12 }), event('close'), '|']);
    });

    test('nothing is lost between creation and first subscription', () => {
      const channel = channelOf(handlersOnly);
      const events$ = fromDataChannel(channel, now);
      channel.remote.open();
      channel.remote.message('a');
      channel.remote.fail();
      const kinds: string[] = [];
      events$.subscribe({ next: ({ kind }) => kinds.push(kind), complete: () => kinds.push('|') });
      expect(kinds).toEqual(['open', 'message', 'error', 'close', '|']);
    });

    test('a second subscriber gets what comes from then on', () => {
      const channel = channelOf(handlersOnly);
      const events$ = fromDataChannel(channel, now);
      const kinds: string[] = [];
      events$.subscribe();
      channel.remote.open();
      events$.subscribe(({ kind }) => kinds.push(kind));
      channel.remote.message('a');
      expect(kinds).toEqual(['message']);
    });

    test('early unsubscribe: the listeners are gone, the channel is left alone', () => {
      const channel = channelOf(handlersOnly);
      fromDataChannel(channel, now).subscribe().unsubscribe();
      expect(channel.listenerCount).toBe(0);
      expect(channel.closeCalls).toEqual([]);
    });

    test('resubscribe: listens again, and the state it finds comes first', () => {
      const channel = channelOf(handlersOnly);
      const events$ = fromDataChannel(channel, now);
      const kinds: string[] = [];
      channel.remote.open();
      events$.subscribe(({ kind }) => kinds.push(kind)).unsubscribe();
      events$.subscribe(({ kind }) => kinds.push(kind));
      channel.remote.close();
      expect(kinds).toEqual(['open', 'open', 'close']);
      expect(channel.listenerCount).toBe(0);
    });

    test('resubscribe to one that has closed meanwhile', () => {
      const channel = channelOf(handlersOnly);
      const events$ = fromDataChannel(channel, now);
      events$.subscribe().unsubscribe();
      channel.remote.close();
      const kinds: string[] = [];
      events$.subscribe({ next: ({ kind }) => kinds.push(kind), complete: () => kinds.push('|') });
      expect(kinds).toEqual(['close', '|']);
    });
  });
}

describe('fromDataChannel, what channels differ in', () => {
  test.each<[string, unknown, object]>([
    ['both details', { error: { errorDetail: 'dtls-failure', sctpCauseCode: 4 } }, { errorDetail: 'dtls-failure', sctpCauseCode: 4 }],
    ['a cause code of 0', { error: { errorDetail: 'sctp-failure', sctpCauseCode: 0 } }, { errorDetail: 'sctp-failure', sctpCauseCode: 0 }],
    ['no cause code', { error: { errorDetail: 'data-channel-failure', sctpCauseCode: null } }, { errorDetail: 'data-channel-failure' }],
    ['details of another type', { error: { errorDetail: 7, sctpCauseCode: '12' } }, {}],
    ['a cause code that is no number of JSON', { error: { sctpCauseCode: NaN } }, {}],
    ['an error without details', { error: new Error('x') }, {}],
    ['no error in it', { error: null }, {}],
    ['nothing in it', {}, {}],
  ])('an error event with %s', (_, fields, told) => {
    const channel = channelOf();
    const all = heard(channel);
    channel.fire('error', fields as Record<string, unknown>);
    expect(all).toStrictEqual([event('error', told)]);
  });

  test.each([
    ['text', 'text', 'text'],
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2])],
    ['a Buffer, which is a view', Buffer.from([1, 2]), Buffer.from([1, 2])],
    ['another view, with its offset', new Uint16Array(new Uint8Array([0, 0, 1, 2, 3, 3]).buffer, 2, 1), new Uint8Array([1, 2])],
  ])('data as %s', (_, data, told) => {
    const channel = channelOf();
    const all = heard(channel);
    channel.fire('message', { data });
    expect(all).toStrictEqual([event('message', { data: told })]);
  });

  test.each([[undefined], [null], [5], [new Date(0)]])('data that is neither text nor bytes is dropped: %o', (data) => {
    const channel = channelOf();
    const all = heard(channel);
    channel.fire('message', { data });
    expect(all).toEqual([]);
  });

  test('binary data is asked for as ArrayBuffer', () => {
    const channel = channelOf();
    channel.binaryType = 'blob';
    fromDataChannel(channel);
    expect(channel.binaryType).toBe('arraybuffer');
  });

  test(
    'the clock is by default the one of RxJS, which is virtual here',
    marbles((m) => {
      const channel = channelOf();
      const events$ = fromDataChannel(channel);
      m.cold('---o--c').subscribe((letter) => {
        if (letter === 'o') channel.remote.open();
        else channel.remote.close();
      });
      m.expect(events$).toBeObservable('---o--(c|)', {
        o: { source, kind: 'open', at: 3, label },
        c: { source, kind: 'close', at: 6, label },
      });
    }),
  );
});

describe('fromDataChannel, where the state cannot be read (P22)', () => {
  test('it is listened to all the same, and the listeners go with its close', () => {
    const channel = channelOf();
    channel.script.always('readyState', { throws: new Error('a getter threw') });
    Object.defineProperty(channel, 'binaryType', {
      set: () => {
        throw new Error('a setter threw');
      },
    });
    const all = heard(channel);
    expect(channel.listenerCount).toBe(6);
    channel.remote.close();
    expect(all).toStrictEqual([event('close'), '|']);
    expect(channel.listenerCount).toBe(0);
  });
});

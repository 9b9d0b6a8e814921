import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { FakeWebSocket } from '../../src/testing/fake-web-socket.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';
import { fromWebSocket } from '../../src/transports/web-socket.ts';
import type { WebSocketEvent } from '../../src/model/session-event.ts';
import { marbles } from '../support/marbles.ts';

const url = 'wss://sora.test/signaling';
const source = 'websocket';
const at = 7;
const now = (): number => at;
const socketOf = (handlersOnly = false): FakeWebSocket =>
  new FakeWebSocket(
    url,
    fakeWorld(() => 0, handlersOnly),
  );

/** Everything that a socket tells, the end included. */
function heard(socket: FakeWebSocket): (WebSocketEvent | '|' | '#')[] {
  const all: (WebSocketEvent | '|' | '#')[] = [];
  fromWebSocket(socket, now).subscribe({ next: (event) => all.push(event), complete: () => all.push('|'), error: () => all.push('#') });
  return all;
}

const open = { source, kind: 'open', at, url };
const closed = (code: number, reason = '', wasClean = code !== 1006) => ({ source, kind: 'close', at, url, code, reason, wasClean });

for (const handlersOnly of [false, true]) {
  describe(handlersOnly ? 'fromWebSocket, on a socket with on… handlers only' : 'fromWebSocket', () => {
    test('never: a socket that says nothing', () => {
      const socket = socketOf(handlersOnly);
      expect(heard(socket)).toEqual([]);
      expect(socket.listenerCount).toBe(4);
    });

    test('open, messages, error, close, and completion; the listeners are gone', () => {
      const socket = socketOf(handlersOnly);
      const all = heard(socket);
      socket.remote.open();
      socket.remote.message('{"type":"ping"}');
      socket.remote.error();
      socket.remote.close(1006);
      expect(all).toStrictEqual([
        open,
        { source, kind: 'message', at, url, data: '{"type":"ping"}' },
        { source, kind: 'error', at, url },
        closed(1006),
        '|',
      ]);
      expect(socket.listenerCount).toBe(0);
    });

    test('the reason and the cleanness of a close', () => {
      const socket = socketOf(handlersOnly);
      const all = heard(socket);
      socket.remote.close(4490, 'INTERNAL-ERROR', true);
      expect(all).toStrictEqual([closed(4490, 'INTERNAL-ERROR', true), '|']);
    });

    test.each<[Record<string, unknown>]>([
      [{}],
      [{ code: null, reason: null, wasClean: null }],
      [{ code: NaN, reason: 1, wasClean: 'no' }],
      [{ code: '1000' }],
    ])('a close whose members say nothing: 1006 without a reason, %o', (fields) => {
      const socket = socketOf(handlersOnly);
      const all = heard(socket);
      socket.fire('close', fields);
      expect(all).toStrictEqual([closed(1006), '|']);
    });

    test('an error without a close does not end the stream (Q08)', () => {
      const socket = socketOf(handlersOnly);
      const all = heard(socket);
      socket.remote.open();
      socket.remote.error();
      expect(all).toStrictEqual([open, { source, kind: 'error', at, url }]);
      expect(socket.listenerCount).toBe(4);
    });

    test('nothing comes after close', () => {
      const socket = socketOf(handlersOnly);
      const all = heard(socket);
      socket.remote.close(1000);
      socket.fire('message', { data: 'late' });
      socket.fire('close', { code: 1006 });
      expect(all).toStrictEqual([closed(1000), '|']);
    });

    test('open already: it says so first, and once', () => {
      const socket = socketOf(handlersOnly);
      socket.remote.open();
      const all = heard(socket);
      expect(all).toStrictEqual([open]);
      socket.fire('open');
      expect(all).toStrictEqual([open]);
    });

    test('closed already: 1006, as nobody knows the true code, and completion', () => {
      const socket = socketOf(handlersOnly);
      socket.remote.close(1000);
      expect(heard(socket)).toStrictEqual([closed(1006), '|']);
      expect(socket.listenerCount).toBe(0);
    });

    test('closing already: only the close is to come', () => {
      const socket = socketOf(handlersOnly);
      socket.remote.closing();
      const all = heard(socket);
      expect(all).toStrictEqual([]);
      socket.remote.close(1000);
      expect(all).toStrictEqual([closed(1000), '|']);
    });

    test('nothing is lost between creation and first subscription', () => {
      const socket = socketOf(handlersOnly);
      const events$ = fromWebSocket(socket, now);
      socket.remote.open();
      socket.remote.message('a');
      socket.remote.close(1000);
      const kinds: string[] = [];
      events$.subscribe({ next: ({ kind }) => kinds.push(kind), complete: () => kinds.push('|') });
      expect(kinds).toEqual(['open', 'message', 'close', '|']);
    });

    test('a second subscriber gets what comes from then on', () => {
      const socket = socketOf(handlersOnly);
      const events$ = fromWebSocket(socket, now);
      const kinds: string[] = [];
      events$.subscribe();
      socket.remote.open();
      events$.subscribe({ next: ({ kind }) => kinds.push(kind), complete: () => kinds.push('|') });
      socket.remote.close(1000);
      expect(kinds).toEqual(['close', '|']);
    });

    test('early unsubscribe: the listeners are gone, the socket is left alone', () => {
      const socket = socketOf(handlersOnly);
      fromWebSocket(socket, now).subscribe().unsubscribe();
      expect(socket.listenerCount).toBe(0);
      expect(socket.closeCalls).toEqual([]);
    });

    test('resubscribe: listens again, and the state it finds comes first; a close in between is 1006', () => {
      const socket = socketOf(handlersOnly);
      const events$ = fromWebSocket(socket, now);
      const kinds: string[] = [];
      socket.remote.open();
      events$.subscribe(({ kind }) => kinds.push(kind)).unsubscribe();
      const again = events$.subscribe(({ kind }) => kinds.push(kind));
      socket.remote.message('a');
      again.unsubscribe();
      socket.remote.close(1000);
      const last: unknown[] = [];
      events$.subscribe({ next: (event) => last.push(event), complete: () => last.push('|') });
      expect(kinds).toEqual(['open', 'open', 'message']);
      expect(last).toStrictEqual([closed(1006), '|']);
    });
  });
}

describe('fromWebSocket, what sockets differ in', () => {
  test.each([[undefined], [null], [5], [[1, 2]], [new Date(0)]])('data that is neither text nor bytes is dropped: %o', (data) => {
    const socket = socketOf();
    const all = heard(socket);
    socket.fire('message', { data });
    expect(all).toEqual([]);
  });

  test.each([
    ['text', 'text', 'text'],
    ['an ArrayBuffer', new Uint8Array([1, 2]).buffer, new Uint8Array([1, 2])],
    ['a Uint8Array', new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    ['another view, with its offset', new DataView(new Uint8Array([0, 1, 2, 3]).buffer, 1, 2), new Uint8Array([1, 2])],
  ])('data as %s', (_, data, told) => {
    const socket = socketOf();
    const all = heard(socket);
    socket.fire('message', { data });
    expect(all).toStrictEqual([{ source, kind: 'message', at, url, data: told }]);
  });

  test('binary data is asked for as ArrayBuffer', () => {
    const socket = socketOf();
    fromWebSocket(socket);
    expect(socket.binaryType).toBe('arraybuffer');
  });

  test('events are plain objects; a close without fields is 1006', () => {
    const socket = socketOf();
    const all = heard(socket);
    socket.fire('close', {});
    expect(all).toStrictEqual([closed(1006), '|']);
  });

  test('a socket that does not tell its URL', () => {
    const all: unknown[] = [];
    const socket = { readyState: 3, send: () => undefined, close: () => undefined };
    fromWebSocket(socket, now).subscribe((event) => all.push(event));
    expect(all).toStrictEqual([{ source, kind: 'close', at, url: '', code: 1006, reason: '', wasClean: false }]);
  });

  test('a real EventTarget with the events of the platform', () => {
    const socket = Object.assign(new EventTarget(), {
      readyState: 0,
      url,
      binaryType: 'blob',
      send: () => undefined,
      close: () => undefined,
    });
    const all: unknown[] = [];
    fromWebSocket(socket, now).subscribe({ next: (event) => all.push(event), complete: () => all.push('|') });
    socket.dispatchEvent(new Event('open'));
    socket.dispatchEvent(new MessageEvent('message', { data: 'a' }));
    socket.dispatchEvent(new Event('error'));
    socket.dispatchEvent(Object.assign(new Event('close'), { code: 1001, reason: 'going away', wasClean: true }));
    expect(all).toStrictEqual([
      open,
      { source, kind: 'message', at, url, data: 'a' },
      { source, kind: 'error', at, url },
      closed(1001, 'going away'),
      '|',
    ]);
  });

  test(
    'the clock is by default the one of RxJS, which is virtual here',
    marbles((m) => {
      const socket = socketOf();
      const events$ = fromWebSocket(socket);
      m.cold('---o').subscribe(() => socket.remote.open());
      m.expect(events$).toBeObservable('---o', { o: { source, kind: 'open', at: 3, url } });
    }),
  );

  test('and each event has its own time', () => {
    let clockMs = 0;
    const socket = socketOf();
    const times: number[] = [];
    fromWebSocket(socket, () => (clockMs += 1)).subscribe((event) => times.push(event.at));
    socket.remote.open();
    socket.remote.message('a');
    socket.remote.error();
    socket.remote.close();
    expect(times).toEqual([1, 2, 3, 4]);
  });

  test('in a plain TestScheduler: error and close of one task are one frame, in this order', () => {
    new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected);
    }).run(({ cold, expectObservable }) => {
      const socket = socketOf();
      cold('5ms f').subscribe(() => socket.remote.fail(1006));
      expectObservable(fromWebSocket(socket, now)).toBe('5ms (ec|)', { e: { source, kind: 'error', at, url }, c: closed(1006) });
    });
  });
});

describe('fromWebSocket, where the state cannot be read (P22)', () => {
  test('it is listened to all the same, and the listeners go with its close', () => {
    const socket = socketOf();
    socket.script.always('readyState', { throws: new Error('a getter threw') });
    Object.defineProperty(socket, 'binaryType', {
      set: () => {
        throw new Error('a setter threw');
      },
    });
    const all = heard(socket);
    expect(socket.listenerCount).toBe(4);
    socket.remote.close(1000);
    expect(all).toStrictEqual([closed(1000), '|']);
    expect(socket.listenerCount).toBe(0);
  });
});

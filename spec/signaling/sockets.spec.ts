import { describe, expect, test } from 'vitest';
import { type Sockets, createSockets } from '../../src/signaling/sockets.ts';
import type { SignalingUrlPolicy } from '../../src/signaling/url-policy.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';

type Kind = 'open' | 'message' | 'error' | 'close';

/** A WebSocket with `on…` handlers. */
class Socket {
  readonly url: string;
  readyState = 0;
  readonly calls: unknown[][] = [];
  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onclose: ((event: object) => void) | null = null;

  constructor(url: string) {
    this.url = url;
  }

  send(text: string): void {
    this.calls.push(['send', text]);
  }

  close(...given: unknown[]): unknown {
    this.calls.push(['close', ...given]);
    if (this.url.startsWith('stuck')) throw new Error('no');
    return this.url.startsWith('promise') ? Promise.reject(new Error('no')) : undefined;
  }

  fire(kind: Kind): void {
    if (kind === 'open') this.readyState = 1;
    if (kind === 'close') this.readyState = 3;
    this[`on${kind}`]?.({ data: 'text', code: 1006 });
  }
}

interface Rig {
  readonly sockets: Sockets;
  /** What was opened and closed, in order. */
  readonly calls: string[];
  /** URL, what happened, and whether it counts. */
  readonly events: string[];
  readonly refused: unknown[];
  readonly socket: (url: string) => Socket;
  readonly fire: (url: string, kind: Kind) => void;
}

/** A URL that begins with `bad` cannot be opened, one that begins with `stuck` throws when it is closed. */
function rig(policy?: SignalingUrlPolicy): Rig {
  const calls: string[] = [];
  const events: string[] = [];
  const refused: unknown[] = [];
  const made = new Map<string, Socket>();
  class WebSocket extends Socket {
    constructor(url: string) {
      super(url);
      calls.push(`open ${url}`);
      if (url.startsWith('bad')) throw new SyntaxError('no URL');
      made.set(url, this);
    }

    override close(...given: unknown[]): unknown {
      calls.push(`close ${this.url}`);
      return super.close(...given);
    }
  }
  const sockets = createSockets({
    platform: { WebSocket: WebSocket },
    now: () => 0,
    policy,
    limitMs: 3000,
    emit: (event, counts) => {
      if (event.source === 'websocket') events.push(`${event.url} ${event.kind}: ${counts ? 'counts' : 'other'}`);
      else
        events.push('what' in event ? `${event.url} failed by ${event.what}` : `${'url' in event ? (event.url ?? '') : ''} ${event.kind}`);
    },
    refused: (error, url) => refused.push(error, url),
  });
  const socket = (url: string): Socket => made.get(url)!;
  return { sockets, calls, events, refused, socket, fire: (url, kind) => socket(url).fire(kind) };
}

/** Runs in virtual time: something at some times, until ten seconds have passed. */
function inTime(begin: () => void, events: Readonly<Record<number, () => void>> = {}): void {
  const planned = Object.entries(events).map(([at, run]) => ({ at: Number(at), run }));
  const { errors } = runInVirtualTime(planned, 10_000, begin, () => undefined);
  expect(errors).toEqual([]);
}

describe('one URL', () => {
  test('whatever its socket reports counts, however late', () => {
    const r = rig();
    inTime(() => r.sockets.open(['a']), {
      9000: () => r.fire('a', 'open'),
      9001: () => r.fire('a', 'message'),
      9002: () => r.fire('a', 'close'),
    });
    expect(r.events).toEqual(['a open: counts', 'a message: counts', 'a close: counts']);
    expect(r.calls).toEqual(['open a']);
  });

  test('its failure is the cause, and what follows counts as well', () => {
    const r = rig();
    inTime(() => r.sockets.open(['a']), { 1: () => r.fire('a', 'error'), 2: () => r.fire('a', 'close') });
    expect(r.events).toEqual(['a error: counts', 'a close: counts']);
    expect(r.calls).toEqual(['open a']);
  });

  test('a URL that no socket can be made for is refused with the error', () => {
    const r = rig();
    inTime(() => r.sockets.open(['bad?token=SECRET']));
    expect(r.refused).toEqual([new SyntaxError('no URL'), 'bad']);
    expect(r.sockets.state()).toBeNull();
  });

  test('without a socket nothing is sent, and closing succeeds', () => {
    const r = rig();
    r.sockets.send('before');
    inTime(() => r.sockets.open(['bad']));
    r.sockets.send('after');
    expect([r.sockets.close(), r.calls]).toEqual([true, ['open bad']]);
  });

  test('its state is in words, and null for a state that does not exist', () => {
    const r = rig();
    r.sockets.open(['a']);
    const states = [0, 1, 2, 3, 4].map((readyState) => {
      r.socket('a').readyState = readyState;
      return r.sockets.state();
    });
    expect(states).toEqual(['connecting', 'open', 'closing', 'closed', null]);
    expect([r.sockets.url(), rig().sockets.url(), rig().sockets.state()]).toEqual(['a', null, null]);
  });

  test('text is sent on it, and what the socket throws is thrown', () => {
    const r = rig();
    r.sockets.open(['a']);
    r.sockets.send('{}');
    expect(r.socket('a').calls).toEqual([['send', '{}']]);
    r.socket('a').send = () => {
      throw new Error('closed');
    };
    expect(() => r.sockets.send('{}')).toThrow('closed');
  });
});

describe('several URLs', () => {
  test('are opened at once; the first that opens counts, the others are closed and have no part in the session', () => {
    const r = rig();
    inTime(() => r.sockets.open(['a', 'b', 'c']), {
      1: () => r.fire('b', 'open'),
      2: () => r.fire('a', 'close'),
      3: () => r.fire('c', 'open'),
      4: () => r.fire('b', 'message'),
    });
    expect(r.calls).toEqual(['open a', 'open b', 'open c', 'close a', 'close c']);
    expect(r.events).toEqual(['b open: counts', 'a close: other', 'c open: other', 'b message: counts']);
    expect(r.sockets.url()).toBe('b');
  });

  test('none counts before one has opened', () => {
    const r = rig();
    r.sockets.open(['a', 'b']);
    expect([r.sockets.url(), r.sockets.state()]).toEqual([null, null]);
  });

  test('a failure is no cause while another URL is left; the last one is (Q49)', () => {
    const r = rig();
    inTime(() => r.sockets.open(['a', 'b', 'c']), {
      1: () => r.fire('a', 'error'),
      2: () => r.fire('a', 'close'),
      3: () => r.fire('b', 'close'),
      4: () => r.fire('c', 'error'),
      5: () => r.fire('c', 'close'),
      6: () => r.fire('a', 'open'),
    });
    expect(r.events).toEqual([
      'a error: other',
      'a failed by error',
      'a close: other',
      'b close: other',
      'b failed by close',
      'c error: counts',
      'c close: counts',
      'a open: other',
    ]);
    expect(r.calls).toEqual(['open a', 'open b', 'open c', 'close a']);
  });

  test('a URL that no socket can be made for is a failure like any other (Q49)', () => {
    const r = rig();
    inTime(() => r.sockets.open(['bad', 'a']), { 1: () => r.fire('a', 'open') });
    expect([r.events, r.refused]).toEqual([['bad failed by refused', 'a open: counts'], []]);
    const last = rig();
    inTime(() => last.sockets.open(['a', 'bad']), { 1: () => last.fire('a', 'close') });
    expect(last.events).toEqual(['bad failed by refused', 'a close: counts']);
  });

  test('where no socket can be made for any of them, the last is refused', () => {
    const r = rig();
    inTime(() => r.sockets.open(['bad-a', 'bad-b']));
    expect([r.events, r.refused]).toEqual([['bad-a failed by refused'], [new SyntaxError('no URL'), 'bad-b']]);
  });

  test('each has its time to open; those that are late are closed, and the last of them is the cause (Q52)', () => {
    const r = rig();
    inTime(() => r.sockets.open(['a', 'b', 'c']), { 2999: () => r.fire('c', 'close') });
    expect(r.events).toEqual(['c close: other', 'c failed by close', 'a failed by timeout', 'b unreachable']);
    expect(r.calls).toEqual(['open a', 'open b', 'open c', 'close a', 'close b']);
  });

  test('one that was too slow does not count although it opens later', () => {
    const r = rig();
    inTime(() => r.sockets.open(['a', 'b']), { 3001: () => r.fire('a', 'open') });
    expect(r.events).toEqual(['a failed by timeout', 'b unreachable', 'a open: other']);
  });

  test('the URL of a failure is reported without user, password, query and fragment', () => {
    const r = rig();
    inTime(() => r.sockets.open(['wss://u:p@x.test/s?token=SECRET', 'a']), {
      1: () => r.fire('wss://u:p@x.test/s?token=SECRET', 'close'),
    });
    expect(r.events).toContain('wss://x.test/s failed by close');
  });
});

describe('the progress that candidates report', () => {
  test('comes from the session and counts', () => {
    const seen: unknown[] = [];
    class WebSocket extends Socket {}
    inTime(() =>
      createSockets({
        platform: { WebSocket: WebSocket },
        now: () => 7,
        policy: undefined,
        limitMs: 3000,
        emit: (event, counts) => seen.push(event, counts),
        refused: () => expect.fail('was refused'),
      }).open(['wss://a.test/', 'wss://b.test/']),
    );
    expect(seen).toStrictEqual([
      { source: 'session', kind: 'url-failed', at: 7, url: 'wss://a.test/', what: 'timeout' },
      true,
      { source: 'session', kind: 'unreachable', at: 7, url: 'wss://b.test/' },
      true,
    ]);
  });
});

describe('a redirect', () => {
  test('leaves no timer of the earlier call: its URLs are not late', () => {
    const r = rig();
    inTime(() => r.sockets.open(['a', 'b']), { 1000: () => r.sockets.open(['c']), 3500: () => r.fire('c', 'open') });
    expect(r.events).toEqual(['c open: counts']);
  });

  test('drops the sockets of the earlier call and counts the new one', () => {
    const r = rig();
    r.sockets.open(['a', 'b']);
    r.fire('b', 'open');
    r.sockets.open(['c']);
    r.fire('b', 'close');
    r.fire('c', 'open');
    expect(r.events).toEqual(['b open: counts', 'c open: counts']);
    expect(r.calls).toEqual(['open a', 'open b', 'close a', 'open c'].toSpliced(3, 0, 'close b'));
    expect(r.sockets.url()).toBe('c');
  });

  test('is not reported to the policy as the URL of its choice', () => {
    const reports: unknown[] = [];
    const policy: SignalingUrlPolicy = (urls) => ({ waves: [urls], headStartMs: null, report: (url) => reports.push(urls, url) });
    const r = rig(policy);
    r.sockets.open(['a']);
    r.sockets.open(['c']);
    r.sockets.report('a');
    expect(reports).toEqual([['a'], 'a']);
  });
});

describe('close', () => {
  test.each([0, 1, 2])('in state %i the socket is closed with 1000, once (Q70)', (readyState) => {
    const r = rig();
    r.sockets.open(['a']);
    r.socket('a').readyState = readyState;
    r.sockets.closeCurrent();
    expect([r.sockets.close(), r.sockets.close()]).toEqual([true, true]);
    expect(r.socket('a').calls).toEqual([['close', 1000]]);
  });

  test('closeCurrent() closes the socket that counts, and none where none counts', () => {
    const r = rig();
    r.sockets.closeCurrent();
    r.sockets.open(['a', 'b']);
    r.sockets.closeCurrent();
    expect(r.calls).toEqual(['open a', 'open b']);
    r.fire('b', 'open');
    r.sockets.open(['c']);
    r.sockets.closeCurrent();
    expect(r.calls.slice(-2)).toEqual(['open c', 'close c']);
  });

  test('one socket among several that throws makes the result false', () => {
    const r = rig();
    r.sockets.open(['stuck', 'b']);
    expect(r.sockets.close()).toBe(false);
  });

  test.each([
    [0, { on: () => undefined }, [['error', { once: true }]]],
    [0, {}, []],
    [1, { on: () => undefined }, []],
  ])(
    'in state %i, with %j, the error of the close has a listener only where the package `ws` would throw it',
    (readyState, members, expected) => {
      const r = rig();
      r.sockets.open(['a']);
      const added: unknown[] = [];
      const addEventListener = (type: string, listener: () => void, options: object): void => {
        listener();
        added.push([type, options]);
      };
      Object.assign(r.socket('a'), { readyState, addEventListener, ...members });
      r.sockets.close();
      expect(added).toEqual(expected);
    },
  );

  test('a socket that has closed by itself is left alone', () => {
    const r = rig();
    r.sockets.open(['a']);
    r.socket('a').readyState = 3;
    r.sockets.close();
    expect(r.socket('a').calls).toEqual([]);
  });

  test('a socket whose state cannot be read is closed (P22)', () => {
    const r = rig();
    r.sockets.open(['a']);
    Object.defineProperty(r.socket('a'), 'readyState', {
      get: () => {
        throw new Error('no');
      },
    });
    expect([r.sockets.state(), r.sockets.close()]).toEqual([null, true]);
    expect(r.socket('a').calls).toEqual([['close', 1000]]);
  });

  test('sockets that throw keep none of the others open, and are not closed again (P22)', () => {
    const r = rig();
    inTime(() => r.sockets.open(['stuck-a', 'b', 'stuck-c']), { 1: () => r.fire('b', 'open'), 2: () => r.sockets.close() });
    expect(r.calls.slice(3)).toEqual(['close stuck-a', 'close stuck-c', 'close b']);
    const last = rig();
    last.sockets.open(['stuck']);
    expect([last.sockets.close(), last.sockets.close()]).toEqual([false, true]);
  });

  test('a close() that returns a rejecting promise harms nobody', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const r = rig();
    r.sockets.open(['promise']);
    expect(r.sockets.close()).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect(unhandled).toEqual([]);
  });

  test('after detach() nothing is heard and no timer is left', () => {
    const r = rig();
    inTime(() => {
      r.sockets.open(['a', 'b']);
      r.sockets.detach();
      r.fire('a', 'open');
    });
    expect(r.events).toEqual([]);
  });
});

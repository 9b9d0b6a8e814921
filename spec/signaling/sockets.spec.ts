import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Link } from '../../src/signaling/link.ts';
import { type Sighting, reach } from '../../src/signaling/reach.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';
import type { WebSocketEvent } from '../../src/transports/web-socket-event.ts';

const limitMs = 3000;

interface Rig {
  /** What was opened and closed, in order. */
  readonly calls: string[];
  /** What was told: URL, what and standing. */
  readonly told: string[];
  readonly sightings: Sighting[];
  readonly tell: (url: string, kind: WebSocketEvent['kind']) => void;
  readonly start: () => void;
  readonly stop: () => void;
}

/** A URL that begins with `bad` cannot be opened, one that begins with `stuck` throws when it is closed. */
function rig(...urls: string[]): Rig {
  const calls: string[] = [];
  const events = new Map<string, Subject<WebSocketEvent>>();
  const open = (url: string): Link => {
    calls.push(`open ${url}`);
    if (url.startsWith('bad')) throw new SyntaxError('no URL');
    const told = new Subject<WebSocketEvent>();
    events.set(url, told);
    const close = (): void => {
      calls.push(`close ${url}`);
      if (url.startsWith('stuck')) throw new Error('no');
    };
    return { url, events$: told, state: () => 'connecting', send: () => undefined, close };
  };
  const sightings: Sighting[] = [];
  const told: string[] = [];
  let stop = (): void => undefined;
  return {
    calls,
    told,
    sightings,
    tell: (url, kind) => {
      events.get(url)!.next({ kind, at: 0 } as WebSocketEvent);
    },
    start: () => {
      const subscription = reach(urls, open, limitMs).subscribe((sighting) => {
        sightings.push(sighting);
        told.push(`${sighting.url} ${sighting.what.kind}: ${sighting.standing}`);
      });
      stop = () => {
        subscription.unsubscribe();
      };
    },
    stop: () => {
      stop();
    },
  };
}

/** Runs in virtual time: something at some times, until ten seconds have passed. */
function inTime(begin: () => void, events: Readonly<Record<number, () => void>> = {}): void {
  const planned = Object.entries(events).map(([at, run]) => ({ at: Number(at), run }));
  const { errors } = runInVirtualTime(planned, 10_000, begin, () => undefined);
  expect(errors).toEqual([]);
}

describe('one URL', () => {
  test('is opened when subscribed, and whatever it tells counts, however late', () => {
    const self = rig('a');
    reach(['b'], () => expect.unreachable(), limitMs);
    inTime(self.start, { 9000: () => self.tell('a', 'open'), 9001: () => self.tell('a', 'message'), 9002: () => self.tell('a', 'close') });
    expect(self.told).toEqual(['a open: current', 'a message: current', 'a close: current']);
    expect(self.calls).toEqual(['open a']);
  });

  test('its failure is the cause, and so is what follows', () => {
    const self = rig('a');
    inTime(self.start, { 1: () => self.tell('a', 'error'), 2: () => self.tell('a', 'close') });
    expect(self.told).toEqual(['a error: current', 'a close: current']);
    expect(self.calls).toEqual(['open a']);
  });

  test('that cannot be opened is told with the reason', () => {
    const self = rig('bad');
    inTime(self.start);
    expect(self.sightings).toEqual([
      {
        url: 'bad',
        link: null,
        what: { kind: 'refused', failure: { where: 'websocket', name: 'SyntaxError', message: 'no URL' } },
        standing: 'current',
      },
    ]);
  });

  test('is closed when nobody listens any more', () => {
    const self = rig('a');
    inTime(self.start, { 1: self.stop });
    expect(self.calls).toEqual(['open a', 'close a']);
  });
});

describe('several URLs', () => {
  test('are opened at once; the first that opens counts, the others are closed and do not count any more', () => {
    const self = rig('a', 'b', 'c');
    inTime(self.start, {
      1: () => self.tell('b', 'open'),
      2: () => self.tell('a', 'close'),
      3: () => self.tell('c', 'open'),
      4: () => self.tell('b', 'message'),
    });
    expect(self.calls).toEqual(['open a', 'open b', 'open c', 'close a', 'close c']);
    expect(self.told.slice(0, 4)).toEqual(['b open: current', 'a close: other', 'c open: other', 'b message: current']);
  });

  test('the one that counts has no limit', () => {
    const self = rig('a', 'b');
    inTime(self.start, { 1: () => self.tell('a', 'open'), 2: () => self.tell('b', 'close') });
    expect(self.told).toEqual(['a open: current', 'b close: other']);
  });

  test('Q49: a failure is no cause while another is left; the last one is', () => {
    const self = rig('a', 'b', 'c');
    inTime(self.start, {
      1: () => self.tell('a', 'error'),
      2: () => self.tell('a', 'close'),
      3: () => self.tell('b', 'close'),
      4: () => self.tell('c', 'error'),
      5: () => self.tell('c', 'close'),
      6: () => self.tell('a', 'open'),
    });
    expect(self.told).toEqual([
      'a error: failed',
      'a close: other',
      'b close: failed',
      'c error: current',
      'c close: current',
      'a open: other',
    ]);
    expect(self.calls).toEqual(['open a', 'open b', 'open c', 'close a']);
  });

  test('Q49: one that cannot be opened is a failure like any other', () => {
    const self = rig('bad', 'a');
    inTime(self.start, { 1: () => self.tell('a', 'open') });
    expect(self.told).toEqual(['bad refused: failed', 'a open: current']);
    const last = rig('a', 'bad');
    inTime(last.start, { 1: () => last.tell('a', 'close') });
    expect(last.told).toEqual(['bad refused: failed', 'a close: current']);
  });

  test('where the last of them could not even be opened, nothing else counts', () => {
    const self = rig('bad-a', 'bad-b');
    inTime(self.start);
    expect(self.told).toEqual(['bad-a refused: failed', 'bad-b refused: current']);
  });

  test('each has its time to open; those that are late are closed, and the last of them is the cause', () => {
    const self = rig('a', 'b', 'c');
    inTime(self.start, { 2999: () => self.tell('c', 'close') });
    expect(self.told).toEqual(['c close: failed', 'a timeout: failed', 'b timeout: current']);
    expect(self.calls).toEqual(['open a', 'open b', 'open c', 'close a', 'close b']);
  });

  test('a failed one that opens after all does not count', () => {
    const self = rig('a', 'b');
    inTime(self.start, { 3001: () => self.tell('a', 'open') });
    expect(self.told).toEqual(['a timeout: failed', 'b timeout: current', 'a open: other']);
  });

  test('P22: sockets that throw when they are closed keep none of the others open', () => {
    const self = rig('stuck-a', 'b', 'stuck-c');
    inTime(self.start, { 1: () => self.tell('b', 'open'), 2: self.stop });
    expect(self.calls.slice(3)).toEqual(['close stuck-a', 'close stuck-c', 'close stuck-a', 'close b', 'close stuck-c']);
  });
});

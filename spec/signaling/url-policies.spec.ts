import fc from 'fast-check';
import { Subject, timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { Link } from '../../src/signaling/link.ts';
import { type SignalingUrlPolicy, reachOrder } from '../../src/signaling/reach-order.ts';
import { type Sighting, reach } from '../../src/signaling/reach.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';
import type { WebSocketEvent } from '../../src/transports/web-socket-event.ts';

const limitMs = 3000;

/** What becomes of a socket, milliseconds after it was made; `refused` cannot be made, `silent` never tells anything. */
interface Fate {
  readonly what: 'open' | 'close' | 'silent' | 'refused';
  readonly afterMs: number;
}

interface Story {
  /** `at open|close url`, in order. */
  readonly calls: string[];
  readonly sightings: (Sighting & { readonly toldAt: number })[];
  readonly openedAt: ReadonlyMap<string, number>;
  readonly left: readonly string[];
  /** Timers that run when the story is left. */
  readonly timersLeft: number;
}

const urlsOf = (fates: readonly Fate[]): string[] => fates.map((_, index) => 'abcdefgh'.charAt(index));

/** Tries URLs of these fates; it is enough at a time, or never. */
function tried(
  policy: SignalingUrlPolicy,
  fates: readonly Fate[],
  favourite: string | null = null,
  enoughMs: number | null = null,
  untilMs = 60_000,
): Story {
  const urls = urlsOf(fates);
  const calls: string[] = [];
  const sightings: (Sighting & { toldAt: number })[] = [];
  const openedAt = new Map<string, number>();
  const closed = new Set<string>();
  let timersLeft = 0;
  const enough = new Subject<void>();
  const { errors } = runInVirtualTime(
    enoughMs === null ? [] : [{ at: enoughMs, run: () => enough.next() }],
    untilMs,
    (time) => {
      const open = (url: string): Link => {
        const fate = fates[urls.indexOf(url)]!;
        openedAt.set(url, time.nowMs);
        calls.push(`${time.nowMs} open ${url}`);
        if (fate.what === 'refused') throw new Error('no');
        const told = new Subject<WebSocketEvent>();
        const close = (): void => {
          if (closed.has(url)) return;
          closed.add(url);
          calls.push(`${time.nowMs} close ${url}`);
        };
        // A socket that was closed before it opened never opens. @source WHATWG WebSockets, close()
        if (fate.what !== 'silent')
          timer(fate.afterMs).subscribe(() => {
            if (!closed.has(url)) told.next({ kind: fate.what, at: time.nowMs } as WebSocketEvent);
          });
        return { url, events$: told, state: () => 'connecting', send: () => undefined, close };
      };
      reach(urls, open, limitMs, reachOrder(policy, urls, favourite), enough).subscribe((sighting) => {
        sightings.push({ ...sighting, toldAt: time.nowMs });
        if (sighting.what.kind === 'close') closed.add(sighting.url);
      });
    },
    ({ timers }) => (timersLeft = timers),
  );
  expect(errors).toEqual([]);
  return { timersLeft, calls, sightings, openedAt, left: [...openedAt.keys()].filter((url) => !closed.has(url)) };
}

const opens = (afterMs: number): Fate => ({ what: 'open', afterMs });
const closes = (afterMs: number): Fate => ({ what: 'close', afterMs });
const silent: Fate = { what: 'silent', afterMs: 0 };
const refused: Fate = { what: 'refused', afterMs: 0 };

describe('staggered', () => {
  test('the next begins 250 ms after the one before; none once one has opened', () => {
    expect(tried('staggered', [opens(600), silent, silent, silent]).calls).toEqual([
      '0 open a',
      '250 open b',
      '500 open c',
      '600 close b',
      '600 close c',
    ]);
  });

  test('or at once when that has failed', () => {
    expect(tried('staggered', [closes(100), refused, closes(10), opens(5)]).calls).toEqual([
      '0 open a',
      '100 open b',
      '100 open c',
      '110 open d',
    ]);
  });

  test('a failure of one further back hurries nobody', () => {
    expect(tried('staggered', [closes(300), silent, opens(0)]).calls.slice(0, 3)).toEqual(['0 open a', '250 open b', '500 open c']);
  });

  test('the last one has nobody to give a head start to: what runs is its limit and that of the other', () => {
    const { openedAt, timersLeft } = tried('staggered', [silent, silent], null, null, 300);
    expect([openedAt.size, timersLeft]).toEqual([2, 2]);
  });

  test('each has its own time to open', () => {
    expect(tried('staggered', [silent, silent]).calls).toEqual(['0 open a', '250 open b', '3000 close a', '3250 close b']);
  });
});

describe('sequential', () => {
  test('the next begins when the one before has failed or was too slow, and that one is closed first', () => {
    expect(tried('sequential', [closes(10), silent, opens(2999), silent]).calls).toEqual([
      '0 open a',
      '10 open b',
      '3010 close b',
      '3010 open c',
    ]);
  });

  test('where one has opened, its later end brings no other', () => {
    const { calls, sightings } = tried('sequential', [opens(10), silent]);
    expect(calls).toEqual(['0 open a']);
    expect(sightings.map(({ standing }) => standing)).toEqual(['current']);
  });

  test('Q49: only the last failure counts', () => {
    const { sightings } = tried('sequential', [refused, closes(5), silent]);
    expect(sightings.map(({ url, what, standing, toldAt }) => `${toldAt} ${url} ${what.kind} ${standing}`)).toEqual([
      '0 a refused failed',
      '5 b close failed',
      '3005 c timeout current',
    ]);
  });
});

describe('sticky', () => {
  test('the favourite alone, then all others at once as soon as it has failed', () => {
    expect(tried('sticky', [silent, opens(20), closes(7)], 'c').calls).toEqual(['0 open c', '7 open a', '7 open b', '27 close a']);
    expect(tried('sticky', [silent, opens(20), silent], 'c').calls).toEqual([
      '0 open c',
      '3000 close c',
      '3000 open a',
      '3000 open b',
      '3020 close a',
    ]);
  });

  test('nobody else where it opens', () => {
    expect(tried('sticky', [silent, opens(20), silent], 'b').calls).toEqual(['0 open b']);
  });

  test.each([null, 'x'])('all at once without one that is among them: %s', (favourite) => {
    expect(tried('sticky', [opens(1), silent], favourite).calls).toEqual(['0 open a', '0 open b', '1 close b']);
  });
});

test('a wave of several begins the next when all of it have failed, however often each of them says so', () => {
  const urls = ['a', 'b', 'c'];
  const opened: string[] = [];
  const sockets = new Map(urls.map((url) => [url, new Subject<WebSocketEvent>()]));
  const open = (url: string): Link => {
    opened.push(url);
    return { url, events$: sockets.get(url)!, state: () => 'connecting', send: () => undefined, close: () => undefined };
  };
  const tell = (url: string, kind: WebSocketEvent['kind']): void => sockets.get(url)!.next({ kind, at: 0 } as WebSocketEvent);
  const subscription = reach(urls, open, limitMs, { waves: [['a', 'b'], ['c']], headStartMs: null }).subscribe();
  tell('a', 'error');
  tell('a', 'close');
  expect(opened).toEqual(['a', 'b']);
  tell('b', 'close');
  expect(opened).toEqual(urls);
  subscription.unsubscribe();
});

const policies = ['parallel', 'staggered', 'sequential', 'sticky'] as const;

test.each(policies)('%s: one URL is opened at once and has no limit', (policy) => {
  expect(tried(policy, [opens(9000)], 'a').calls).toEqual(['0 open a']);
});

test.each(['staggered', 'sequential', 'sticky'] as const)('%s: nothing begins once it is enough', (policy) => {
  expect(tried(policy, [closes(100), opens(1), opens(1)], 'a', 50).calls).toEqual(['0 open a']);
});

describe('whatever becomes of each', () => {
  const fate: fc.Arbitrary<Fate> = fc.record({
    what: fc.constantFrom('open', 'close', 'silent', 'refused'),
    afterMs: fc.constantFrom(0, 1, 249, 250, 251, 500, 2999, 3001),
  });
  const story = fc.record({
    policy: fc.constantFrom(...policies),
    fates: fc.array(fate, { minLength: 2, maxLength: 6 }),
    pick: fc.nat(6),
  });
  /** When a socket that was made at 0 has failed; null where it opens in time. */
  const failsAfter = ({ what, afterMs }: Fate): number | null => {
    if (what === 'refused') return 0;
    if (what === 'silent' || afterMs > limitMs) return limitMs;
    return what === 'close' ? afterMs : null;
  };
  const favouriteOf = (fates: readonly Fate[], pick: number): string | null => urlsOf(fates)[pick] ?? null;

  test('exactly one survives or all have failed; the others are closed; only the last failure counts', () => {
    fc.assert(
      fc.property(story, ({ policy, fates, pick }) => {
        const { sightings, left, openedAt } = tried(policy, fates, favouriteOf(fates, pick));
        const current = sightings.filter(({ standing }) => standing === 'current');
        const mayOpen = fates.some((each) => failsAfter(each) === null);
        const failed = sightings.filter(({ standing }) => standing === 'failed');
        expect(current).toHaveLength(1);
        expect(current[0]!.what.kind === 'open').toBe(mayOpen);
        const alive = left.filter((url) => fates[urlsOf(fates).indexOf(url)]!.what !== 'refused');
        expect(alive).toEqual(mayOpen ? [current[0]!.url] : []);
        if (!mayOpen) {
          expect([failed.length, openedAt.size]).toEqual([fates.length - 1, fates.length]);
          expect(current[0]!.toldAt).toBe(
            Math.max(...sightings.filter(({ standing }) => standing !== 'other').map(({ toldAt }) => toldAt)),
          );
        }
      }),
    );
  });

  test('each begins when its policy says, and none after the first has opened', () => {
    fc.assert(
      fc.property(story, ({ policy, fates, pick }) => {
        const urls = urlsOf(fates);
        const favourite = favouriteOf(fates, pick);
        const { openedAt, sightings } = tried(policy, fates, favourite);
        const wonAt = sightings.find(({ standing, what }) => standing === 'current' && what.kind === 'open')?.toldAt ?? Infinity;
        for (const at of openedAt.values()) expect(at).toBeLessThanOrEqual(wonAt);
        const order = policy === 'sticky' && favourite !== null ? [favourite, ...urls.filter((url) => url !== favourite)] : urls;
        const [first] = order;
        let dueAt = 0;
        order.forEach((url, index) => {
          const together = policy === 'parallel' || (policy === 'sticky' && (favourite === null || index > 1));
          if (index > 0 && !together) {
            const before = policy === 'sticky' ? first! : order[index - 1]!;
            const failedMs = failsAfter(fates[urls.indexOf(before)]!) ?? Infinity;
            dueAt += policy === 'staggered' ? Math.min(250, failedMs) : failedMs;
          }
          if (openedAt.has(url)) expect(openedAt.get(url)).toBe(dueAt);
          else expect(dueAt).toBeGreaterThanOrEqual(wonAt);
        });
      }),
    );
  });
});

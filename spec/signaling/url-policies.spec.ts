import fc from 'fast-check';
import { timer } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { createSockets } from '../../src/signaling/sockets.ts';
import { sequential, staggered, sticky } from '../../src/signaling/url-policies.ts';
import { type SignalingUrlPolicy, parallel } from '../../src/signaling/url-policy.ts';
import { runInVirtualTime } from '../../src/testing/virtual-time.ts';

const limitMs = 3000;

/** What becomes of a socket, milliseconds after it was made; for `refused` none can be made, `silent` never reports anything. */
interface Fate {
  readonly what: 'open' | 'close' | 'silent' | 'refused';
  readonly afterMs: number;
}

interface Seen {
  readonly at: number;
  readonly url: string;
  readonly what: string;
  /** The socket that counts, one of several that failed, or any other. */
  readonly role: 'current' | 'failed' | 'other';
}

interface Story {
  /** `at open|close url`, in order. */
  readonly calls: string[];
  readonly seen: readonly Seen[];
  readonly openedAt: ReadonlyMap<string, number>;
  readonly left: readonly string[];
  /** Timers that run when the story is left. */
  readonly timersLeft: number;
}

const urlsOf = (fates: readonly Fate[]): string[] => fates.map((_, index) => 'abcdefgh'.charAt(index));

/** Tries URLs of these fates; no further candidate is wanted from a time on, or never. */
function tried(policy: SignalingUrlPolicy, fates: readonly Fate[], enoughMs: number | null = null, untilMs = 60_000): Story {
  const urls = urlsOf(fates);
  const calls: string[] = [];
  const seen: Seen[] = [];
  const openedAt = new Map<string, number>();
  const closed = new Set<string>();
  let timersLeft = 0;
  let stop = (): void => undefined;
  const { errors } = runInVirtualTime(
    enoughMs === null ? [] : [{ at: enoughMs, run: () => stop() }],
    untilMs,
    (time) => {
      class WebSocket {
        readonly url: string;
        readyState = 0;
        onopen: ((event: object) => void) | null = null;
        onclose: ((event: object) => void) | null = null;

        constructor(url: string) {
          this.url = url;
          const fate = fates[urls.indexOf(url)]!;
          openedAt.set(url, time.nowMs);
          calls.push(`${time.nowMs} open ${url}`);
          if (fate.what === 'refused') throw new Error('no');
          if (fate.what === 'silent') return;
          // A socket that was closed before it opened never opens. @source WHATWG WebSockets, close()
          timer(fate.afterMs).subscribe(() => {
            if (closed.has(url)) return;
            this.readyState = fate.what === 'open' ? 1 : 3;
            if (fate.what === 'close') closed.add(url);
            if (fate.what === 'open') this.onopen?.({});
            else this.onclose?.({ code: 1006 });
          });
        }

        close(): void {
          if (closed.has(this.url)) return;
          closed.add(this.url);
          calls.push(`${time.nowMs} close ${this.url}`);
        }
      }
      const note = (url: string, what: string, role: Seen['role']): void => void seen.push({ at: time.nowMs, url, what, role });
      const sockets = createSockets({
        platform: { WebSocket: WebSocket as never },
        now: () => time.nowMs,
        policy,
        limitMs,
        emit: (event, counts) => {
          if (event.source === 'websocket') {
            if (counts) note(event.url, event.kind, 'current');
          } else if (event.kind === 'url-failed') note(event.url, event.what, 'failed');
          else if (event.kind === 'unreachable') note(event.url ?? '', 'timeout', 'current');
        },
        refused: (_, url) => note(url, 'refused', 'current'),
      });
      stop = sockets.stop;
      sockets.open(urls);
    },
    ({ timers }) => (timersLeft = timers),
  );
  expect(errors).toEqual([]);
  return { timersLeft, calls, seen, openedAt, left: [...openedAt.keys()].filter((url) => !closed.has(url)) };
}

/** `sticky` for URLs over which a session connected last by one of them, or never. */
function stickyTo(favourite: string | null): SignalingUrlPolicy {
  return (urls) => {
    sticky(urls).report?.(null);
    if (favourite !== null) sticky(urls).report?.(favourite);
    return sticky(urls);
  };
}

const opens = (afterMs: number): Fate => ({ what: 'open', afterMs });
const closes = (afterMs: number): Fate => ({ what: 'close', afterMs });
const silent: Fate = { what: 'silent', afterMs: 0 };
const refused: Fate = { what: 'refused', afterMs: 0 };

describe('staggered', () => {
  test('the next begins 250 ms after the one before; none once one has opened', () => {
    expect(tried(staggered, [opens(600), silent, silent, silent]).calls).toEqual([
      '0 open a',
      '250 open b',
      '500 open c',
      '600 close b',
      '600 close c',
    ]);
  });

  test('or at once when that has failed', () => {
    expect(tried(staggered, [closes(100), refused, closes(10), opens(5)]).calls).toEqual([
      '0 open a',
      '100 open b',
      '100 open c',
      '110 open d',
    ]);
  });

  test('a failure of one further back hurries nobody', () => {
    expect(tried(staggered, [closes(300), silent, opens(0)]).calls.slice(0, 3)).toEqual(['0 open a', '250 open b', '500 open c']);
  });

  test('the last one has nobody to give a head start to: what runs is its limit and that of the other', () => {
    const { openedAt, timersLeft } = tried(staggered, [silent, silent], null, 300);
    expect([openedAt.size, timersLeft]).toEqual([2, 2]);
  });

  test('each has its own time to open', () => {
    expect(tried(staggered, [silent, silent]).calls).toEqual(['0 open a', '250 open b', '3000 close a', '3250 close b']);
  });
});

describe('sequential', () => {
  test('the next begins when the one before has failed or was too slow, and that one is closed first', () => {
    expect(tried(sequential, [closes(10), silent, opens(2999), silent]).calls).toEqual([
      '0 open a',
      '10 open b',
      '3010 close b',
      '3010 open c',
    ]);
  });

  test('where one has opened, its later end brings no other', () => {
    const { calls, seen } = tried(sequential, [opens(10), silent]);
    expect(calls).toEqual(['0 open a']);
    expect(seen.map(({ role }) => role)).toEqual(['current']);
  });

  test('only the last failure counts (Q49)', () => {
    const { seen } = tried(sequential, [refused, closes(5), silent]);
    expect(seen.map(({ at, url, what, role }) => `${at} ${url} ${what} ${role}`)).toEqual([
      '0 a refused failed',
      '5 b close failed',
      '3005 c timeout current',
    ]);
  });
});

describe('sticky', () => {
  test('the favourite alone, then all others at once as soon as it has failed', () => {
    expect(tried(stickyTo('c'), [silent, opens(20), closes(7)]).calls).toEqual(['0 open c', '7 open a', '7 open b', '27 close a']);
    expect(tried(stickyTo('c'), [silent, opens(20), silent]).calls).toEqual([
      '0 open c',
      '3000 close c',
      '3000 open a',
      '3000 open b',
      '3020 close a',
    ]);
  });

  test('nobody else where it opens', () => {
    expect(tried(stickyTo('b'), [silent, opens(20), silent]).calls).toEqual(['0 open b']);
  });

  test.each([null, 'x'])('all at once without one that is among them: %s', (favourite) => {
    expect(tried(stickyTo(favourite), [opens(1), silent]).calls).toEqual(['0 open a', '0 open b', '1 close b']);
  });
});

test('a wave of several begins the next when all of it have failed', () => {
  const waves: SignalingUrlPolicy = () => ({ waves: [['a', 'b'], ['c']], headStartMs: null });
  expect(tried(waves, [closes(1), closes(5), opens(1)]).calls).toEqual(['0 open a', '0 open b', '5 open c']);
});

test('what a session of URLs connected over is remembered for the latest 64 sets of URLs', () => {
  const first = ['wss://first-a', 'wss://first-b'];
  sticky(first).report?.('wss://first-b');
  expect(sticky(first).waves).toEqual([['wss://first-b'], ['wss://first-a']]);
  for (let set = 0; set < 64; set += 1) sticky([`wss://${set}-a`, `wss://${set}-b`]).report?.(`wss://${set}-a`);
  expect(sticky(first).waves).toEqual([first]);
});

describe('the memory of sticky', () => {
  const setOf = (name: string): readonly string[] => [`wss://${name}-a`, `wss://${name}-b`];
  const remember = (name: string, url: string | null = `wss://${name}-b`): void => sticky(setOf(name)).report?.(url);
  const isRemembered = (name: string): boolean => sticky(setOf(name)).waves.length === 2;

  test('one URL alone is one wave, remembered or not', () => {
    sticky(['wss://alone']).report?.('wss://alone');
    expect(sticky(['wss://alone']).waves).toEqual([['wss://alone']]);
  });

  test('a set of URLs is the same in any order, and another one is not', () => {
    remember('order');
    expect(sticky(setOf('order').toReversed()).waves).toEqual([['wss://order-b'], ['wss://order-a']]);
    expect(sticky(['wss://other-a', 'wss://order-b']).waves).toHaveLength(1);
    sticky(['x', 'yz']).report?.('x');
    expect(sticky(['x', 'y', 'z']).waves).toHaveLength(1);
  });

  test('holds 64 sets; what connected again is the newest of them, and what did not connect takes no place', () => {
    for (let set = 0; set < 64; set += 1) remember(`full-${set}`);
    remember('lost', null);
    expect(isRemembered('full-0')).toBe(true);
    remember('full-0');
    remember('one-more');
    expect(['full-0', 'full-1', 'full-2'].map(isRemembered)).toEqual([true, false, true]);
  });
});

const policies = { parallel, staggered, sequential, sticky: stickyTo('a') };
const names = ['parallel', 'staggered', 'sequential', 'sticky'] as const;

test.each(names)('%s: one URL is opened at once and has no limit', (name) => {
  expect(tried(policies[name], [opens(9000)]).calls).toEqual(['0 open a']);
});

test.each(['staggered', 'sequential', 'sticky'] as const)('%s: no further socket is opened after stop()', (name) => {
  expect(tried(policies[name], [closes(100), opens(1), opens(1)], 50).calls).toEqual(['0 open a']);
});

describe('whatever becomes of each', () => {
  const fate: fc.Arbitrary<Fate> = fc.record({
    what: fc.constantFrom('open', 'close', 'silent', 'refused'),
    afterMs: fc.constantFrom(0, 1, 249, 250, 251, 500, 2999, 3001),
  });
  const story = fc.record({
    policy: fc.constantFrom(...names),
    fates: fc.array(fate, { minLength: 2, maxLength: 6 }),
    pick: fc.nat(6),
  });
  /** When a socket that was made at 0 has failed; null where it opens in time. */
  const failsAfter = ({ what, afterMs }: Fate): number | null => {
    if (what === 'refused') return 0;
    if (what === 'silent' || afterMs > limitMs) return limitMs;
    return what === 'close' ? afterMs : null;
  };
  const policyOf = (name: (typeof names)[number], favourite: string | null): SignalingUrlPolicy =>
    name === 'sticky' ? stickyTo(favourite) : policies[name];
  const favouriteOf = (fates: readonly Fate[], pick: number): string | null => urlsOf(fates)[pick] ?? null;

  test('exactly one survives or all have failed; the others are closed; only the last failure counts', () => {
    fc.assert(
      fc.property(story, ({ policy, fates, pick }) => {
        const { seen, left, openedAt } = tried(policyOf(policy, favouriteOf(fates, pick)), fates);
        const current = seen.filter(({ role }) => role === 'current');
        const mayOpen = fates.some((each) => failsAfter(each) === null);
        const failed = seen.filter(({ role }) => role === 'failed');
        expect(current).toHaveLength(1);
        expect(current[0]!.what === 'open').toBe(mayOpen);
        const alive = left.filter((url) => fates[urlsOf(fates).indexOf(url)]!.what !== 'refused');
        expect(alive).toEqual(mayOpen ? [current[0]!.url] : []);
        if (!mayOpen) {
          expect([failed.length, openedAt.size]).toEqual([fates.length - 1, fates.length]);
          expect(current[0]!.at).toBe(Math.max(...seen.map(({ at }) => at)));
        }
      }),
    );
  });

  test('each begins when its policy says, and none after the first has opened', () => {
    fc.assert(
      fc.property(story, ({ policy, fates, pick }) => {
        const urls = urlsOf(fates);
        const favourite = favouriteOf(fates, pick);
        const { openedAt, seen } = tried(policyOf(policy, favourite), fates);
        const wonAt = seen.find(({ role, what }) => role === 'current' && what === 'open')?.at ?? Infinity;
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

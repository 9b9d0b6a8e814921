import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Health } from '../../src/health/evidence.ts';
import { health } from '../../src/health/health.ts';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import type { Session } from '../../src/session/session.ts';
import { type Story, begin, clockedStory, told } from '../support/health-story.ts';

const call = { media: 80, feedback: 20, sent: 80 };

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Everything that a subscriber hears, completion included. */
function heardBy(session: Session, ...limits: [object?]): string[] {
  const heard: string[] = [];
  health(session, ...limits).subscribe({
    next: (each) => heard.push(...told([each])),
    complete: () => heard.push('|'),
    error: () => heard.push('#'),
  });
  return heard;
}

const looks = ({ fake }: Story): number => fake.records.filter(({ what }) => what === 'getStats').length;

describe('subscribers', () => {
  test('get the value that stands, whenever they come', () => {
    const story = clockedStory();
    story.traffic.set(call);
    vi.advanceTimersByTime(6000);
    story.traffic.set({ media: 0, feedback: 0, answers: false });
    vi.advanceTimersByTime(3000);
    expect(heardBy(story.session)).toEqual([expect.stringMatching(/^8\d00 stalled checks-unanswered nothing-received$/)]);
  });

  test('share one look', () => {
    const story = begin();
    for (let each = 0; each < 5; each += 1) health(story.session).subscribe();
    vi.advanceTimersByTime(10_000);
    expect(looks(story)).toBe(11);
  });

  test('with limits of their own have looks of their own', () => {
    const story = begin();
    health(story.session).subscribe();
    health(story.session, {}).subscribe();
    vi.advanceTimersByTime(10_000);
    expect(looks(story)).toBe(22);
  });

  test('that leave leave nothing behind, and those who come later begin anew', () => {
    const story = begin();
    const { listeners } = story.fake.leaks();
    const subscriptions = [1, 2].map(() => health(story.session).subscribe());
    expect(story.fake.leaks().listeners).toBeGreaterThan(listeners);
    vi.advanceTimersByTime(3000);
    for (const each of subscriptions) each.unsubscribe();
    const before = looks(story);
    vi.advanceTimersByTime(10_000);
    expect(looks(story)).toBe(before);
    expect(story.fake.leaks().listeners).toBe(listeners);
    expect(heardBy(story.session)).toEqual(['13000 good unmeasured']);
    vi.advanceTimersByTime(1);
    expect(looks(story)).toBe(before + 1);
  });

  test('are not called by anybody before there is a connection, and no timer runs', () => {
    const story = begin({ start: 'idle' });
    expect(heardBy(story.session)).toEqual(['0 good not-connected']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the end of the session', () => {
  test('comes after the termination, and the last value is replayed', () => {
    const story = begin();
    story.traffic.set(call);
    const order: string[] = [];
    story.session.termination$.subscribe({ next: () => order.push('termination'), complete: () => order.push('termination|') });
    health(story.session).subscribe({ complete: () => order.push('health|') });
    vi.advanceTimersByTime(5000);
    void story.session.disconnect();
    vi.advanceTimersByTime(10_000);
    expect(order).toEqual(['termination', 'termination|', 'health|']);
    expect(heardBy(story.session)).toEqual(['1000 good receiving', '|']);
    expect(story.fake.leaks()).toEqual({ listeners: 0, sockets: 0, peerConnections: 0, channels: 0 });
  });

  test('nothing that closes on the way is news', () => {
    const story = begin();
    story.traffic.set(call);
    const heard = heardBy(story.session);
    vi.advanceTimersByTime(5000);
    void story.session.disconnect();
    story.traffic.set({ media: 0, feedback: 0, answers: false });
    vi.advanceTimersByTime(2900);
    expect(story.session.peerConnection).not.toBeNull();
    vi.advanceTimersByTime(10_000);
    expect(heard).toEqual(['0 good unmeasured', '1000 good receiving', '|']);
  });

  test('whoever comes first after it is told too', () => {
    const story = begin();
    void story.session.disconnect();
    vi.advanceTimersByTime(10_000);
    expect(heardBy(story.session)).toEqual([expect.stringMatching(/good not-connected$/), '|']);
  });

  test('a session that was never begun ends as well', () => {
    const story = begin({ start: 'idle' });
    const heard = heardBy(story.session);
    void story.session.disconnect();
    vi.advanceTimersByTime(1);
    expect(heard).toEqual(['0 good not-connected', '|']);
  });

  test('in the hands of a subscriber', () => {
    const story = begin();
    const heard: Health[] = [];
    let isOver = false;
    health(story.session).subscribe({
      next: (each) => {
        heard.push(each);
        void story.session.disconnect();
      },
      complete: () => (isOver = true),
    });
    vi.advanceTimersByTime(10_000);
    expect(heard).toHaveLength(1);
    expect(isOver).toBe(true);
  });
});

describe('a browser', () => {
  test('that refuses, or does not answer, changes nothing', () => {
    const story = begin();
    story.traffic.set(call);
    const heard = heardBy(story.session);
    vi.advanceTimersByTime(4500);
    const held = story.sora.peerConnection.script.hold('getStats');
    story.sora.peerConnection.script.next('getStats', { rejects: new Error('not now') });
    story.sora.peerConnection.script.next('getStats', { throws: new Error('not now') });
    vi.advanceTimersByTime(20_000);
    held.release();
    vi.advanceTimersByTime(20_000);
    expect(heard).toEqual(['0 good unmeasured', '1000 good receiving']);
  });

  test('that stops to answer does not stop what ICE says', () => {
    const story = begin();
    story.traffic.set(call);
    const heard = heardBy(story.session);
    vi.advanceTimersByTime(4500);
    story.sora.peerConnection.script.hold('getStats');
    vi.advanceTimersByTime(600);
    story.sora.peerConnection.remote.iceConnectionState('disconnected');
    vi.advanceTimersByTime(1000);
    expect(heard.at(-1)).toMatch(/ ice$/);
  });

  test.each([
    [
      'firefox',
      ['1000 good receiving', '7300 unstable nothing-received', '8000 unstable nothing-received', '9000 stalled nothing-received'],
    ],
    [
      'bytes-only',
      ['1000 good receiving', '7300 unstable nothing-received', '8000 unstable nothing-received', '9000 stalled nothing-received'],
    ],
    ['nothing', []],
  ] as const)('that tells less is asked for less: %s', (telling, expected) => {
    const story = begin({ telling });
    story.traffic.set(call);
    const heard = heardBy(story.session);
    asyncScheduler.schedule(() => story.traffic.set({ media: 0, feedback: 0, answers: false }), 6000);
    vi.advanceTimersByTime(12_000);
    expect(heard.slice(1)).toEqual(expected);
  });
});

describe('mistakes of the caller', () => {
  test.each([{ lossRatio: 2 }, { roundTripMs: -1 }, { networkLevel: 0 }, { networkLevel: 1.5 }, { limit: 1 }])('limits: %j', (limits) => {
    expect(() => health(begin().session, limits as object)).toThrow(SoraOptionsError);
  });

  test('something that is no session', () => {
    expect(() => health({} as Session)).toThrow(TypeError);
  });
});

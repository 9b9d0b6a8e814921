import { fc, test as propertyTest } from '@fast-check/vitest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ClockedStory, clockedStory, holdTimersBack, onceAMinute, sleep, told } from '../support/health-story.ts';

const call = { media: 80, feedback: 20, sent: 80 };
const dead = { media: 0, feedback: 0, answers: false };
const MINUTE = 60_000;

let release: () => void = () => undefined;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  release();
  vi.useRealTimers();
});

/** A call that has been good for ten seconds. */
function good(rates: object = call): ClockedStory {
  const story = clockedStory();
  story.traffic.set(rates);
  vi.advanceTimersByTime(10_000);
  return story;
}

/** The tab is hidden: from now on its timers are woken once a minute. */
function hide({ fake }: ClockedStory): void {
  release = holdTimersBack(onceAMinute);
  fake.page.fire('visibilitychange');
}

function show({ fake }: ClockedStory): void {
  release();
  fake.page.fire('visibilitychange');
}

const bad = ({ healths }: ClockedStory): string[] => told(healths).filter((line) => !line.includes(' good '));

describe('a hidden tab whose timers are woken once a minute', () => {
  test.each([
    ['everybody sends', call],
    ['one receives', { media: 80 }],
    ['one sends alone', { sent: 80, feedback: 20 }],
    ['nobody sends', {}],
  ])('gives no alarm in ten minutes, nor when it is shown again: %s', (_, rates) => {
    const story = good(rates);
    hide(story);
    vi.advanceTimersByTime(10 * MINUTE);
    expect(bad(story)).toEqual([]);
    show(story);
    vi.advanceTimersByTime(10_000);
    expect(bad(story)).toEqual([]);
  });

  test.each([
    ['others stop sending', { media: 0 }, call],
    ['all but the checks stops', { media: 0, sent: 0, feedback: 0 }, call],
  ])('gives none when %s meanwhile', (_, changes, rates) => {
    const story = good(rates);
    hide(story);
    vi.advanceTimersByTime(90_000);
    story.traffic.set(changes);
    vi.advanceTimersByTime(5 * MINUTE);
    show(story);
    vi.advanceTimersByTime(10_000);
    expect(bad(story)).toEqual([]);
  });

  test('gives none when others have stopped sending just before it is shown', () => {
    const story = good({ media: 80 });
    hide(story);
    vi.advanceTimersByTime(80_000);
    story.traffic.set({ media: 0 });
    vi.advanceTimersByTime(5000);
    show(story);
    vi.advanceTimersByTime(10_000);
    expect(bad(story)).toEqual([]);
  });

  test('shows at once what ICE says', () => {
    const story = good();
    hide(story);
    vi.advanceTimersByTime(100_000);
    story.traffic.set(dead);
    vi.advanceTimersByTime(7000);
    story.play('ice disconnected');
    expect(told(story.healths).at(-1)).toBe('117000 stalled ice');
    // And goes on to say so, whatever the gaps between the looks.
    vi.advanceTimersByTime(5 * MINUTE);
    expect(told(story.healths).at(-1)).toBe('117000 stalled ice');
  });

  test('looks at once when it is shown, and knows soon', () => {
    const story = good();
    hide(story);
    vi.advanceTimersByTime(100_000);
    story.traffic.set(dead);
    vi.advanceTimersByTime(30_000);
    expect(bad(story)).toEqual([]);
    show(story);
    vi.advanceTimersByTime(3000);
    expect(told(story.healths).slice(-2)).toEqual(['140000 good paused', '142000 stalled checks-unanswered']);
  });

  test('keeps what was known before', () => {
    const story = good();
    story.traffic.set(dead);
    vi.advanceTimersByTime(5000);
    hide(story);
    vi.advanceTimersByTime(5 * MINUTE);
    expect(story.healths.at(-1)!.state).toBe('stalled');
    story.traffic.set({ ...call, answers: true });
    vi.advanceTimersByTime(MINUTE);
    expect(told(story.healths).at(-1)).toMatch(/good receiving$/);
  });

  propertyTest.prop([fc.infiniteStream(fc.integer({ min: 0, max: 90_000 })), fc.constantFrom(call, { media: 80 }, { media: 0.2 }, {})], {
    numRuns: 40,
  })('gives no alarm, however late its timers are', (delays, rates) => {
    vi.setSystemTime(0);
    const story = good(rates);
    release = holdTimersBack((ms) => ms + (delays.next().value as number));
    vi.advanceTimersByTime(10 * MINUTE);
    release();
    vi.advanceTimersByTime(10_000);
    story.subscription.unsubscribe();
    vi.clearAllTimers();
    expect(bad(story)).toEqual([]);
  });
});

describe('the sleep of a machine', () => {
  const HOUR = 60 * MINUTE;

  test('is no alarm where the network is there again', () => {
    const story = good();
    sleep(story.traffic, HOUR);
    vi.advanceTimersByTime(10_000);
    expect(told(story.healths).slice(2)).toEqual([]);
  });

  test('the network may take a while', () => {
    const story = good();
    story.traffic.set({ ...dead, sent: 0 });
    sleep(story.traffic, HOUR);
    vi.advanceTimersByTime(1500);
    expect(told(story.healths).at(-1)).toMatch(/good paused$/);
    story.traffic.set({ ...call, answers: true });
    vi.advanceTimersByTime(10_000);
    expect(bad(story)).toEqual([]);
    expect(told(story.healths).at(-1)).toMatch(/good receiving$/);
  });

  test('a network that is not there again is known within four seconds', () => {
    const story = good();
    story.traffic.set(dead);
    sleep(story.traffic, HOUR);
    vi.advanceTimersByTime(4000);
    expect(told(story.healths).slice(-2)).toEqual([
      expect.stringMatching(/good paused$/),
      expect.stringMatching(/stalled checks-unanswered/),
    ]);
  });

  test('what nothing speaks for or against is good again after five seconds', () => {
    const story = clockedStory({ telling: 'bytes-only' });
    vi.advanceTimersByTime(10_000);
    sleep(story.traffic, HOUR);
    vi.advanceTimersByTime(10_000);
    const [paused, later] = story.healths.slice(2);
    expect(told([paused!])[0]).toMatch(/good paused$/);
    expect(told([later!])[0]).toMatch(/good nothing-expected$/);
    expect(later!.at - paused!.at).toBe(5000);
  });

  test('pings that were due in it are not missed', () => {
    const story = good();
    for (let ping = 0; ping < 4; ping += 1) {
      story.play('rx.ping');
      vi.advanceTimersByTime(5000);
    }
    sleep(story.traffic, HOUR);
    vi.advanceTimersByTime(5000);
    story.play('rx.ping');
    vi.advanceTimersByTime(5000);
    expect(bad(story)).toEqual([]);
  });
});

import type { Observable } from 'rxjs';
import { take } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { attach } from '../../src/transports/attach.ts';
import { hot } from '../../src/transports/hot.ts';
import { FakeEventTarget } from '../../src/testing/fake-event-target.ts';
import { fakeWorld } from '../../src/testing/fake-world.ts';
import type { MarbleTool } from '../../src/testing/marble-inputs.ts';
import { marbles } from '../support/marbles.ts';

/** `value` events carry one letter, `end` brings the last, `silent` says nothing. */
class Target extends FakeEventTarget {
  onvalue: unknown = null;
  onend: unknown = null;
  onsilent: unknown = null;
  past: string[] = [];
  /** How many listeners there were when the past was read. */
  readonly listenersAtPast: number[] = [];

  constructor(handlersOnly = false) {
    super(
      fakeWorld(() => 0, handlersOnly),
      'page',
      'target',
      ['value', 'end', 'silent'],
    );
  }

  say(letter: string): void {
    this.fire(letter === '|' ? 'end' : letter === 's' ? 'silent' : 'value', { letter });
  }

  listened(): Observable<string> {
    return hot<string>(
      (emit) => {
        const detach = attach(this, {
          value: ({ letter }: { letter: string }) => emit(letter),
          end: () => emit('z'),
          silent: () => undefined,
        });
        this.listenersAtPast.push(this.listenerCount);
        this.past.splice(0).forEach((letter) => emit(letter));
        return detach;
      },
      (value) => value === 'z',
    );
  }
}

/** Lets the letters of a diagram happen to the target; its end is the last event. */
function play(tool: MarbleTool, target: Target, diagram: string): void {
  tool.cold(diagram).subscribe({ next: (letter) => target.say(letter), complete: () => target.say('|') });
}

for (const handlersOnly of [false, true]) {
  describe(handlersOnly ? 'hot, on a target with on… handlers only' : 'hot, on an EventTarget', () => {
    const listened = (past: string[] = []): { target: Target; values$: Observable<string> } => {
      const target = new Target(handlersOnly);
      target.past = past;
      return { target, values$: target.listened() };
    };

    test(
      'never',
      marbles((m) => {
        const { target, values$ } = listened();
        m.expect(values$).toBeObservable('-');
        m.flush();
        expect(target.listenerCount).toBe(3);
      }),
    );

    test(
      'values as they come, completion with the last, and the listeners are gone',
      marbles((m) => {
        const { target, values$ } = listened();
        play(m, target, '-a-b--|');
        m.expect(values$).toBeObservable('-a-b--(z|)');
        m.flush();
        expect(target.listenerCount).toBe(0);
      }),
    );

    test(
      'an event that says nothing',
      marbles((m) => {
        const { target, values$ } = listened();
        play(m, target, '-s-b');
        m.expect(values$).toBeObservable('---b');
      }),
    );

    test(
      'nothing is lost between creation and first subscription',
      marbles((m) => {
        const { target, values$ } = listened();
        play(m, target, '-ab-----c');
        m.expect(values$, '----^').toBeObservable('----(ab)c');
      }),
    );

    test(
      'nothing is lost, the last included; no listener was left meanwhile',
      marbles((m) => {
        const { target, values$ } = listened();
        play(m, target, '-ab|');
        m.expect(values$, '------^').toBeObservable('------(abz|)');
        m.flush();
        expect([target.attached, target.detached]).toEqual(handlersOnly ? [0, 0] : [3, 3]);
      }),
    );

    test(
      'what the target would have told already comes first, read when the listeners are in place',
      marbles((m) => {
        const { target, values$ } = listened(['p', 'q']);
        play(m, target, '-a');
        m.expect(values$, '---^').toBeObservable('---(pqa)');
        m.flush();
        expect(target.listenersAtPast).toEqual([3]);
      }),
    );

    test(
      'a past that ends at once: value, completion, no listener',
      marbles((m) => {
        const { target, values$ } = listened(['z']);
        expect(target.listenerCount).toBe(0);
        m.expect(values$, '-^').toBeObservable('-(z|)');
      }),
    );

    test('a past that goes on after the last value', () => {
      const { values$ } = listened(['p', 'z', 'q', 'z']);
      const seen: string[] = [];
      values$.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('|') });
      expect(seen).toEqual(['p', 'z', '|']);
    });

    test(
      'a second subscriber gets what happens from then on; one producer for both',
      marbles((m) => {
        const { target, values$ } = listened();
        play(m, target, '-a---b--|');
        m.expect(values$).toBeObservable('-a---b--(z|)');
        m.expect(values$, '---^').toBeObservable('-----b--(z|)');
        m.flush();
        expect(target.listenersAtPast).toHaveLength(1);
      }),
    );

    test(
      'a subscriber after the end gets completion only',
      marbles((m) => {
        const { target, values$ } = listened();
        play(m, target, '-a-|');
        m.expect(values$).toBeObservable('-a-(z|)');
        m.expect(values$, '-----^').toBeObservable('-----|');
        m.flush();
        expect(target.listenersAtPast).toHaveLength(1);
      }),
    );

    test(
      'early unsubscribe: the listeners are gone with the last subscriber, not before',
      marbles((m) => {
        const { target, values$ } = listened();
        play(m, target, '-a-b-c');
        m.expect(values$, '^-!').toBeObservable('-a');
        m.expect(values$, '^---!').toBeObservable('-a-b');
        const counts: number[] = [];
        m.cold('---x-x').subscribe(() => counts.push(target.listenerCount));
        m.flush();
        expect(counts).toEqual([3, 0]);
      }),
    );

    test('early unsubscribe by take(1) lets go at once', () => {
      const { target, values$ } = listened();
      const seen: string[] = [];
      values$.pipe(take(1)).subscribe({ next: (value) => seen.push(value), complete: () => seen.push('|') });
      target.say('a');
      target.say('b');
      expect(seen).toEqual(['a', '|']);
      expect(target.listenerCount).toBe(0);
    });

    test('take(1) of what was held lets go at once as well, and the rest is not kept', () => {
      const { target, values$ } = listened(['p']);
      target.say('a');
      const seen: string[] = [];
      values$.pipe(take(1)).subscribe((value) => seen.push(value));
      expect(target.listenerCount).toBe(0);
      values$.subscribe((value) => seen.push(value));
      target.say('b');
      expect(seen).toEqual(['p', 'b']);
    });

    test(
      'resubscribe listens anew, from then on, and reads the past anew',
      marbles((m) => {
        const { target, values$ } = listened();
        play(m, target, '-a---b----c');
        m.expect(values$, '^-!').toBeObservable('-a');
        m.cold('------x').subscribe(() => target.past.push('p'));
        m.expect(values$, '-------^-!').toBeObservable('-------p');
        m.expect(values$, '--------^---!').toBeObservable('----------c');
        m.flush();
        expect(target.listenersAtPast).toEqual([3, 3]);
        expect(target.listenerCount).toBe(0);
      }),
    );

    test(
      'resubscribe to a target that has ended meanwhile: the past says so',
      marbles((m) => {
        const { target, values$ } = listened();
        m.expect(values$, '^-!').toBeObservable('-');
        m.cold('---x').subscribe(() => target.past.push('z'));
        m.expect(values$, '-----^').toBeObservable('-----(z|)');
        m.flush();
        expect(target.listenerCount).toBe(0);
      }),
    );

    test('nothing after the last value, even where the target goes on', () => {
      const { target, values$ } = listened();
      const seen: string[] = [];
      values$.subscribe({
        next: (value) => {
          seen.push(value);
          if (value === 'z') target.say('a');
        },
        complete: () => seen.push('|'),
      });
      target.say('|');
      target.say('b');
      expect(seen).toEqual(['z', '|']);
    });

    test('at the last value nobody listens any more: next, complete, and the target is free before both', () => {
      const { target, values$ } = listened();
      const counts: number[] = [];
      values$.subscribe({ next: () => counts.push(target.listenerCount), complete: () => counts.push(target.listenerCount) });
      target.say('|');
      expect(counts).toEqual([0, 0]);
    });

    test('a subscriber that throws stops nobody', () => {
      const { target, values$ } = listened();
      const seen: string[] = [];
      values$.subscribe({ next: (value) => seen.push(value), error: () => seen.push('#') });
      target.say('a');
      target.say('b');
      expect(seen).toEqual(['a', 'b']);
    });
  });
}

describe('a subscriber that causes a change', () => {
  test('nothing that happens while what was held is handed over gets lost, and the order stays', () => {
    const target = new Target();
    const values$ = target.listened();
    target.say('a');
    target.say('b');
    const seen: string[] = [];
    values$.subscribe({
      next: (value) => {
        seen.push(value);
        if (value === 'a') target.say('c');
        if (value === 'b') target.say('|');
      },
      complete: () => seen.push('|'),
    });
    expect(seen).toEqual(['a', 'b', 'c', 'z', '|']);
  });

  test('every subscriber sees the same order', () => {
    const target = new Target();
    const values$ = target.listened();
    const first: string[] = [];
    const second: string[] = [];
    values$.subscribe((value) => {
      first.push(value);
      if (value === 'a') target.say('b');
    });
    values$.subscribe((value) => second.push(value));
    target.say('a');
    expect([first, second]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
  });

  test('one that subscribes another while what was held is handed over: the other gets what comes from then on', () => {
    const target = new Target();
    const values$ = target.listened();
    target.say('a');
    target.say('b');
    const first: string[] = [];
    const second: string[] = [];
    values$.subscribe((value) => {
      first.push(value);
      if (value === 'a') values$.subscribe((other) => second.push(other));
    });
    target.say('c');
    expect(first).toEqual(['a', 'b', 'c']);
    expect(second).toEqual(['b', 'c']);
  });

  test('one that unsubscribes in the middle', () => {
    const target = new Target();
    const values$ = target.listened();
    const seen: string[] = [];
    const subscription = values$.subscribe((value) => {
      seen.push(value);
      subscription.unsubscribe();
      target.say('b');
    });
    target.say('a');
    expect(seen).toEqual(['a']);
    expect(target.listenerCount).toBe(0);
  });
});

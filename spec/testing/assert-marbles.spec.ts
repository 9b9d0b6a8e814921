import { of, throwError } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { assertMarbles } from '../../src/testing/index.ts';

/** What a marble test says that fails; null for one that does not. */
const told = (body: (helpers: RunHelpers) => void): string | null => {
  try {
    new TestScheduler(assertMarbles).run(body);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

const lines = (body: (helpers: RunHelpers) => void): string[] => (told(body) ?? '').trim().split('\n');

describe('assertMarbles', () => {
  test('says nothing where there is nothing to say', () => {
    const values = { a: { kind: 'x', more: undefined, bytes: new Uint8Array([1]) } };
    expect(
      told(({ cold, expectObservable, expectSubscriptions }) => {
        const source = cold('1ms a 2ms (b|)', { a: values.a, b: new Map([['k', [1, 2]]]) });
        expectObservable(source).toBe('1ms a 2ms (b|)', { a: { kind: 'x', bytes: new Uint8Array([1]) }, b: new Map([['k', [1, 2]]]) });
        expectSubscriptions(source.subscriptions).toBe('^ 3ms !');
        expectObservable(throwError(() => new RangeError('far'))).toBe('#', undefined, new RangeError('far'));
      }),
    ).toBeNull();
  });

  test('draws what came above what was expected, with the difference below', () => {
    expect(
      lines(({ cold, expectObservable }) => {
        expectObservable(cold('10ms (a|)', { a: 'websocket-closed' })).toBe('12ms (b|)', { b: 'server-close' });
      }),
    ).toEqual([
      'ms        10                12',
      'actual    websocket-closed|',
      'expected  ──────────────────server-close|',
      '✗ "websocket-closed" came at 10, "server-close" was expected at 12',
      '✗ the completion came at 10, it was expected at 12',
    ]);
  });

  test('names the member that differs, and not the rest of the value', () => {
    const end = { kind: 'server-close', via: 'websocket', code: 1000, trailing: [1, 2, 3] };
    expect(
      lines(({ expectObservable }) => {
        expectObservable(of(end)).toBe('(t|)', { t: { ...end, code: 4000 } });
      }),
    ).toEqual([
      'ms        0',
      'actual    server-close(websocket, 1000)|',
      'expected  server-close(websocket, 4000)|',
      '✗ at 0: code is 1000, 4000 was expected',
    ]);
  });

  test('tells what is missing and what is too much, without what is the same around it', () => {
    const views = { i: 'idle', j: 'joining', l: 'left' };
    const sentences = (marbles: string) =>
      lines(({ cold, expectObservable }) => expectObservable(cold('(ij) 5ms l', views)).toBe(marbles, views)).filter(
        (line) => line[0] === '✗',
      );
    expect(sentences('i 8ms l')).toEqual(['✗ "joining" came at 0']);
    expect(sentences('(ijj) 4ms l')).toEqual(['✗ "joining" was expected at 0']);
    expect(sentences('- 100ms (iiiiiijjjjjj)').at(-1)).toBe('✗ and 9 more');
  });

  test('an error ends a line with #, and is compared by name and message', () => {
    const drawn = lines(({ expectObservable }) => {
      expectObservable(throwError(() => new TypeError('no'))).toBe('#', undefined, new TypeError('yes'));
    });
    expect(drawn.slice(1, 3)).toEqual(['actual    TypeError: no#', 'expected  TypeError: yes#']);
  });

  test('subscriptions have their own signs', () => {
    const drawn = lines(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-a|');
      expectObservable(source).toBe('-a|');
      expectSubscriptions(source.subscriptions).toBe('^ 4ms !');
    });
    expect(drawn).toEqual([
      'ms        0 2 5',
      'actual    ^─!───▶',
      'expected  ^───!─▶',
      '✗ the subscription until 2 came at 0, the subscription until 5 was expected',
    ]);
  });

  test.each<[string, unknown, unknown]>([
    ['buffers', new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
    ['patterns', /a/, /b/],
    ['addresses', new URL('wss://a.test/'), new URL('wss://b.test/')],
    ['boxed values', Object(1), Object(2)],
  ])('%s that differ are told, although they have no members', (_, actual, expected) => {
    const failing = told(({ expectObservable }) => {
      expectObservable(of(actual)).toBe('(t|)', { t: expected });
    });
    expect(failing).toContain('was expected');
  });

  test('buffers with the same bytes are the same', () => {
    const failing = told(({ expectObservable }) => {
      expectObservable(of(new Uint8Array([1, 2]).buffer)).toBe('(t|)', { t: new Uint8Array([1, 2]).buffer });
    });
    expect(failing).toBeNull();
  });

  test('a matcher of a runner is asked', () => {
    const failing = (code: number) =>
      told(({ expectObservable }) => {
        expectObservable(of({ kind: 'server-close', code })).toBe('(t|)', { t: expect.objectContaining({ code: 1000 }) as unknown });
      });
    expect(failing(1000)).toBeNull();
    expect(failing(4000)?.trim().split('\n')).toEqual([
      'ms        0',
      'actual    server-close(4000)|',
      'expected  ObjectContaining {"code":1000}|',
      '✗ server-close(4000) came at 0, ObjectContaining {"code":1000} was expected',
    ]);
  });

  test('members that nobody expected are told in one sentence', () => {
    const whole = { kind: 'websocket-closed', code: 1006, reason: '', wasClean: false };
    expect(
      lines(({ expectObservable }) => {
        expectObservable(of<object>(whole)).toBe('(t|)', { t: { kind: 'websocket-closed', code: 1000 } });
      }).slice(3),
    ).toEqual(['✗ at 0: code is 1006, 1000 was expected', '✗ at 0: nothing was expected in reason, wasClean']);
  });

  test('what JSON has no words for is told all the same', () => {
    const compared = (actual: unknown, expected: unknown) => () => assertMarbles(actual, expected);
    expect(compared({ m: new Map([['k', 1n]]) }, { m: new Map([['k', 2n]]) })).toThrow('✗ m is [["k","1n"]], [["k","2n"]] was expected');
    expect(compared({ e: new TypeError('no') }, { e: undefined })).toThrow('✗ nothing was expected in e');
    expect(compared({ d: new Date(0) }, { d: new Date(0) })).not.toThrow();
    expect(compared({ d: new Date(0) }, { d: new Date(1) })).toThrow(
      '✗ d is "1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.001Z" was expected',
    );
    expect(compared(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toThrow('✗ [1,2] came, [1,3] was expected');
  });

  test('values that hold themselves come to an end', () => {
    const ring = (name: string): object => {
      const one: Record<string, unknown> = { name };
      one['self'] = one;
      return one;
    };
    const compared = (other: string) => () => assertMarbles(ring('a'), ring(other));
    expect(compared('a')).not.toThrow();
    expect(compared('b')).toThrow('✗ name is "a", "b" was expected');
  });

  describe('does not cut values where they differ', () => {
    const long = (end: string): string => `${'The network of this client is lost. '.repeat(8)}${end}`;

    test('texts', () => {
      expect(
        lines(({ cold, expectObservable }) => {
          expectObservable(cold('1ms a', { a: long('Trying again.') })).toBe('1ms a', { a: long('Giving up.') });
        }),
      ).toEqual([
        'ms        1',
        'actual    …client is lost. Trying again.─▶',
        'expected  …client is lost. Giving up.────▶',
        `✗ …client is lost. Trying again." came at 1, …client is lost. Giving up." was expected`,
      ]);
    });

    test('what differs in the middle of much more', () => {
      const text = (middle: string): string => `${'a'.repeat(500)}${middle}${'z'.repeat(500)}`;
      const [, actual, expected] = lines(({ expectObservable }) => {
        expectObservable(of(text('ONE'))).toBe('(a|)', { a: text('TWO') });
      });
      expect(actual).toBe(`actual    …${'a'.repeat(16)}ONE${'z'.repeat(27)}…|`);
      expect(expected).toBe(`expected  …${'a'.repeat(16)}TWO${'z'.repeat(27)}…|`);
    });

    test('errors', () => {
      const sentences = lines(({ expectObservable }) => {
        expectObservable(throwError(() => new Error(long('Why?')))).toBe('#', undefined, new Error(long('So?')));
      });
      expect(sentences.at(-1)).toBe('✗ the error …client is lost. Why? came at 0, the error …client is lost. So? was expected');
    });

    test('members that the words of a value leave out', () => {
      const step = (attempt: number): object => ({ kind: 'session', attempt, previous: null });
      expect(
        lines(({ cold, expectObservable }) => {
          expectObservable(cold('1ms a 9ms b', { a: step(1), b: step(3) })).toBe('1ms a 7ms b', { a: step(1), b: step(2) });
        }),
      ).toEqual([
        'ms        1       9                      11',
        'actual    session────────────────────────session with attempt 3─▶',
        'expected  session─session with attempt 2────────────────────────▶',
        '✗ session with attempt 3 came at 11, session with attempt 2 was expected at 9',
      ]);
    });

    test('one that came in place of another, among more', () => {
      const sentences = lines(({ cold, expectObservable }) => {
        expectObservable(cold('(ab)', { a: long('Trying again.'), b: 1 })).toBe('(a)', { a: long('Giving up.') });
      }).filter((line) => line[0] === '✗');
      expect(sentences).toEqual([
        '✗ …client is lost. Giving up." was expected at 0',
        '✗ …client is lost. Trying again." came at 0',
        '✗ 1 came at 0',
      ]);
    });

    test('items of an array', () => {
      const members = (name: string): object[] => ['a', 'b', name, 'd', 'e'].map((each) => ({ name: each, role: 'sendrecv' }));
      expect(
        lines(({ expectObservable }) => {
          expectObservable(of(members('c'))).toBe('(a|)', { a: members('x') });
        }).at(-1),
      ).toBe('✗ at 0: [2].name is "c", "x" was expected');
      expect(() => assertMarbles([1, 2, 3], [1, 2])).toThrow('✗ nothing was expected in [2]');
    });

    test('members that are long', () => {
      const told = (end: string) => () => assertMarbles({ text: long(end) }, { text: long('z') });
      expect(told('a')).toThrow('✗ text is "…client is lost. a", "…client is lost. z" was expected'.replaceAll('"…', '…'));
    });
  });
});

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
});

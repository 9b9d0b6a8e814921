import { describe, expect, test } from 'vitest';
import { CallScript } from '../../src/testing/call-script.ts';

const script = (parent: CallScript | null = null) => new CallScript(new Set(), parent);
const outcomeOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('CallScript', () => {
  test('lets a call do its usual work where nothing is scripted', () => {
    expect(script().call('send', () => 'done')).toBe('done');
  });

  test('scripts the next call only', () => {
    const own = script();
    own.next('send', { throws: 'no' });
    expect([outcomeOf(() => own.call('send', () => 'done')), own.call('send', () => 'done')]).toEqual(['no', 'done']);
  });

  test('scripts every call until told otherwise', () => {
    const own = script();
    own.always('send', { throws: 'no' });
    expect([1, 2].map(() => outcomeOf(() => own.call('send', () => 'done')))).toEqual(['no', 'no']);
    own.usual('send');
    expect(own.call('send', () => 'done')).toBe('done');
  });

  test('asks its sort where it has nothing of its own', () => {
    const sort = script();
    const own = script(sort);
    sort.next('close', { throws: 'sort' });
    own.next('close', { throws: 'own' });
    expect([1, 2, 3].map(() => outcomeOf(() => own.call('close', () => 'done')))).toEqual(['own', 'sort', 'done']);
  });

  test('rejects a promise-returning call', () => {
    const own = script();
    own.next('createAnswer', { rejects: 'no' });
    expect(own.promise('createAnswer', () => 'done').reason).toBe('no');
  });

  test('holds a call until it is released, and does the work only then', () => {
    const own = script();
    const held = own.hold('createAnswer');
    const seen: unknown[] = [];
    expect(held.called).toBe(false);
    own.promise('createAnswer', () => seen.push('worked')).then(() => seen.push('settled'));
    expect([held.called, seen]).toEqual([true, []]);
    held.release();
    held.fail('too late');
    expect(seen).toEqual(['worked', 'settled']);
  });

  test('fails a held call, without its work', () => {
    const own = script();
    const held = own.hold('createAnswer');
    const seen: unknown[] = [];
    own.promise('createAnswer', () => seen.push('worked')).then(undefined, (reason: unknown) => seen.push(reason));
    held.fail('no');
    expect(seen).toEqual(['no']);
  });

  test('takes a verdict that was given before the call', () => {
    const own = script();
    own.hold('a').release();
    own.hold('b').fail('no');
    const seen: unknown[] = [];
    own.promise('a', () => 'done').then((value) => seen.push(value));
    own.promise('b', () => 'done').then(undefined, (reason: unknown) => seen.push(reason));
    expect(seen).toEqual(['done', 'no']);
  });
});

import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Streams, createStreams } from '../../src/session/streams.ts';
import type { Observable } from 'rxjs';

function heard(stream$: Observable<unknown>): unknown[] {
  const all: unknown[] = [];
  stream$.subscribe({ next: (value) => all.push(value), complete: () => all.push('|') });
  return all;
}

describe('createStreams', () => {
  test('a stream of events is hot and replays nothing', () => {
    const streams = createStreams();
    const early = heard(streams.events('notify$'));
    streams.emit('notify$', 1);
    const late = heard(streams.events('notify$'));
    streams.emit('notify$', 2);
    expect([early, late]).toEqual([[1, 2], [2]]);
  });

  test('a stream of a state begins with its latest value', () => {
    const streams = createStreams();
    const early = heard(streams.state('state$', 'idle'));
    streams.emit('state$', 'opening');
    const late = heard(streams.state('state$', 'opening'));
    streams.emit('state$', 'connected');
    expect(early).toEqual(['idle', 'opening', 'connected']);
    expect(late).toEqual(['opening', 'connected']);
  });

  test('a state that has no value yet emits with its first change', () => {
    const streams = createStreams();
    const early = heard(streams.state('connected', undefined));
    expect(early).toEqual([]);
    streams.emit('connected', 1);
    expect(early).toEqual([1]);
  });

  test('values without meaning to others are values: null, 0, false', () => {
    const streams = createStreams();
    expect(heard(streams.state('a', null))).toEqual([null]);
    expect(heard(streams.state('b', 0))).toEqual([0]);
    expect(heard(streams.state('c', false))).toEqual([false]);
  });

  test('asked for twice, it is the same stream; asked for by nobody, there is none', () => {
    const streams: Streams = createStreams();
    expect(streams.has('notify$')).toBe(false);
    streams.emit('notify$', 'nobody hears it');
    expect(streams.events('notify$')).toBe(streams.events('notify$'));
    expect(streams.has('notify$')).toBe(true);
    expect(streams.has('push$')).toBe(false);
  });

  test('a stream that is asked for after the end completes at once; a state with its last value', () => {
    const streams = createStreams();
    const early = heard(streams.state('state$', 'connected'));
    streams.completeAll();
    expect(early).toEqual(['connected', '|']);
    expect(heard(streams.state('state$', 'ignored'))).toEqual(['connected', '|']);
    expect(heard(streams.state('health$', 'closed'))).toEqual(['closed', '|']);
    expect(heard(streams.events('notify$'))).toEqual(['|']);
  });

  test('one stream can be completed on its own', () => {
    const streams = createStreams();
    const [one, other] = [heard(streams.events('one')), heard(streams.events('other'))];
    streams.complete('one');
    streams.complete('unknown');
    streams.emit('one', 1);
    streams.emit('other', 2);
    expect([one, other]).toEqual([['|'], [2]]);
  });

  test('a late subscriber sees as the latest what another subscriber caused', () => {
    const streams = createStreams();
    streams.state<number>('state$', 0).subscribe((value) => {
      if (value === 1) streams.emit('state$', 2);
    });
    streams.emit('state$', 1);
    expect(heard(streams.state('state$', 2)).at(-1)).toBe(2);
  });

  test('its streams are not Subjects: nobody can write to them', () => {
    const streams = createStreams();
    expect(streams.events('notify$')).not.toBeInstanceOf(Subject);
    expect('next' in streams.state('state$', 0)).toBe(false);
  });
});

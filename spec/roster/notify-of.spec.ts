import { of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type NotifyEventType, notifyOf } from '../../src/roster/notify-of.ts';
import { notifyMessage as message } from '../support/notify-session.ts';

const kept = (...wanted: readonly NotifyEventType[]): string[] => {
  const seen: string[] = [];
  of(...['connection.created', 'network.status', 'recording.started', 'connection.created'].map((event) => message(event)))
    .pipe(notifyOf(...wanted))
    .subscribe(({ event_type: eventType }) => seen.push(eventType));
  return seen;
};

describe('notifyOf()', () => {
  test('keeps the events that were asked for, in their order', () => {
    expect(kept('connection.created', 'recording.started')).toEqual(['connection.created', 'recording.started', 'connection.created']);
  });

  test('keeps nothing where nothing was asked for', () => {
    expect(kept()).toEqual([]);
  });
});

import { Subject } from 'rxjs';
import { expect, test } from 'vitest';
import { type Heard, heardOn } from '../../src/health/heard.ts';
import { withInternals } from '../../src/session/internals.ts';

/** As much of a session as is heard. */
function listening(history: readonly object[] = []) {
  const subjects = {
    signaling$: new Subject<object>(),
    switched$: new Subject<object>(),
    notify$: new Subject<object>(),
    removeTrack$: new Subject<object>(),
  };
  let now = 0;
  const session = withInternals(subjects, { live: () => ({ now: () => now }), history: () => history } as never);
  const heard: Heard[] = [];
  heardOn(session).subscribe((each) => heard.push(each));
  return {
    subjects,
    at: (ms: number): number => (now = ms),
    latest: (): Heard => heard.at(-1)!,
    message: (type: string, at: number, more: object = {}) =>
      subjects.signaling$.next({ direction: 'received', transport: 'websocket', at, message: { type }, ...more }),
  };
}

test('the pace of pings is the longer of the last two times between them', () => {
  const { message, latest } = listening();
  const paces = [5000, 10_000, 17_000, 22_000, 27_000].map((at) => {
    message('ping', at);
    return latest().pingPeriodMs;
  });
  expect(paces).toEqual([null, null, 7000, 7000, 5000]);
  expect(latest().pingAt).toBe(27_000);
});

test.each([
  ['sent', { direction: 'sent' }],
  ['over a DataChannel', { transport: 'datachannel' }],
])('a ping that was %s counts for nothing', (_, more) => {
  const { message, latest } = listening();
  message('ping', 5000, more);
  message('notify', 6000);
  expect(latest().pingAt).toBeNull();
});

test('with switched the pace of pings is learned anew', () => {
  const { subjects, message, latest } = listening();
  for (const at of [1000, 2000, 3000]) message('ping', at);
  subjects.switched$.next({ type: 'switched', ignore_disconnect_websocket: false });
  expect(latest()).toMatchObject({ pingAt: null, pingPeriodMs: null, hasLeftWebSocket: false });
  subjects.switched$.next({ type: 'switched', ignore_disconnect_websocket: true });
  expect(latest().hasLeftWebSocket).toBe(true);
});

test('others send something else when somebody goes, the server forwards something else, or a track is removed', () => {
  const { subjects, at, latest } = listening();
  at(100);
  for (const event_type of ['network.status', 'connection.created', 'connection.updated']) subjects.notify$.next({ event_type });
  expect(latest().changedAt).toBe(0);
  for (const [index, event_type] of ['connection.destroyed', 'spotlight.unfocused', 'simulcast.switched'].entries()) {
    at(200 + index);
    subjects.notify$.next({ event_type });
    expect(latest().changedAt).toBe(200 + index);
  }
  at(300);
  subjects.removeTrack$.next({});
  expect(latest().changedAt).toBe(300);
});

test('a switched that is past is in the history', () => {
  const switched = { source: 'signaling', kind: 'message', message: { type: 'switched', ignore_disconnect_websocket: true } };
  expect(listening([switched]).latest().hasLeftWebSocket).toBe(true);
  expect(listening([{ ...switched, kind: 'sent' }]).latest().hasLeftWebSocket).toBe(false);
});

import { describe, expect, test } from 'vitest';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario, type ScenarioSettings } from '../../src/testing/scenario.ts';

/** A row and what is asked of it, in virtual time, with the times of the closing of the first WebSocket. */
function played(row: ScenarioRow, settings: ScenarioSettings = {}) {
  const result = scenario(row, settings);
  expect(result.errors).toEqual([]);
  const startedAt = result.fake.records[0]?.at ?? 0;
  return {
    ...result,
    webSocketClosings: result.fake.sockets[0]?.closeCalls.map(({ at, code }) => [at - startedAt, code]) ?? [],
    types: result.sent.filter(({ duringStart }) => !duringStart).map(({ at, via, message }) => `${at} ${via} ${String(message.type)}`),
  };
}

const nothingLeft = { listeners: 0, sockets: 0, peerConnections: 0, channels: 0, timers: 0, subscriptions: 0 };

describe('Q12: after switched(true) the client closes the WebSocket', () => {
  test('Q12 Q70 as soon as the channel signaling is open, with 1000', () => {
    const row = { mode: 'D', start: 'connected', timeline: ['5 rx.switched T'] } as const;
    expect(played(row).webSocketClosings).toEqual([[5, 1000]]);
  });

  test('Q12 not before that channel is open', () => {
    const setup = 'DC signaling still connecting';
    const row = { mode: 'D', start: 'connected', setup, timeline: ['0 rx.switched T', '50 dc.open signaling'] } as const;
    expect(played(row).webSocketClosings).toEqual([[50, 1000]]);
  });

  test('Q12 at the latest after 10 s', () => {
    const setup = 'DC signaling still connecting';
    const result = played({ mode: 'D', start: 'connected', setup, timeline: ['7 rx.switched T'] });
    expect(result.webSocketClosings).toEqual([[10_007, 1000]]);
    expect(result.termination).toBeNull();
  });

  test('Q12 not before a re-offer that came over the WebSocket is answered, over the WebSocket', () => {
    const timeline = ['0 rx.reoffer-begin', '10 rx.switched T', '300 rx.reoffer-end'] as const;
    const result = played({ mode: 'D', start: 'connected', timeline });
    expect(result.types).toEqual(['300 ws re-answer']);
    expect(result.webSocketClosings).toEqual([[300, 1000]]);
  });

  test('Q12 nor with one of two still open', () => {
    const timeline = ['0 rx.reoffer', '1 rx.reoffer-begin', '10 rx.switched T', '300 rx.reoffer-end'] as const;
    expect(played({ mode: 'D', start: 'connected', timeline }).webSocketClosings).toEqual([[300, 1000]]);
  });

  test('Q12 T07 T11 meanwhile its close and its error are ignored', () => {
    const setup = 'DC signaling still connecting';
    const timeline = ['0 rx.switched T', '10 ws.error', '11 ws.close 1006', '50 dc.open signaling'];
    expect(played({ mode: 'D', start: 'connected', setup, timeline }).termination).toBeNull();
  });

  test('Q12 meanwhile its messages are served', () => {
    const setup = 'DC signaling still connecting';
    const timeline = ['0 rx.switched T', '10 rx.ping', '20 rx.ping'];
    expect(played({ mode: 'D', start: 'connected', setup, timeline }).types).toEqual(['10 ws pong', '20 ws pong']);
  });

  test('Q12 under switched(false) it stays open', () => {
    expect(played({ mode: 'M', start: 'switched', timeline: ['15000 rx.ping'] }).webSocketClosings).toEqual([]);
  });
});

describe('Q29 Q37: what is unknown where it comes from', () => {
  test.each([
    ['M', 'connected', 'rx.unknown ws'],
    ['M', 'connected', 'rx.unknown signaling'],
    ['M', 'connected', 'rx.unknown stats'],
    ['D', 'switched', 'rx.unknown signaling'],
    ['W', 'signaling', 'rx.unknown'],
  ] as const)('Q29 %s %s: %s is ignored and recorded in the timeline', (mode, start, words) => {
    const { termination, timeline } = played({ mode, start, options: { connectTimeout: 0 }, timeline: [`5 ${words}`] });
    expect(termination).toBeNull();
    expect(timeline.at(-1)).toMatchObject({ source: 'signaling', what: 'not-known-yet' });
  });

  test('Q37 type: close over the WebSocket is none: the Close frame follows', () => {
    expect(played({ mode: 'M', start: 'switched', timeline: ['5 rx.close 1000 ws'] }).termination).toBeNull();
    const followed = played({ mode: 'M', start: 'switched', timeline: ['5 rx.close 1000 ws', '9 ws.close 4490'] });
    expect(followed.termination).toMatchObject({ kind: 'server-close', via: 'websocket', code: 4490, at: 9 });
  });
});

describe('Q33: a compressed type: close is still inflating when the channels close', () => {
  test('Q33 the order of arrival is kept', () => {
    const timeline = ['0 rx.close-begin', '2 dc.close *', '400 rx.close-end 4490'];
    const { termination, leftovers } = played({ mode: 'D', start: 'switched', timeline });
    expect(termination).toMatchObject({ kind: 'server-close', via: 'datachannel', code: 4490, at: 400 });
    expect(termination).not.toHaveProperty('after');
    expect(leftovers).toEqual(nothingLeft);
  });

  test('Q33 not for ever: the disconnect timeout bounds it, and a late result is dropped', () => {
    const timeline = ['0 rx.close-begin', '2 dc.close *', '4000 rx.close-end 1000'];
    const { termination, emissions } = played({ mode: 'D', start: 'switched', timeline });
    expect(termination).toMatchObject({ kind: 'datachannel-closed', label: 'signaling', at: 3000 });
    expect(emissions).toBe(1);
  });

  test('Q33 what is no event of a channel overtakes it', () => {
    const timeline = ['0 rx.close-begin', '2 dc.close *', '10 pc failed', '20 rx.close-end 1000'];
    expect(played({ mode: 'D', start: 'switched', timeline }).termination).toMatchObject({ kind: 'peer-connection-failed', at: 10 });
  });

  test('Q33 Q38 a second one in line behind it gives its code to a wait that ends when the line goes on', () => {
    const timeline = ['0 rx.close-begin', '1 rx.close 4490', '2 disconnect', '3 dc.close *'];
    expect(played({ mode: 'D', start: 'switched', timeline }).termination).toMatchObject({
      kind: 'client-disconnect',
      outcome: 'acknowledged',
      peer: { via: 'datachannel', code: 4490 },
      at: 3000,
    });
  });

  test('Q33 P16 a channel that opens in the step with which a wait ends is closed like the others', () => {
    const timeline = ['0 rx.close-begin', '1 disconnect', '2 dc.close *', '3 dc.open notify'];
    const { termination, closed, leftovers } = played({ mode: 'D', start: 'switched', timeline });
    expect(termination).toMatchObject({ kind: 'client-disconnect', outcome: 'acknowledged', at: 3 });
    expect(closed).toEqual(['DC notify', 'pc']);
    expect(leftovers).toEqual(nothingLeft);
  });
});

describe('Q39 Q67: a channel object that another one of its label has replaced', () => {
  test.each(['dc.close stats stale', 'dc.error stats stale'])('Q39 %s is ignored', (words) => {
    const { termination, fake } = played({ mode: 'D', start: 'switched', timeline: ['0 dc.open stats', `10 ${words}`] });
    expect(termination).toBeNull();
    expect(fake.peerConnection?.channels.filter(({ label }) => label === 'stats')[0]?.closeCalls).toHaveLength(1);
  });

  test('Q39 the new one counts', () => {
    const { termination } = played({ mode: 'D', start: 'switched', timeline: ['0 dc.open stats', '10 dc.close stats'] });
    expect(termination).toMatchObject({ kind: 'datachannel-closed', label: 'stats', causeAt: 10, at: 510 });
  });
});

describe('Q49 Q50 P18: sockets that do not count any more', () => {
  test.each(['ws.close 1006 #1', 'ws.error #1', 'ws.open #1'])('P18 Q50 after a redirect: %s changes nothing', (words) => {
    const timeline = ['0 rx.redirect', `5 ${words}`, '20 ws.open #2', '30 ws.close 1000 #2'];
    const { termination, emissions } = played({ mode: 'W', start: 'signaling', timeline });
    expect(termination).toMatchObject({ kind: 'server-close', code: 1000, at: 30 });
    expect(emissions).toBe(1);
  });

  test('Q49 one of several URLs fails: no cause, but noted', () => {
    const timeline = ['5 ws.error #1', '5 ws.close 1006 #1', '10 ws.open #2', '20 ws.close 1000 #2'];
    const { termination } = played({ mode: 'W', start: 'opening', options: { urls: 2 }, timeline });
    expect(termination).toMatchObject({ kind: 'server-close', code: 1000, at: 20 });
    expect(termination?.trailing[0]).toEqual({ at: 5, source: 'websocket', what: 'error', detail: 'wss://node1.sora.test/signaling' });
  });
});

describe('Q59: a failed attempt to connect ends with a value as well, once for each', () => {
  test.each<[ScenarioRow, string]>([
    [{ mode: 'W', start: 'opening', timeline: ['5 ws.error', '5 ws.close 1006'] }, 'websocket-error'],
    [{ mode: 'W', start: 'signaling', timeline: ['5 ws.close 4490'] }, 'server-close'],
    [{ mode: 'W', start: 'signaling', timeline: ['5 rx.invalid'] }, 'signaling-invalid'],
    [{ mode: 'W', start: 'negotiating', timeline: ['5 pc failed'] }, 'peer-connection-failed'],
    [{ mode: 'W', start: 'negotiating', timeline: ['5 internal'] }, 'internal-error'],
    [{ mode: 'W', start: 'opening', timeline: [] }, 'connect-timeout'],
    [{ mode: 'W', start: 'signaling', timeline: [] }, 'connect-timeout'],
    [{ mode: 'W', start: 'negotiating', timeline: [] }, 'connect-timeout'],
  ])('Q59 %o: %s', (row, kind) => {
    const { termination, emissions, completed, leftovers } = played(row);
    expect([termination?.kind, emissions, completed]).toEqual([kind, 1, true]);
    expect(leftovers).toEqual(nothingLeft);
  });
});

describe('Q72: the words for a transport', () => {
  test('Q72 websocket and datachannel, never an abbreviation', () => {
    const overChannel = played({ mode: 'M', start: 'switched', timeline: ['0 ws.close 1006'] }).termination;
    expect(overChannel?.sent?.via).toBe('datachannel');
    const overSocket = played({ mode: 'W', start: 'connected', timeline: ['0 disconnect', '1 ws.close 1000'] }).termination;
    expect(overSocket?.sent?.via).toBe('websocket');
    expect(JSON.stringify([overChannel, overSocket])).not.toMatch(/"(ws|dc)"/);
  });
});

describe('Q82: nothing is left that could be noticed', () => {
  test('Q82 switched(true) and no channel that ever opens: the session does not poll', () => {
    const setup = 'DC signaling still connecting';
    expect(played({ mode: 'D', start: 'connected', setup, timeline: ['0 rx.switched T'] }).termination).toBeNull();
  });

  test('Q82 Q60 the application closes the peer connection: noticed by the next input', () => {
    const row = { mode: 'W', start: 'connected', timeline: ['5 pc~ closed', '60000 rx.ping'] } as const;
    expect(played(row).termination).toMatchObject({ kind: 'internal-error', where: 'peer-connection', causeAt: 60_000 });
  });
});

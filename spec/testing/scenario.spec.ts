import { describe, expect, test } from 'vitest';
import { terminationWords } from '../../src/testing/compare-scenario.ts';
import { marbleInputs } from '../../src/testing/marble-inputs.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario, type ScenarioSettings } from '../../src/testing/scenario.ts';

const run = (row: Partial<ScenarioRow>, settings: ScenarioSettings = {}) =>
  scenario({ mode: 'D', start: 'switched', timeline: [], ...row }, settings);

/** The row in one line: what ended it and when, what was sent, what was closed. */
const told = (row: Partial<ScenarioRow>, settings: ScenarioSettings = {}): string => {
  const { termination, messages, closed, errors } = run(row, settings);
  expect(errors).toEqual([]);
  const end = termination ? `${termination.at} ${terminationWords(termination)}` : 'none';
  return [end, messages.map(({ at, via, reason }) => `${at} ${via} ${reason}`).join(), closed.join(' ')].join(' / ');
};

const sentTypes = (row: Partial<ScenarioRow>, settings: ScenarioSettings = {}): string[] =>
  run(row, settings)
    .sent.filter(({ duringStart }) => !duringStart)
    .map(({ at, via, label, message }) => `${at} ${label ?? via} ${String(message.type)}`);

describe('scenario(): what the application can do', () => {
  test.each<[string, Partial<ScenarioRow>, string]>([
    ['abort', { timeline: ['5 abort'] }, '5 client-disconnect(abort-signal, immediate) / 5 dc NO-ERROR / all DCs pc'],
    ['abort before connect', { start: 'idle', timeline: ['2 abort', '2 connect'] }, '2 client-disconnect(abort-signal, immediate) /  / '],
    ['dispose', { timeline: ['5 dispose', '9 dc.close *'] }, '9 client-disconnect(api, acknowledged) / 5 dc NO-ERROR / pc'],
    ['unsub', { timeline: ['5 unsub'] }, '5 client-disconnect(unsubscribe, immediate) / 5 dc NO-ERROR / all DCs pc'],
    ['unsub before anything', { start: 'idle', timeline: ['1 connect', '2 unsub'] }, '2 client-disconnect(unsubscribe, immediate) /  / WS'],
    ['pagehide', { timeline: ['5 pagehide'] }, '5 client-disconnect(pagehide, immediate) / 5 dc NO-ERROR / all DCs pc'],
    ['pagehide-persisted', { timeline: ['5 pagehide-persisted'] }, '5 client-disconnect(pagehide, immediate) / 5 dc NO-ERROR / all DCs pc'],
    ['freeze', { timeline: ['6 freeze'] }, 'none /  / '],
    ['disconnect before connect', { start: 'idle', timeline: ['3 disconnect'] }, '3 client-disconnect(api, immediate) /  / '],
    ['connect', { start: 'idle', timeline: ['3 connect', '4 ws.close 1006'] }, '4 websocket-closed(1006) /  / '],
  ])('%s', (_, row, expected) => {
    expect(told(row)).toBe(expected);
  });
});

describe('scenario(): one failure inside the SDK, in every phase', () => {
  test.each<[string, Partial<ScenarioRow>, string]>([
    ['opening', { mode: 'W', start: 'opening' }, '5 internal-error /  / WS'],
    ['signaling', { mode: 'W', start: 'signaling' }, '5 internal-error / 5 ws INTERNAL-ERROR / WS'],
    ['negotiating', { mode: 'W', start: 'negotiating' }, '5 internal-error / 5 ws INTERNAL-ERROR / WS pc'],
    ['connected', { mode: 'M', start: 'connected' }, '5 internal-error / 5 ws INTERNAL-ERROR / WS all DCs pc'],
    ['switched', { mode: 'M', start: 'switched' }, '5 internal-error / 5 dc INTERNAL-ERROR / WS all DCs pc'],
  ])('%s', (_, row, expected) => {
    expect(told({ ...row, timeline: ['5 internal'] }).replace(/\(.*?\)/, '')).toBe(expected);
  });

  test('inside a wait it is really brought about', () => {
    const { fake, termination } = run({ timeline: ['0 disconnect', '1 internal', '20 dc.close *'] });
    const attempts = fake.records.filter(({ what }) => what === 'setRemoteDescription');
    expect([attempts.length, termination?.at]).toEqual([2, 20]);
  });
});

describe('scenario(): messages take the transport that carries them', () => {
  test.each<[string, Partial<ScenarioRow>, string[]]>([
    ['re-offer before the switch', { mode: 'M', start: 'connected', timeline: ['5 rx.reoffer'] }, ['5 ws re-answer']],
    ['re-offer after it', { mode: 'M', timeline: ['5 rx.reoffer'] }, ['5 signaling re-answer']],
    ['re-offer that takes time', { timeline: ['5 rx.reoffer-begin', '9 rx.reoffer-end'] }, ['9 signaling re-answer']],
    ['ping', { mode: 'M', timeline: ['5 rx.ping'] }, ['5 ws pong']],
    ['req-stats', { timeline: ['5 rx.req-stats'] }, ['5 stats stats']],
    ['redirect', { mode: 'W', start: 'signaling', timeline: ['5 rx.redirect', '9 ws.open #2'] }, ['9 ws connect']],
  ])('%s', (_, row, expected) => {
    expect(sentTypes(row)).toEqual(expected);
    expect(sentTypes(row, { compress: true })).toEqual(expected);
  });

  test('notify and push arrive on their own channels after the switch', () => {
    const { timeline } = run({ mode: 'M', timeline: ['5 rx.notify', '6 rx.push'] });
    expect(timeline.filter(({ at }) => at >= 5).map(({ what, detail }) => [what, (detail as { label: string }).label])).toEqual([
      ['notify', 'notify'],
      ['push', 'push'],
    ]);
  });
});

describe('scenario(): the network', () => {
  test('a socket is meant by its number, or the one that counts', () => {
    expect(
      told({ mode: 'W', start: 'opening', options: { urls: 2 }, timeline: ['1 ws.error #1', '2 ws.open #2', '3 ws.close 4490'] }),
    ).toBe('3 server-close(websocket, 4490, error) /  / ');
  });

  test('timers stand still while the machine sleeps', () => {
    expect(told({ mode: 'W', start: 'connected', timeline: ['0 disconnect', '10 suspend 9000'] })).toBe(
      '9000 client-disconnect(api, timeout) / 0 ws NO-ERROR / WS pc',
    );
  });

  test('events may be objects instead of words', () => {
    expect(
      told({
        timeline: [
          { at: 1, kind: 'rx', message: { type: 'close', code: 4000, reason: 'mine' }, label: 'signaling' },
          { at: 2, kind: 'dc.close', label: '*' },
        ],
      }),
    ).toBe('1 server-close(datachannel, 4000, error) /  / all DCs pc');
  });

  test('events may be drawn as marbles', () => {
    expect(told({ mode: 'W', start: 'connected', timeline: marbleInputs({ application: 'd', webSocket: '3s c' }) })).toBe(
      '3000 client-disconnect(api, acknowledged) / 0 ws NO-ERROR / pc',
    );
  });

  test('a test may do whatever else it wants to', () => {
    const seen: string[] = [];
    run({ timeline: [{ at: 7, kind: 'call', name: 'look', run: () => seen.push('looked') }] });
    expect(seen).toEqual(['looked']);
  });

  test('channels of the application count as well', () => {
    expect(
      told(
        { timeline: ['1 dc.close #chat'] },
        { labels: ['#chat'], connectOptions: { dataChannels: [{ label: '#chat', direction: 'sendrecv' }] } },
      ),
    ).toBe('501 datachannel-closed(#chat) / 501 dc INTERNAL-ERROR / DC signaling/notify/push/stats pc');
  });
});

describe('scenario(): rows that make no sense are refused', () => {
  test.each<[string, Partial<ScenarioRow>]>([
    ['"typo" is no option', { options: { typo: 1 } as never }],
    ['is no setup', { setup: 'everything different' }],
    ['is no event', { timeline: ['0 nonsense'] }],
    ['there is no switched without DataChannels', { mode: 'W' }],
    ['"w" is no mode of a scenario: it is one of W, M, D', { mode: 'w' as never }],
    ['"open" is no start of a scenario: it is one of idle, opening', { start: 'open' as never }],
    ['those are T, ICE', { options: { timeout: 1 } as never }],
  ])('%s', (message, row) => {
    expect(() => run(row)).toThrow(message);
  });
});

describe('scenario(): a mistake of the test is thrown, not hidden in the result', () => {
  test.each<[string, Partial<ScenarioRow>]>([
    [
      '"5 dc.close #chat" cannot happen: there is no DataChannel #chat: there are signaling, notify, push, stats',
      { timeline: ['5 dc.close #chat'] },
    ],
    [
      '"5 rx.close 1000" cannot happen: there is no DataChannel signaling: in mode W',
      { mode: 'W', start: 'connected', timeline: ['5 rx.close 1000'] },
    ],
    ['"5 dc.close *" cannot happen: in mode W', { mode: 'W', start: 'connected', timeline: ['5 dc.close *'] }],
    ['"5 pc failed" cannot happen: the session has made no peer connection', { start: 'signaling', timeline: ['5 pc failed'] }],
    ['"5 ws.close 1006 #2" cannot happen: there is no WebSocket #2: there are 1', { timeline: ['5 ws.close 1006 #2'] }],
    [
      '"5 disconnect" cannot happen: the row does something to a session that was not begun',
      { start: 'idle', timeline: ['5 disconnect', '6 unsub'] },
    ],
  ])('%s', (message, row) => {
    expect(() => run(row)).toThrow(message);
  });

  const nothingIsLeft = { listeners: 0, sockets: 0, peerConnections: 0, channels: 0, timers: 0, subscriptions: 0 };

  test.each<[string, Partial<ScenarioRow>]>([
    [
      'a channel that the end was quicker than',
      { mode: 'D', start: 'negotiating', timeline: ['5 unsub', '6 dc.open signaling', '7 dc.close signaling'] },
    ],
    ['a message on it', { mode: 'D', start: 'negotiating', timeline: ['5 unsub', '6 rx.close 1000 signaling'] }],
    ['a peer connection that was never made', { start: 'signaling', timeline: ['5 ws.close 1006', '6 pc failed'] }],
  ])('but not what comes late: %s', (_, row) => {
    const { termination, emissions, errors, leftovers } = run(row);
    expect(termination?.causeAt).toBe(5);
    expect({ emissions, errors, leftovers }).toEqual({ emissions: 1, errors: [], leftovers: nothingIsLeft });
  });

  test('and so is what fails in a function of the test, as it is', () => {
    const failure = new Error('expected 1 to be 2');
    const look = () => {
      throw failure;
    };
    expect(() => run({ timeline: [{ at: 7, kind: 'call', name: 'look', run: look }, '8 pc failed'] })).toThrow(failure);
  });
});

describe('scenario(): what is seen', () => {
  test('the states with their times', () => {
    const { states } = run({ mode: 'W', start: 'signaling', timeline: ['1 rx.offer', '2 pc connected', '3 ws.close 1000'] });
    expect(states.map(({ at, state }) => `${at} ${state}`)).toEqual([
      '0 idle',
      '0 opening',
      '0 signaling',
      '1 negotiating',
      '2 connected',
      '3 ending',
      '3 ended',
    ]);
  });

  test('what is alive while the session is, and nothing after its end', () => {
    const { leftovers } = run({ mode: 'M', timeline: [] });
    expect([leftovers.sockets, leftovers.peerConnections, leftovers.channels, leftovers.listeners > 0]).toEqual([1, 1, 4, true]);
    expect(run({ mode: 'M', timeline: ['0 pc failed'] }).leftovers).toEqual({
      sockets: 0,
      peerConnections: 0,
      channels: 0,
      listeners: 0,
      timers: 0,
      subscriptions: 0,
    });
  });

  test('what a session does that is not the SDK of this repository', () => {
    const seen: string[] = [];
    const session = run(
      { timeline: ['0 pc failed'] },
      {
        onSession: ({ termination$ }) => termination$.subscribe(({ kind }) => seen.push(kind)),
      },
    );
    expect([seen, session.emissions]).toEqual([['peer-connection-failed'], 1]);
  });
});

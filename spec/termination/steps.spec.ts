import { Observable, tap } from 'rxjs';
import { describe, expect, test } from 'vitest';
import type { SessionEvent } from '../../src/model/session-event.ts';
import { type SafePort, safePort } from '../../src/termination/port.ts';
import { overSteps } from '../../src/termination/over-steps.ts';
import { FIRST_STEP, type Step, stepAfter } from '../../src/termination/steps.ts';
import { EndingRig, type EndingSetup, FakePort, defaults } from '../support/ending-rig.ts';
import { connectedStep } from '../support/steps.ts';

type Play = string | ((rig: EndingRig) => void);

/** Plays words and gives the steps of it. */
function steps(setup: EndingSetup, ...words: readonly Play[]): readonly Step[] {
  const rig = new EndingRig(setup);
  const seen: Step[] = [];
  overSteps(rig.event$, rig.port, rig.config, (step$) => step$).subscribe((step) => seen.push(step));
  rig.begin();
  for (const word of words) {
    if (typeof word === 'string') rig.does(word);
    else word(rig);
  }
  return seen;
}

const last = (setup: EndingSetup, ...words: readonly Play[]): Step => steps(setup, ...words).at(-1)!;

describe('every event is one step, with what is known after it', () => {
  test('before the first event nothing is known', () => {
    expect(steps({ start: 'idle' })).toStrictEqual([FIRST_STEP]);
  });

  test('every source is heard, in the order of arrival, with the time of the clock', () => {
    let clockMs = 0;
    const config = { clock: { startedAt: 0, elapsed: () => (clockMs += 1) } };
    const seen = steps(
      { start: 'idle', config },
      'connect',
      'pc connecting',
      'ws.open',
      'dc.open signaling',
      'rx.switched F',
      'rx.invalid',
      'internal',
      'unsub',
    );
    expect(seen.slice(1).map(({ at, event }) => [at, event?.source, event?.kind])).toEqual([
      [1, 'session', 'opening'],
      [2, 'peer-connection', 'connectionstatechange'],
      [3, 'websocket', 'open'],
      [4, 'datachannel', 'open'],
      [5, 'signaling', 'message'],
      [6, 'signaling', 'invalid'],
      [7, 'sdk', 'failure'],
      [8, 'application', 'disconnect'],
    ]);
  });

  test('the rules listen before the first event arrives', () => {
    const rig = new EndingRig({ start: 'idle' });
    const order: string[] = [];
    const source$ = new Observable<never>(() => void order.push('source subscribed'));
    overSteps(source$, rig.port, rig.config, (step$) => step$.pipe(tap({ subscribe: () => order.push('rules subscribed') }))).subscribe();
    expect(order).toEqual(['rules subscribed', 'source subscribed']);
  });

  test('a source that fails or completes ends nothing', () => {
    for (const end of ['error', 'complete'] as const) {
      const rig = new EndingRig({ start: 'idle' });
      const seen: string[] = [];
      overSteps(rig.event$, rig.port, rig.config, (step$) => step$).subscribe({
        complete: () => seen.push('complete'),
        error: () => seen.push('error'),
      });
      for (const subject of Object.values(rig.subjects)) {
        if (end === 'complete') subject.complete();
        else subject.error(new Error('failed'));
      }
      expect(seen).toEqual([]);
    }
  });
});

describe('events without effect', () => {
  test.each<[string, EndingSetup, Play]>([
    ['a close of the WebSocket after switched(true) (T07)', { mode: 'D', start: 'switched' }, 'ws.close 1006'],
    ['an error of the WebSocket after switched(true) (T11)', { mode: 'D', start: 'switched' }, 'ws.error'],
  ])('%s changes nothing that is known', (_, setup, word) => {
    const [before, after] = steps(setup, word).slice(-2);
    expect(after).toStrictEqual({ ...before, at: after?.at, event: after?.event, isInert: true });
  });

  const talk: readonly (readonly [string, Play])[] = [
    ['a message of an unknown type (Q29)', 'rx.unknown'],
    ['a message of notify', 'rx.notify'],
    ['a raw message of the WebSocket', (rig) => rig.emit({ source: 'websocket', kind: 'message', url: '', data: '{}' })],
    ['a raw message of a channel', (rig) => rig.emit({ source: 'datachannel', kind: 'message', label: 'notify', data: '{}' })],
    ['a switched that is out of place (Q64)', (rig) => rig.receive({ type: 'switched', ignore_disconnect_websocket: true }, true)],
  ];

  test.each(talk)('%s is no step', (_, word) => {
    const [before, after] = steps({}, word).slice(-2);
    expect(after).toBe(before);
  });

  test.each(talk)('%s is a step while a loss is in doubt (Q30) or ICE is disconnected (P23)', (_, word) => {
    for (const doubt of ['dc.close notify', 'ice disconnected']) {
      const [before, after] = steps({ mode: 'M', start: 'switched', config: { iceDisconnectedRule: 'always' } }, doubt, word).slice(-2);
      expect(after, doubt).not.toBe(before);
    }
  });

  test.each(talk)('%s is a step once a cause is latched (Q38)', (_, word) => {
    const rig = new EndingRig({});
    const seen: Step[] = [];
    const rules = (step$: Observable<Step>, port: SafePort): Observable<Step> => {
      port.latched();
      return step$;
    };
    overSteps(rig.event$, rig.port, rig.config, rules).subscribe((step) => seen.push(step));
    rig.begin();
    const before = seen.length;
    if (typeof word === 'string') rig.does(word);
    else word(rig);
    expect(seen.slice(before)).toHaveLength(1);
    expect(seen.at(-1)).not.toBe(seen.at(-2));
  });

  test.each<[string, EndingSetup]>([
    ['ws.close 1006', {}],
    ['ws.error', { mode: 'M', start: 'switched' }],
    ['rx.invalid', {}],
    ['disconnect', {}],
  ])('%s is not one', (word, setup) => {
    expect(last(setup, word).isInert).toBe(false);
  });

  test('they are an occasion to read the live state all the same (Q02)', () => {
    expect(last({}, 'pc~ failed', 'rx.unknown')).toMatchObject({ isInert: true, health: 'peer-connection-failed' });
  });
});

describe('phase', () => {
  test('goes the way of the connection', () => {
    const phases = steps({ mode: 'M', start: 'connected' }).map(({ phase }) => phase);
    expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual([
      'idle',
      'opening',
      'signaling',
      'negotiating',
      'connected',
    ]);
  });

  test('a redirect goes back to opening; the close of the old socket is forgotten (Q50)', () => {
    const closed = { via: 'websocket', code: 1000, reason: '' };
    expect(last({ start: 'signaling' }, 'ws.close 1000')).toMatchObject({ phase: 'signaling', webSocketClose: closed });
    expect(last({ start: 'signaling' }, 'ws.close 1000', 'rx.redirect')).toMatchObject({ phase: 'opening', webSocketClose: null });
  });

  test('other events of progress leave it', () => {
    expect(last({ start: 'signaling' }, (rig) => rig.urlFailed('wss://sora.test')).phase).toBe('signaling');
    expect(last({ start: 'signaling' }, (rig) => rig.unreachable()).phase).toBe('signaling');
  });

  test('connected needs the event of a peer connection that is connected', () => {
    const setup = { start: 'negotiating' } as const;
    expect(last(setup, 'pc~ connected', 'ws.open').phase).toBe('negotiating');
    expect(last(setup, 'pc connecting').phase).toBe('negotiating');
    expect(last(setup, 'pc connected').phase).toBe('connected');
    expect(last(setup, 'pc~ connected', 'ice checking').phase).toBe('connected');
    expect(last({ start: 'signaling' }, 'pc connected').phase).toBe('signaling');
  });

  test('connected stays connected', () => {
    expect(last({}, 'pc disconnected', 'pc connecting').phase).toBe('connected');
  });

  test('the time of connection is noted once (Q84)', () => {
    let clockMs = 7;
    const config = { clock: { startedAt: 0, elapsed: () => clockMs } };
    expect(last({ start: 'negotiating', config }).connectedAt).toBeNull();
    expect(last({ config }).connectedAt).toBe(7);
    expect(last({ config }, () => (clockMs = 9), 'pc disconnected', 'pc connected').connectedAt).toBe(7);
  });
});

describe('the offer', () => {
  test('is kept, as its values replace what was requested (Q66)', () => {
    expect(last({ mode: 'D', start: 'signaling' }).offer).toBeNull();
    expect(last({ mode: 'D', start: 'signaling' }, 'rx.offer W', 'ws.open').offer).toMatchObject({ data_channel_signaling: false });
  });

  test('that could not be understood is none', () => {
    expect(last({ start: 'signaling' }, 'rx.invalid')).toMatchObject({ offer: null, phase: 'signaling' });
  });
});

describe('switched', () => {
  test.each([
    ['rx.switched T', true],
    ['rx.switched F', false],
  ])('%s', (words, flag) => {
    expect(last({ mode: 'M' }).switched).toBeNull();
    expect(last({ mode: 'M' }, words).switched).toBe(flag);
  });

  test('the first one counts, whatever the flag of a second (Q64)', () => {
    expect(last({ mode: 'M' }, 'rx.switched F', 'rx.switched T').switched).toBe(false);
    expect(last({ mode: 'M' }, 'rx.switched T', 'rx.switched F').switched).toBe(true);
  });

  test('a flag that is not a boolean is false', () => {
    expect(last({ mode: 'M' }, (rig) => rig.receive({ type: 'switched', ignore_disconnect_websocket: 'yes' })).switched).toBe(false);
  });
});

describe('webSocketClose', () => {
  test('is the close event, not the state (Q69), nor an error', () => {
    expect(last({}, 'ws.closing', 'pc disconnected').webSocketClose).toBeNull();
    expect(last({}, 'ws.error').webSocketClose).toBeNull();
    expect(last({}, 'ws.close 1005').webSocketClose).toEqual({ via: 'websocket', code: 1005, reason: '' });
    expect(last({}, 'ws.close 1005', 'disconnect').webSocketClose).toEqual({ via: 'websocket', code: 1005, reason: '' });
  });

  test('stays the first one', () => {
    expect(last({}, 'ws.close 1005', 'ws.close 1006').webSocketClose?.code).toBe(1005);
  });
});

describe('peer: the first close that the server sent', () => {
  test('over either transport', () => {
    expect(last({ mode: 'M' }, 'ws.close 1006', 'rx.close 1000').peer).toEqual({ via: 'websocket', code: 1006, reason: '' });
    expect(last({ mode: 'M' }, 'rx.close 1000', 'ws.close 1006').peer).toEqual({ via: 'datachannel', code: 1000, reason: '' });
  });

  test('is none once the peer connection has failed (Q21)', () => {
    expect(last({}, 'pc~ failed', 'ws.close 1000').peer).toBeNull();
    expect(last({}, 'pc~ closed', 'ws.close 1000').peer).not.toBeNull();
  });
});

describe('isIceDisconnected', () => {
  test.each<[EndingSetup, boolean]>([
    [{}, false],
    [{ connectionState: false }, true],
    [{ config: { iceDisconnectedRule: 'always' } }, true],
  ])('follows the events of ICE where its rule applies (T27, Q44): %o', (setup, applies) => {
    expect(last(setup, 'ice disconnected').isIceDisconnected).toBe(applies);
    expect(last(setup, 'ice disconnected', 'ws.open').isIceDisconnected).toBe(applies);
    expect(last(setup, 'ice disconnected', 'ice connected').isIceDisconnected).toBe(false);
  });

  test('is not started by other events (P23)', () => {
    expect(last({ connectionState: false }, 'ice~ disconnected', 'ws.open').isIceDisconnected).toBe(false);
  });
});

describe('loss (Q30, Q31, Q67, Q83)', () => {
  const setup = { mode: 'D', start: 'switched' } as const;
  const event = (fields: object) => (rig: EndingRig) => rig.emit({ source: 'datachannel', kind: 'error', label: 'stats', ...fields });

  test('a channel that closes', () => {
    expect(last(setup, 'dc.close stats').loss).toStrictEqual({
      at: expect.any(Number) as number,
      cause: { kind: 'datachannel-closed', label: 'stats' },
    });
  });

  test('its time is the clock of the session', () => {
    expect(last({ ...setup, config: { clock: { startedAt: 0, elapsed: () => 42 } } }, 'dc.close stats').loss?.at).toBe(42);
  });

  test.each<[object, object]>([
    [{}, {}],
    [{ sctpCauseCode: 0 }, { sctpCauseCode: 0 }],
    [{ errorDetail: '' }, { errorDetail: '' }],
    [
      { sctpCauseCode: 12, errorDetail: 'sctp-failure' },
      { sctpCauseCode: 12, errorDetail: 'sctp-failure' },
    ],
  ])('a channel that fails, with what is known of it: %o', (fields, told) => {
    expect(last(setup, event(fields)).loss?.cause).toStrictEqual({ kind: 'datachannel-error', label: 'stats', ...told });
  });

  test('the first one stays', () => {
    expect(last(setup, 'dc.error stats', 'dc.close stats').loss?.cause.kind).toBe('datachannel-error');
    expect(last(setup, 'dc.close stats', 'dc.error notify').loss?.cause.kind).toBe('datachannel-closed');
  });

  test('a label that the offer did not announce is none; before the offer every label is', () => {
    expect(last(setup, 'dc.close #other').loss).toBeNull();
    expect(last({ start: 'signaling' }, 'dc.close #other').loss?.cause.label).toBe('#other');
  });

  test('an offer that announces no channel makes every label one that does not count', () => {
    const offer = (rig: EndingRig) => rig.receive({ type: 'offer', sdp: '', connection_id: 'CONNECTION' });
    expect(last({ start: 'signaling' }, offer, 'dc.close stats').loss).toBeNull();
  });

  test('nor is one that a broken peer connection takes along (Q02)', () => {
    for (const state of ['failed', 'closed']) expect(last(setup, `pc~ ${state}`, 'dc.close stats').loss).toBeNull();
    expect(last({ ...setup, connectionState: false }, 'ice~ failed', 'dc.close stats').loss).toBeNull();
    expect(last(setup, 'pc~ disconnected', 'dc.close stats').loss).not.toBeNull();
  });

  test('open, message, closing and bufferedamountlow are none', () => {
    for (const kind of ['open', 'closing', 'bufferedamountlow']) expect(last(setup, event({ kind })).loss).toBeNull();
    expect(last(setup, event({ kind: 'message', data: '' })).loss).toBeNull();
  });
});

describe('hasSignalingEnded (Q33, Q39)', () => {
  const setup = { mode: 'D', start: 'switched' } as const;
  const signaling = (kind: 'closing' | 'bufferedamountlow') => (rig: EndingRig) =>
    rig.emit({ source: 'datachannel', kind, label: 'signaling' });

  test.each<[string, readonly Play[], boolean]>([
    ['its close', ['dc.close signaling'], true],
    ['its error', ['dc.error signaling'], true],
    ['closing', [signaling('closing')], false],
    ['its buffer', [signaling('bufferedamountlow')], false],
    ['the close of another label', ['dc.close notify'], false],
    ['its close, then its buffer', ['dc.close signaling', signaling('bufferedamountlow')], true],
    ['another channel with the label', ['dc.close signaling', 'dc.open signaling'], false],
    ['its close, then the open of another label', ['dc.close signaling', 'dc.open notify'], true],
  ])('%s', (_, plays, expected) => {
    expect(last(setup, ...plays).hasSignalingEnded).toBe(expected);
  });
});

describe('health', () => {
  test('every step reads it anew, and does not remember', () => {
    expect(last({}, 'pc~ disconnected', 'ws.open').health).toBeNull();
    expect(last({}, 'pc~ disconnected', 'ws.open', 'pc~ connected', 'ws.open').health).toBe('connected');
  });
});

describe('stepAfter, from a step to the next', () => {
  const message = (type: string): SessionEvent => ({ source: 'signaling', kind: 'message', at: 0, message: { type } }) as never;
  const portOf = (connection = 'connected'): SafePort => safePort(Object.assign(new FakePort(), { connection }), defaults);
  const before: Step = { ...connectedStep, health: 'connected', switched: null };

  test('a switched counts while the session lives', () => {
    expect(stepAfter(before, message('switched'), portOf(), defaults).switched).toBe(false);
  });

  test('a switched that comes after the latch is too late (Q13)', () => {
    const port = portOf();
    port.latched();
    expect(stepAfter(before, message('switched'), port, defaults).switched).toBeNull();
  });

  test('a switched that finds the peer connection failed is too late (Q02)', () => {
    expect(stepAfter(before, message('switched'), portOf('failed'), defaults).switched).toBeNull();
  });

  test.each(['offer-not', 'not-offer', 'switched-not', 'not-close', 'notify'])(
    'a message from which no rule learns is no step: %s',
    (type) => {
      expect(stepAfter(before, message(type), portOf(), defaults)).toBe(before);
    },
  );

  test('an offer without DataChannels announces none, so no channel can be lost (Q67)', () => {
    const close: SessionEvent = { source: 'datachannel', kind: 'close', at: 0, label: '#chat' };
    const withoutChannels: Step = { ...before, offer: { type: 'offer', sdp: '' } as never };
    expect(stepAfter(withoutChannels, close, portOf(), defaults).loss).toBeNull();
    expect(stepAfter({ ...before, offer: null }, close, portOf(), defaults).loss).not.toBeNull();
  });
});

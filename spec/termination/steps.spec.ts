import { asyncScheduler, type Observable } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type Facts, type Health, type Step, broken, healthOf, stepsOf } from '../../src/termination/steps.ts';
import { EndingRig, FakePort, LABELS, type EndingSetup } from '../support/ending-rig.ts';

/** Plays words and gives the steps of it. */
function steps(setup: EndingSetup, ...words: readonly (string | ((rig: EndingRig) => void))[]): readonly Step[] {
  const rig = new EndingRig(setup);
  const seen: Step[] = [];
  stepsOf(rig.sources, rig.config).subscribe((step) => seen.push(step));
  rig.begin();
  for (const word of words) {
    if (typeof word === 'string') rig.does(word);
    else word(rig);
  }
  return seen;
}

const facts = (setup: EndingSetup, ...words: readonly (string | ((rig: EndingRig) => void))[]): Facts =>
  steps(setup, ...words).at(-1)!.facts;

describe('stepsOf: every input with what was known before it and after it', () => {
  test('the first one knows nothing before it but what the client asked for (Q66)', () => {
    const [first] = steps({ mode: 'D', start: 'opening' });
    expect(first).toStrictEqual({
      at: expect.any(Number) as number,
      input: { source: 'progress', event: { kind: 'opening' } },
      before: {
        phase: 'idle',
        connectSent: false,
        dataChannelSignaling: true,
        ignoreDisconnectWebSocket: true,
        labels: null,
        switched: null,
        webSocketClosed: false,
        signalingEnded: false,
        loss: null,
        notes: [],
        health: 'unknown',
      },
      facts: {
        phase: 'opening',
        connectSent: false,
        dataChannelSignaling: true,
        ignoreDisconnectWebSocket: true,
        labels: null,
        switched: null,
        webSocketClosed: false,
        signalingEnded: false,
        loss: null,
        notes: [],
        health: 'unknown',
      },
    });
  });

  test('what is after one is before the next', () => {
    const seen = steps({ mode: 'M', start: 'switched' }, 'dc.close stats', 'ws.close 1006', 'disconnect');
    expect(seen.length).toBeGreaterThan(10);
    seen.slice(1).forEach((step, index) => expect(step.before).toBe(seen[index]!.facts));
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
      'rx.close 1000',
      'rx.invalid',
      'internal',
      (rig) => rig.unreachable(),
      'unsub',
      ({ subjects }) => subjects.note$.next({ at: 3, source: 'sdk', what: 'noted' }),
    );
    expect(seen.map(({ at, input }) => [at, input.source])).toEqual([
      [1, 'progress'],
      [2, 'peer-connection'],
      [3, 'websocket'],
      [4, 'datachannel'],
      [5, 'switched'],
      [6, 'server-close'],
      [7, 'invalid'],
      [8, 'failure'],
      [9, 'unreachable'],
      [10, 'disconnect'],
      [11, 'note'],
    ]);
    expect(seen.at(5)!.input.event).toEqual({ code: 1000, reason: '' });
    expect(seen.at(9)!.input.event).toBe('unsubscribe');
  });

  test('a source that completes or fails, and all of them, end nothing', () => {
    const rig = new EndingRig({ start: 'idle' });
    const seen: string[] = [];
    stepsOf(rig.sources, rig.config).subscribe({
      next: ({ input }) => seen.push(input.source),
      complete: () => seen.push('complete'),
      error: () => seen.push('error'),
    });
    const { disconnect$, ...others } = rig.subjects;
    Object.values(others as Readonly<Record<string, { error(reason: unknown): void; complete(): void }>>).forEach((subject, index) => {
      if (index % 2 === 0) subject.error(new Error('failed'));
      else subject.complete();
    });
    disconnect$.next('api');
    disconnect$.complete();
    expect(seen).toEqual(['disconnect']);
  });

  test('a source that is left out never speaks', () => {
    const seen: Step[] = [];
    const steps$: Observable<Step> = stepsOf({ port: new FakePort() }, new EndingRig().config);
    steps$.subscribe({ next: (step) => seen.push(step), complete: () => expect.fail('completed') });
    expect(seen).toEqual([]);
    expect(asyncScheduler.actions).toEqual([]);
  });
});

describe('phase', () => {
  test('goes the way of the connection', () => {
    const phases = steps({ mode: 'M', start: 'connected' }).map(({ facts: { phase } }) => phase);
    expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual(['opening', 'signaling', 'negotiating', 'connected']);
  });

  test('a redirect goes back to opening; connect has to be sent anew, the close of the old socket is forgotten (Q50)', () => {
    const before = facts({ start: 'signaling' }, 'ws.close 1000');
    expect(before).toMatchObject({ phase: 'signaling', connectSent: true, webSocketClosed: true });
    expect(facts({ start: 'signaling' }, 'ws.close 1000', 'rx.redirect')).toMatchObject({
      phase: 'opening',
      connectSent: false,
      webSocketClosed: false,
    });
  });

  test('connected needs the event of a peer connection that is connected', () => {
    const setup = { start: 'negotiating' } as const;
    expect(facts(setup, 'pc~ connected', 'ws.open').phase).toBe('negotiating');
    expect(facts(setup, 'pc connecting').phase).toBe('negotiating');
    expect(facts(setup, 'pc connected').phase).toBe('connected');
    expect(facts(setup, 'pc~ connected', 'ice checking').phase).toBe('connected');
    expect(facts({ start: 'signaling' }, 'pc connected').phase).toBe('signaling');
  });

  test('connected stays connected', () => {
    expect(facts({}, 'pc disconnected', 'pc connecting').phase).toBe('connected');
  });
});

describe('what the offer decides (Q66, Q67)', () => {
  test('it replaces what was requested', () => {
    expect(facts({ mode: 'D', start: 'signaling' }, 'rx.offer W')).toMatchObject({
      dataChannelSignaling: false,
      ignoreDisconnectWebSocket: false,
      labels: [],
      connectSent: true,
    });
    expect(facts({ mode: 'W', start: 'signaling' }, 'rx.offer M')).toMatchObject({
      dataChannelSignaling: true,
      ignoreDisconnectWebSocket: false,
      labels: LABELS,
    });
  });
});

describe('switched', () => {
  test.each([
    ['rx.switched T', true],
    ['rx.switched F', false],
  ])('%s', (words, flag) => {
    expect(facts({ mode: 'M' }).switched).toBeNull();
    expect(facts({ mode: 'M' }, words).switched).toBe(flag);
  });

  test('Q64 the first one counts, whatever the flag of a second', () => {
    expect(facts({ mode: 'M' }, 'rx.switched F', 'rx.switched T').switched).toBe(false);
    expect(facts({ mode: 'M' }, 'rx.switched T', 'rx.switched F').switched).toBe(true);
  });
});

describe('webSocketClosed', () => {
  test('is the close event, not the state (Q69), nor an error', () => {
    expect(facts({}, 'ws.closing', 'pc disconnected').webSocketClosed).toBe(false);
    expect(facts({}, 'ws.error').webSocketClosed).toBe(false);
    expect(facts({}, 'ws.close 1005').webSocketClosed).toBe(true);
    expect(facts({}, 'ws.close 1005', 'disconnect').webSocketClosed).toBe(true);
  });
});

describe('notes', () => {
  test('are kept in order (Q49)', () => {
    const note = (what: string) => (rig: EndingRig) => rig.subjects.note$.next({ at: 0, source: 'sdk', what });
    expect(facts({}, note('a'), note('b')).notes.map(({ what }) => what)).toEqual(['a', 'b']);
  });
});

describe('loss (Q30, Q31, Q67, Q83)', () => {
  const setup = { mode: 'D', start: 'switched' } as const;
  const event = (fields: object) => (rig: EndingRig) => rig.emit({ source: 'datachannel', kind: 'error', label: 'stats', ...fields });

  test('a channel that closes', () => {
    expect(facts(setup, 'dc.close stats').loss).toStrictEqual({
      at: expect.any(Number) as number,
      reason: { kind: 'datachannel-closed', label: 'stats' },
    });
  });

  test('its time is the clock of the session', () => {
    expect(facts({ ...setup, config: { clock: { startedAt: 0, elapsed: () => 42 } } }, 'dc.close stats').loss?.at).toBe(42);
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
    expect(facts(setup, event(fields)).loss?.reason).toStrictEqual({ kind: 'datachannel-error', label: 'stats', ...told });
  });

  test('the first one stays', () => {
    expect(facts(setup, 'dc.error stats', 'dc.close stats').loss?.reason.kind).toBe('datachannel-error');
    expect(facts(setup, 'dc.close stats', 'dc.error notify').loss?.reason.kind).toBe('datachannel-closed');
  });

  test('a label that the offer did not announce is none; before the offer every label is', () => {
    expect(facts(setup, 'dc.close #other').loss).toBeNull();
    expect(facts({ start: 'signaling' }, 'dc.close #other').loss?.reason.label).toBe('#other');
  });

  test('nor is one that a broken peer connection takes along (Q02)', () => {
    for (const state of ['failed', 'closed']) expect(facts(setup, `pc~ ${state}`, 'dc.close stats').loss).toBeNull();
    expect(facts({ ...setup, connectionState: false }, 'ice~ failed', 'dc.close stats').loss).toBeNull();
    expect(facts(setup, 'pc~ disconnected', 'dc.close stats').loss).not.toBeNull();
  });

  test('open, message, closing and bufferedamountlow are none', () => {
    for (const kind of ['open', 'closing', 'bufferedamountlow']) expect(facts(setup, event({ kind })).loss).toBeNull();
    expect(facts(setup, event({ kind: 'message', data: '' })).loss).toBeNull();
  });
});

describe('healthOf (Q02, T27, Q40, Q60)', () => {
  const health = (connection: string | undefined | null, ice: string | null): Health => {
    const port = new FakePort();
    port.connection = connection;
    port.ice = ice;
    return healthOf(port);
  };

  test.each<[string | null | undefined, string | null, Health]>([
    [null, null, 'unknown'],
    [null, 'failed', 'unknown'],
    ['new', 'failed', 'fine'],
    ['connecting', 'closed', 'fine'],
    ['connected', 'checking', 'connected'],
    ['disconnected', 'connected', 'fine'],
    ['failed', 'connected', 'failed'],
    ['closed', 'connected', 'closed'],
    [undefined, null, 'fine'],
    [undefined, 'new', 'fine'],
    [undefined, 'checking', 'fine'],
    [undefined, 'connected', 'connected'],
    [undefined, 'completed', 'connected'],
    [undefined, 'disconnected', 'fine'],
    [undefined, 'failed', 'ice-failed'],
    [undefined, 'closed', 'closed'],
  ])('connectionState %s, iceConnectionState %s: %s', (connection, ice, expected) => {
    expect(health(connection, ice)).toBe(expected);
  });

  test('P22 a getter that throws knows nothing', () => {
    const port = new FakePort();
    port.connection = undefined;
    port.ice = 'failed';
    port.throwing.add('iceConnectionState');
    expect(healthOf(port)).toBe('fine');
    port.throwing.add('connectionState');
    expect(healthOf(port)).toBe('unknown');
  });

  test.each<[Health, boolean]>([
    ['unknown', false],
    ['fine', false],
    ['connected', false],
    ['failed', true],
    ['ice-failed', true],
    ['closed', true],
  ])('%s is broken: %s', (state, expected) => {
    expect(broken(state)).toBe(expected);
  });

  test('every step looks anew, and does not remember', () => {
    expect(facts({}, 'pc~ disconnected', 'ws.open').health).toBe('fine');
    expect(facts({}, 'pc~ disconnected', 'ws.open', 'pc~ connected', 'ws.open').health).toBe('connected');
  });
});

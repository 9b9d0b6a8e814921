import { describe, expect, test } from 'vitest';
import { invariants, violations } from './invariants.ts';
import { referenceModel } from './reference-model.ts';
import type { Mode, Observation, ObservedTermination, RowOptions, Run, ScenarioRow, Start } from './scenario-row.ts';

const row = (mode: Mode, start: Start, timeline: readonly string[], options: RowOptions = {}): ScenarioRow => ({
  id: timeline.join(' → '),
  mode,
  start,
  options,
  timeline,
});

type Corruption = (observation: Observation, seen: ScenarioRow) => Observation;

const changed =
  (fields: Partial<ObservedTermination>): Corruption =>
  (observation) => ({ ...observation, termination: observation.termination && { ...observation.termination, ...fields } });

const ended = (seen: ScenarioRow): Observation => referenceModel({ ...seen, timeline: ['0 pc failed'] });

const silent: Corruption = (observation) => ({ ...observation, termination: null, emissions: 0, sent: [], closed: [], leftovers: [] });

const message =
  (at: number, reason: string): Corruption =>
  (observation) => ({
    ...observation,
    sent: [...observation.sent, { at, via: 'dc', type: 'disconnect', reason: reason as 'NO-ERROR' }],
  });

/** Changes the run only where the row has all its entries, so that a variation of the row shows the difference. */
const onlyWhole =
  (whole: ScenarioRow, corruption: Corruption): Corruption =>
  (observation, seen) =>
    seen.timeline.length === whole.timeline.length ? corruption(observation, seen) : observation;

interface Fault {
  readonly property: string;
  readonly what: string;
  readonly row: ScenarioRow;
  readonly corruption: Corruption;
}

const fault = (property: string, what: string, seen: ScenarioRow, corruption: Corruption): Fault => ({
  property,
  what,
  row: seen,
  corruption,
});

const grace = row('D', 'switched', ['0 dc.close stats']);
const failed = row('D', 'switched', ['0 pc failed']);
const closed = row('M', 'switched', ['0 ws.close 1006']);
const called = row('W', 'connected', ['0 disconnect']);
const unknown = row('W', 'connected', ['0 rx.unknown']);
const ice = row('W', 'connected', ['0 ice disconnected'], { csDefined: false });
const replaced = row('D', 'switched', ['0 dc.open stats', '10 dc.close stats stale']);
const explained = row('M', 'switched', ['0 dc.close stats', '40 ws.close 1000']);
const callTwice = row('W', 'connected', ['0 disconnect', '10 rx.unknown']);

const faults: readonly Fault[] = [
  fault('P01', 'two values', failed, (observation) => ({ ...observation, emissions: 2 })),
  fault('P02', 'a disconnect that ends nothing', called, silent),
  fault('P03', 'a failure reported a millisecond late', failed, changed({ at: 1 })),
  fault('P03', 'a wait beyond its limit', called, changed({ at: 3001 })),
  fault('P03', 'a loss held beyond its grace', grace, changed({ at: 501 })),
  fault('P04', 'an end for an unknown message', unknown, (_, seen) => ended(seen)),
  fault('P05', 'two messages', closed, message(0, 'WEBSOCKET-ONERROR')),
  fault('P06', 'a reason that the wire does not have', failed, message(0, 'DATA-CHANNEL-ONERROR')),
  fault('P07', 'a message after failed', failed, onlyWhole(failed, message(0, 'INTERNAL-ERROR'))),
  fault(
    'P08',
    'INTERNAL-ERROR for a closed WebSocket',
    closed,
    changed({ messageAttempt: { via: 'dc', reason: 'INTERNAL-ERROR', ok: true } }),
  ),
  fault('P08', 'WEBSOCKET-ONCLOSE without a switch', closed, changed({ switched: null })),
  fault('P08', 'NO-ERROR without a call', closed, changed({ messageAttempt: { via: 'dc', reason: 'NO-ERROR', ok: true } })),
  fault('P09', 'the DataChannel before the switch', called, changed({ messageAttempt: { via: 'dc', reason: 'NO-ERROR', ok: true } })),
  fault('P10', 'a pong after the disconnect message', called, (observation) => ({
    ...observation,
    sent: [...observation.sent, { at: 1, via: 'ws', type: 'pong' }],
  })),
  fault('P11', 'a WebSocket that counts after switched(true)', row('D', 'switched', ['0 ws.close 1006']), (_, seen) => ended(seen)),
  fault('P12', 'a lost WebSocket that ends nothing', closed, silent),
  fault('P13', 'failed that ends nothing', failed, silent),
  fault('P14', 'a value that later inputs change', callTwice, onlyWhole(callTwice, changed({ kind: 'websocket-closed' }))),
  fault(
    'P14',
    'an emitted value that later inputs change',
    row('W', 'connected', ['0 ws.close 1000', '1 pc failed']),
    (observation, seen) => (seen.timeline.length === 2 ? changed({ code: 1006 })(observation, seen) : observation),
  ),
  fault('P15', 'a failure that replaces a loss', explained, changed({ kind: 'peer-connection-failed' })),
  fault('P15', 'a replacement after the grace', explained, changed({ at: 501 })),
  fault('P16', 'an open socket', failed, (observation) => ({ ...observation, leftovers: ['WS #1'] })),
  fault('P17', 'pc.close() twice', failed, (observation) => ({ ...observation, closed: [...observation.closed, 'pc'] })),
  fault('P17', 'close() of an early peer connection twice', failed, (observation) => ({ ...observation, closedAgain: ['pc #1'] })),
  fault(
    'P18',
    'a replaced channel that counts',
    replaced,
    onlyWhole(replaced, (_, seen) => ended(seen)),
  ),
  fault('P19', 'a message for every call', called, (observation, seen) =>
    seen.timeline.reduce<Observation>((all) => message(0, 'NO-ERROR')(all, seen), { ...observation, sent: [] }),
  ),
  fault('P22', 'a send that throws keeps the socket open', called, (observation, seen) =>
    seen.options.sendThrows === true ? { ...observation, leftovers: ['WS #1'] } : observation,
  ),
  fault('P23', 'an ICE timer that fires early', ice, changed({ at: 9000, waitedMs: 9000 })),
  fault('P24', 'the ICE rule although connectionState exists', row('W', 'connected', ['0 ice disconnected']), (observation, seen) =>
    seen.timeline.length === 0 ? observation : ended(seen),
  ),
  fault(
    'P25',
    'an unknown message that counts',
    unknown,
    onlyWhole(unknown, (_, seen) => ended(seen)),
  ),
  fault('P26', 'a clock of its own', failed, (observation) => changed({ causeAt: performance.now() })(observation, failed)),
  fault(
    'P27',
    'no wait in D before the switch',
    row('D', 'connected', ['0 disconnect'], { wait: false }),
    changed({ at: 0, outcome: 'immediate' }),
  ),
  fault('P28', 'an invented code', row('D', 'switched', ['0 rx.close 4490']), changed({ code: 1000 })),
  fault('P29', 'a value that JSON does not keep', failed, changed({ waitedMs: Number.NaN })),
  fault('P30', "a server's end reported as the user's", closed, changed({ kind: 'client-disconnect', trigger: 'api' })),
];

const pickProperty = (name: string): typeof invariants =>
  Object.fromEntries(Object.entries(invariants).filter(([other]) => other === name));

describe('every property can fail', () => {
  test.each(faults)('$property: $what', ({ property, row: seen, corruption }) => {
    const run: Run = (other) => corruption(referenceModel(other), other);

    expect(violations({ row: seen, observation: run(seen), run }, pickProperty(property))).toHaveLength(1);
    expect(violations({ row: seen, observation: referenceModel(seen), run: referenceModel })).toEqual([]);
  });

  test('none is without a fault', () => {
    expect([...new Set(faults.map(({ property }) => property))].sort()).toEqual(Object.keys(invariants).sort());
  });
});

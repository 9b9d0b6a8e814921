import { map, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, test } from 'vitest';
import { FAULT_KINDS } from '../../src/faults/fault-kinds.ts';
import { FaultList } from '../../src/faults/fault-list.ts';
import { readFaultRule, readInjection } from '../../src/faults/read-fault.ts';

const reason = (rule: unknown): string => {
  const outcome = readFaultRule(rule);
  return outcome.ok ? 'read' : outcome.reason;
};

describe('a rule that came as JSON', () => {
  test('is read whole, unknown members left out', () => {
    const rule = { fault: { kind: 'offer-delayed', ms: 5 }, match: { channelId: 'a', mode: 'both' }, at: 'offer', afterMs: 1, times: 2 };
    expect(readFaultRule({ ...rule, more: 1, fault: { ...rule.fault, more: 1 } })).toEqual({ ok: true, value: rule });
  });

  test.each([
    [7, 'rule must be an object'],
    [{}, 'rule.fault must be an object'],
    [{ fault: {} }, 'rule.fault.kind is required'],
    [{ fault: { kind: 'upgrade-rejected', status: 200 } }, 'rule.fault.status must be an integer from 400 to 599'],
    [{ fault: { kind: 'network', lossRatio: 2 } }, 'rule.fault.lossRatio must be a number from 0 to 1'],
    [{ fault: { kind: 'message' } }, 'rule.fault.message is required'],
    [{ fault: { kind: 'channel-close', labels: 'all' } }, 'rule.fault.labels must be an array'],
    [{ fault: { kind: 'silent' }, at: 'dawn' }, 'rule.at must be one of open, connect, offer, answer, connected, switched'],
    [{ fault: { kind: 'silent' }, match: { role: 'x' } }, 'rule.match.role must be one of sendrecv, sendonly, recvonly'],
  ])('%j says what is wrong', (rule, message) => {
    expect(reason(rule)).toBe(message);
  });

  test('an injection', () => {
    expect(readInjection({ fault: { kind: 'silent' } })).toEqual({ ok: true, value: { fault: { kind: 'silent' }, match: {} } });
    expect(readInjection({})).toEqual({ ok: false, reason: 'fault must be an object' });
  });
});

test('every kind is described once', () => {
  const kinds = FAULT_KINDS.map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const { what } of FAULT_KINDS) expect(what).toMatch(/\.$/);
});

test('the list: what is taken is counted, and gone when its number is up', () => {
  const list = new FaultList(() => 0);
  list.add({ fault: { kind: 'silent' }, at: 'open', afterMs: 3, times: 1 });
  list.add({ fault: { kind: 'answer-ignored' }, match: { node: 'node2' } });
  list.add({ fault: { kind: 'refused' }, match: { node: 'node2' } });
  expect(list.shaping({ node: 'node1' })).toEqual([]);
  expect(list.shaping({ node: 'node2' })).toEqual([{ kind: 'answer-ignored' }]);
  expect(list.due('connected', { node: 'node1' })).toEqual([]);
  expect(list.due('open', { node: 'node1' })).toEqual([{ fault: { kind: 'silent' }, afterMs: 3 }]);
  expect(list.due('open', { node: 'node1' })).toEqual([]);
  expect([list.refuses('node1'), list.refuses('node2')]).toEqual([false, true]);
  expect(list.openingFault({ node: 'node2' })).toBeUndefined();
  expect(list.rules.map(({ id, used }) => [id, used])).toEqual([
    ['fault2', 1],
    ['fault3', 0],
  ]);
});

test('the list: a port that is closed for a while opens by itself, once, and not after the lab has closed', () => {
  new TestScheduler((actual, expected) => {
    expect(actual).toEqual(expected);
  }).run(({ cold, expectObservable }) => {
    const list = new FaultList(() => 0);
    list.add({ fault: { kind: 'refused', ms: 3 } });
    const kept = list.add({ fault: { kind: 'refused' } });
    expectObservable(list.changes$.pipe(map(() => list.rules.map(({ id }) => id)))).toBe('---a', { a: [kept] });
    const closed = new FaultList(() => 0);
    closed.add({ fault: { kind: 'refused', ms: 3 } });
    expectObservable(closed.changes$).toBe('-|');
    expectObservable(cold('-x').pipe(tap(() => closed.close())));
  });
});

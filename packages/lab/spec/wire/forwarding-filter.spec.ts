import { expect, test } from 'vitest';
import { isForwarded, type ForwardingFilter } from '../../src/wire/forwarding-filter.ts';

const video = { connectionId: 'A', clientId: 'desk', kind: 'video' } as const;
const audio = { ...video, kind: 'audio' } as const;
const filter = (action: 'block' | 'allow', rules: ForwardingFilter['rules'], priority = 0): ForwardingFilter => ({
  action,
  rules,
  priority,
});
const kind = (...values: string[]) => ({ field: 'kind', operator: 'is_in', values }) as const;
const client = (...values: string[]) => ({ field: 'client_id', operator: 'is_in', values }) as const;

test('without filters everything is forwarded', () => {
  expect(isForwarded([], video)).toBe(true);
});

test('block keeps out what matches, and only that', () => {
  const filters = [filter('block', [[kind('video')]])];
  expect(isForwarded(filters, video)).toBe(false);
  expect(isForwarded(filters, audio)).toBe(true);
});

test('allow lets through what matches, and only that', () => {
  const filters = [filter('allow', [[kind('video')]])];
  expect(isForwarded(filters, video)).toBe(true);
  expect(isForwarded(filters, audio)).toBe(false);
});

test('the inner list is AND, the outer one OR, an empty inner one nothing', () => {
  expect(isForwarded([filter('block', [[kind('video'), client('other')]])], video)).toBe(true);
  expect(isForwarded([filter('block', [[client('other')], [kind('video')]])], video)).toBe(false);
  expect(isForwarded([filter('block', [[]])], video)).toBe(true);
});

test('is_not_in turns a rule round', () => {
  const others = filter('block', [[{ field: 'connection_id', operator: 'is_not_in', values: ['A'] }]]);
  expect(isForwarded([others], video)).toBe(true);
  expect(isForwarded([others], { ...video, connectionId: 'B' })).toBe(false);
});

test('the lowest priority number that matches decides (O20)', () => {
  const block = filter('block', [[kind('video')]], 5);
  const allow = filter('allow', [[client('desk')]], 1);
  expect(isForwarded([block, allow], video)).toBe(true);
  expect(isForwarded([{ ...block, priority: 0 }, allow], video)).toBe(false);
});

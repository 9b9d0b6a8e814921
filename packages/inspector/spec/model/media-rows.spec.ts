import type { InboundStats, OutboundStats, RemoteStream, StatsSample } from 'rx-sora';
import { describe, expect, test } from 'vitest';
import { gradeOf, receivedRows, sentRows } from '../../src/model/media-rows.ts';

const inbound = (kind: string, trackIdentifier: string): InboundStats => ({ id: trackIdentifier, kind, trackIdentifier }) as InboundStats;
const remote = (connectionId: string, ...ids: readonly string[]): RemoteStream =>
  ({ connectionId, tracks: ids.map((id) => ({ id })) }) as unknown as RemoteStream;
const sampleOf = (rows: Partial<StatsSample>): StatsSample => ({ inbound: [], outbound: [], ...rows }) as unknown as StatsSample;

test('what is received has its sender and its layer, video first, in the order of the streams', () => {
  const sample = sampleOf({ inbound: [inbound('audio', 'a1'), inbound('video', 'v2'), inbound('video', 'v1'), inbound('video', 'gone')] });
  const layer = { senderConnectionId: 'TWO', rpcRids: [], autoRids: [], currentRid: 'r1' } as const;
  const rows = receivedRows(sample, [remote('ONE', 'a1', 'v1'), remote('TWO', 'v2')], [layer]);
  expect(rows.map(({ stats, connectionId, layer: found }) => [stats.id, connectionId, found?.currentRid])).toEqual([
    ['v1', 'ONE', undefined],
    ['v2', 'TWO', 'r1'],
    ['gone', null, undefined],
    ['a1', 'ONE', undefined],
  ]);
});

test('what is sent: video first, its layers in order', () => {
  const outbound = [
    { kind: 'audio', id: 'a' },
    { kind: 'video', rid: 'r2', id: 'r2' },
    { kind: 'video', rid: 'r0', id: 'r0' },
  ] as OutboundStats[];
  expect(sentRows(sampleOf({ outbound })).map(({ id }) => id)).toEqual(['r0', 'r2', 'a']);
});

test('without a sample there is nothing', () => {
  expect([receivedRows(null, [], []), sentRows(null)]).toEqual([[], []]);
});

describe('the grade of a jitter buffer', () => {
  test.each([
    [99, 'short'],
    [100, 'noticeable'],
    [299, 'noticeable'],
    [300, 'long'],
    [499, 'long'],
    [500, 'veryLong'],
  ] as const)('%d ms is %s', (delayMs, grade) => {
    expect(gradeOf(delayMs)).toBe(grade);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inputWords, parseInput, parseTimedInput, ScenarioSyntaxError } from '../../src/testing/scenario-event.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';

const rows = JSON.parse(readFileSync(new URL('../fixtures/termination-scenarios.json', import.meta.url), 'utf8')) as ScenarioRow[];

describe('the notation of scenarios', () => {
  test.each([
    ['ws.close 1006', { kind: 'ws.close', code: 1006 }],
    ['ws.close 1000 #1', { kind: 'ws.close', code: 1000, socket: 1 }],
    ['ws.open #2', { kind: 'ws.open', socket: 2 }],
    ['ws.closing', { kind: 'ws.closing' }],
    ['dc.close *', { kind: 'dc.close', label: '*' }],
    ['dc.close stats stale', { kind: 'dc.close', label: 'stats', stale: true }],
    ['dc.error #chat', { kind: 'dc.error', label: '#chat' }],
    ['dc.closing signaling', { kind: 'dc.closing', label: 'signaling' }],
    ['pc~ failed', { kind: 'pc~', state: 'failed' }],
    ['ice disconnected', { kind: 'ice', state: 'disconnected' }],
    ['rx.switched T', { kind: 'rx.switched', ignore: true }],
    ['rx.switched F', { kind: 'rx.switched', ignore: false }],
    ['rx.switched', { kind: 'rx.switched' }],
    ['rx.close 4490', { kind: 'rx.close', code: 4490 }],
    ['rx.close', { kind: 'rx.close' }],
    ['rx.close none', { kind: 'rx.close' }],
    ['rx.close 1000 ws', { kind: 'rx.close', code: 1000, where: 'ws' }],
    ['rx.invalid notify', { kind: 'rx.invalid', where: 'notify' }],
    ['rx.offer M', { kind: 'rx.offer', mode: 'M' }],
    ['rx.re-offer-begin', { kind: 'rx.reoffer-begin' }],
    ['rx.close-begin', { kind: 'rx.close-begin' }],
    ['rx.close-end 1000', { kind: 'rx.close-end', code: 1000 }],
    ['rx.re-offer', { kind: 'rx.reoffer' }],
    ['rx.redirect wss://other.test/signaling', { kind: 'rx.redirect', location: 'wss://other.test/signaling' }],
    ['rx.ping T', { kind: 'rx.ping', stats: true }],
    ['rx.notify connection.destroyed', { kind: 'rx.notify', eventType: 'connection.destroyed' }],
    ['suspend 60000', { kind: 'suspend', until: 60000 }],
    ['pagehide-persisted', { kind: 'pagehide-persisted' }],
    ['page online', { kind: 'page', type: 'online' }],
    ['abort', { kind: 'abort' }],
    ['dispose', { kind: 'dispose' }],
  ])('reads %s', (words, input) => {
    expect(parseInput(words)).toEqual(input);
  });

  test.each(['ws.close', 'ws.close soon', 'ws.open #x', 'dc.close', 'rx.switched maybe', 'nothing known', 'pc failed twice', ''])(
    'refuses "%s"',
    (words) => {
      expect(() => parseInput(words)).toThrow(ScenarioSyntaxError);
    },
  );

  test('refuses an entry without a time', () => {
    expect(() => parseTimedInput('ws.open')).toThrow('time in milliseconds');
  });

  test('takes an object as it is', () => {
    const input = { at: 3, kind: 'ws.open' } as const;
    expect(parseTimedInput(input)).toBe(input);
  });

  test('reads every event of the scenario data and writes it back', () => {
    const entries = rows.flatMap(({ timeline }) => timeline) as string[];
    const written = entries.map((entry) => {
      const input = parseTimedInput(entry);
      return `${input.at} ${inputWords(input)}`;
    });
    expect(entries.length).toBeGreaterThan(150);
    expect(written).toEqual(entries);
  });
});

describe('words that cannot be meant', () => {
  test.each([
    ['pc fialed', 'the state is none of new, connecting, connected, disconnected, failed, closed'],
    ['ice~ lost', 'the state is none of new, checking'],
    ['rx.offer w', 'the mode is none of W, M, D'],
    ['ws.closed 1006', '"ws.closed" is not known, only ws.open, ws.closing, ws.error, ws.close'],
    ['hang-up', '"hang-up" is not known, only ws.open'],
  ])('%s', (words, why) => {
    expect(() => parseInput(words)).toThrow(why);
  });
});

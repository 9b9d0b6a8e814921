import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diagramNames, diagramOf, ruleDiagrams, WITHOUT_DIAGRAM } from './support/diagrams.ts';
import { ROOT } from './support/markdown.ts';

const report = readFileSync(`${ROOT}etc/rx-sora.api.md`, 'utf8');
const exported = (pattern: RegExp): string[] => [...new Set([...report.matchAll(pattern)].map(([, name = '']) => name))];

/** Functions that give a stream or an operator, and the policies that decide when sockets are opened. */
const streams = exported(/^export (?:function|const) (\w+)[^\n]*: (?:Observable<|\w*OperatorFunction<|SignalingUrlPolicy;)/gm);

describe('marble diagrams of the reference', () => {
  test('each function that gives a stream has one, or a reason why not', () => {
    expect(streams).toContain('reconnect');
    const told = [...diagramNames(), ...Object.keys(WITHOUT_DIAGRAM)];
    expect(streams.filter((name) => !told.includes(name))).toEqual([]);
    expect(diagramNames().filter((name) => name in WITHOUT_DIAGRAM)).toEqual([]);
  });

  test('each belongs to a name that is exported', () => {
    const names = exported(/^export (?:function|const) (\w+)/gm);
    expect([...diagramNames(), ...Object.keys(WITHOUT_DIAGRAM)].filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(diagramNames())('%s: something happens, and every run draws the same', (name) => {
    const { drawn, sentence } = diagramOf(name) ?? { drawn: '', sentence: '' };
    expect(sentence).toMatch(/\.$/);
    if (drawn.startsWith('<svg')) expect(drawn.match(/data-entry/g)?.length).toBeGreaterThan(5);
    else for (const line of drawn.split('\n').filter((each) => each.includes('─'))) expect(line).toMatch(/─*[^\s─▶|]+.*[─|]/);
    expect(diagramOf(name)?.drawn).toBe(drawn);
  });

  test('what they show is what the functions do', () => {
    const lane = (name: string, line: string): string =>
      (diagramOf(name)?.drawn ?? '').split('\n').find((each) => each.startsWith(line)) ?? '';
    const marks = (name: string, line: string): string[] =>
      lane(name, line)
        .slice(line.length)
        .split(/[─\s]{2,}|─/)
        .filter((mark) => mark !== '');
    expect(marks('reconnect', 'reconnect()')).toEqual(['session', 'waiting 1500', 'session', 'over|']);
    expect(marks('isNormal', 'isNormal()')).toEqual(['false', 'true', 'false|']);
    expect(marks('ofKind', "ofKind('server-close')")).toEqual(
      ['server-close normal', 'server-close error|'].flatMap((each) => each.split('─').join('-')),
    );
    expect(marks('failOnAbnormalEnd', 'failOnAbnormalEnd()')).toEqual(['session 1', '#']);
    expect(marks('roster', 'roster()')).toEqual(['[]', '[ann]', '[ann ben]', '[ben]', '|']);
    expect(lane('sticky', 'wss://one.test')).toMatch(/begins.*begins.*open/);
    expect(diagramOf('termination')?.drawn).toMatch(/ice-disconnected-timeout/);
  });

  test('every rule under which a session of the specs ends is drawn', () => {
    const rules = [...ruleDiagrams().keys()].join(' ');
    const table = JSON.parse(readFileSync(`${ROOT}spec/fixtures/termination-scenarios.json`, 'utf8')) as readonly {
      readonly rules?: readonly string[];
    }[];
    const cited = new Set(table.flatMap((row) => row.rules ?? []).filter((rule) => rule.startsWith('T')));
    expect([...cited].filter((rule) => !rules.includes(rule))).toEqual([]);
  });
});

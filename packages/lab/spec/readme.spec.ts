import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { API_TARGETS } from '../src/api/call-target.ts';
import { FAULT_KINDS } from '../src/faults/fault-kinds.ts';
import { OPTION_NAMES, settingsFrom } from '../src/settings.ts';

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('README.md', () => {
  test('lists every kind of fault as the lab describes it', () => {
    const tables = page.slice(page.indexOf('## Faults'), page.indexOf('## What it is not'));
    const rows = [...tables.matchAll(/^\| `([\w-]+)` \| (.+\.) \|$/gm)].map(([, kind, what]) => ({ kind, what }));
    expect(rows).toEqual(FAULT_KINDS.map(({ kind, what }) => ({ kind, what })));
  });

  test('lists every option', () => {
    const table = page.slice(page.indexOf('## Configuration'), page.indexOf('## Authentication'));
    const names = [...table.matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, cell]) => cell!.replaceAll('`', '').split(', '));
    expect([...names].sort()).toEqual([...OPTION_NAMES].sort());
  });

  test('tells the defaults of numbers', () => {
    const settings: Readonly<Record<string, unknown>> = { ...settingsFrom({}) };
    const rows = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| (\d+(?:, \d+)*) \|/gm)];
    expect(rows.length).toBeGreaterThan(12);
    for (const [, cell, numbers] of rows) {
      const names = cell!.replaceAll('`', '').split(', ');
      expect(names.map((name) => settings[name])).toEqual(numbers!.split(', ').map(Number));
    }
  });

  test('names every call of the API', () => {
    for (const target of API_TARGETS) expect(page).toContain(`\`${target}\``);
  });

  test('answers every open question', () => {
    const answered = [...page.matchAll(/^\| O(\d+) /gm)].map(([, number]) => Number(number));
    expect(answered).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
  });
});

import { SpanKind, ValueType } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import * as semconv from '../../src/telemetry/semconv.ts';
import { instrumentsOf } from '../../src/telemetry/instruments.ts';
import type { ScenarioRow } from '../../src/testing/scenario-row.ts';
import { scenario } from '../../src/testing/scenario.ts';
import { tableRows } from '../docs/support/markdown.ts';
import { Collected } from '../support/open-telemetry.ts';

const PAGE = 'docs/telemetry.md';
const GROUPS = ['Of the end', 'Of the session', 'Of WebRTC', 'As OpenTelemetry has them'];

const namesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
const table = (heading: string): readonly (readonly string[])[] => tableRows(PAGE, heading);
const first = (rows: readonly (readonly string[])[]): string[] => rows.flatMap(([cell = '']) => namesIn(cell));
const constants = (prefix: string): string[] =>
  Object.entries(semconv)
    .filter(([key]) => key.startsWith(prefix))
    .map(([, name]) => name as string)
    .sort();

const spans = table('Spans');
const metrics = table('Metrics');
const events = table('Events');
const attributes = GROUPS.flatMap((group) => [...table(group)]);

describe('the tables of docs/telemetry.md', () => {
  test.each([
    ['spans', spans, 'SPAN_'],
    ['metrics', metrics, 'METRIC_'],
    ['events', events, 'EVENT_'],
    ['attributes', attributes, 'ATTR_'],
  ] as const)('have all %s that the code can name, each once, and no other', (_, rows, prefix) => {
    expect([...first(rows)].sort()).toEqual(constants(prefix));
  });

  test('say of each metric which instrument it is, in which unit', () => {
    const made: string[][] = [];
    const make =
      (instrument: string) =>
      (name: string, { unit = '' }: { readonly unit?: string } = {}): unknown =>
        made.push([name, instrument, unit]);
    instrumentsOf({
      createHistogram: make('histogram'),
      createCounter: make('counter'),
      createUpDownCounter: make('updowncounter'),
      createGauge: make('gauge'),
    } as never);
    expect(made.sort()).toEqual(metrics.map(([name = '', instrument = '', unit = '']) => [namesIn(name)[0], instrument, unit]).sort());
  });
});

describe('names', () => {
  test('are lower case with dots and underscores, and no attribute is the beginning of another', () => {
    for (const name of [...constants('SPAN_'), ...constants('METRIC_'), ...constants('EVENT_'), ...constants('ATTR_')]) {
      expect(name).toMatch(/^[a-z][a-z0-9]*(\.[a-z][a-z0-9_]*)+$/);
    }
    const all = constants('ATTR_');
    expect(all.filter((name) => all.some((other) => other.startsWith(`${name}.`)))).toEqual([]);
  });
});

const rows = JSON.parse(readFileSync(new URL('../fixtures/termination-scenarios.json', import.meta.url), 'utf8')) as ScenarioRow[];

describe('what every row of the scenario data gives', () => {
  const out = new Collected();
  beforeAll(() => {
    for (const row of rows) scenario(row, { onSession: (session) => out.observe(session, { identifiers: ['channel', 'client'] }) });
  });
  const types = new Map(attributes.map(([name = '', type = '']) => [namesIn(name)[0] ?? '', type]));

  const typeOf = (value: unknown): string => {
    if (Array.isArray(value)) return `${typeof value[0]}[]`;
    return typeof value === 'number' ? 'number' : typeof value;
  };
  function isDocumented([name, value]: readonly [string, unknown]): boolean {
    const type = types.get(name);
    const given = typeOf(value);
    if (given === 'number') return type === 'double' || (type === 'int' && Number.isInteger(value));
    return given === type || (given === 'undefined[]' && type === 'string[]');
  }

  test('spans and events have attributes of the tables, of the type that they say', () => {
    const all = [...out.spans.map((span) => span.attributes), ...out.records.map((record) => record.attributes)];
    expect(all.length).toBeGreaterThan(500);
    expect(all.flatMap((each) => Object.entries(each)).filter((entry) => !isDocumented(entry))).toEqual([]);
  });

  test('spans are of the kind that the table says', () => {
    const kindOf = ({ kind }: ReadableSpan): string => SpanKind[kind];
    const kinds = new Map(spans.map(([name = '', kind = '']) => [namesIn(name)[0] ?? '', kind]));
    expect(out.spans.filter((span) => kinds.get(span.name) !== kindOf(span)).map(({ name }) => name)).toEqual([]);
  });

  test('events are as grave as the table says', () => {
    const severities = new Map(events.map(([name = '', severity = '']) => [namesIn(name)[0] ?? '', severity.split(', ')]));
    expect(out.records.filter(({ eventName = '', severityText = '' }) => !severities.get(eventName)?.includes(severityText))).toEqual([]);
  });

  test('metrics have the attributes that the table says, and no other', async () => {
    const allowed = new Map(metrics.map(([name = '', , , , keys = '']) => [namesIn(name)[0] ?? '', namesIn(keys)]));
    const found = await out.metrics();
    expect(found.length).toBeGreaterThan(4);
    for (const { descriptor, dataPoints } of found) {
      expect(descriptor.valueType).toBe(ValueType.DOUBLE);
      const keys = new Set(dataPoints.flatMap((point) => Object.keys(point.attributes)));
      expect(
        [...keys].filter((key) => allowed.get(descriptor.name)?.includes(key) !== true),
        descriptor.name,
      ).toEqual([]);
    }
  });
});

import type { Termination } from 'rx-sora';
import type { Expectation, Runtime } from './fault-row.ts';
import type { Finding } from './play-fault.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Equal, where an expected member may be a pattern for a text. */
function same(expected: unknown, actual: unknown): boolean {
  if (expected instanceof RegExp) return typeof actual === 'string' && expected.test(actual);
  if (!isObject(expected) || !isObject(actual)) return Object.is(expected, actual);
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].every((name) => same(expected[name], actual[name]));
}

const incidental: readonly string[] = [
  'startedAt',
  'connectedAt',
  'causeAt',
  'endedAt',
  'trailing',
  'channelId',
  'connectionId',
  'sessionId',
] satisfies readonly (keyof Termination)[];

/** A termination without its times and identifiers, and without what depends on them. */
const ending = (termination: Termination | undefined): object =>
  Object.fromEntries(Object.entries(termination ?? {}).filter(([name]) => !incidental.includes(name)));

const text = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => (member instanceof RegExp ? String(member) : member));

function comesTo(expected: Expectation, finding: Finding): readonly string[] {
  const { outcome, lines, terminations } = finding;
  const alternatives = expected === 'lives' ? [expected] : expected;
  const actual = outcome === 'ended' ? ending(terminations[0]) : outcome;
  if (alternatives.some((each) => same(each, actual))) return [];
  const came = outcome === 'ended' ? text(actual) : [outcome, ...lines].join(' ');
  return [`came to ${came}, expected ${text(expected)}`];
}

/** What is wrong with a finding of rx-sora; nothing if it is as it must be. */
export function judge(finding: Finding, runtime: Runtime): readonly string[] {
  const { row, mode, lines, left } = finding;
  const elsewhere = runtime === 'chromium' ? undefined : row.elsewhere?.[runtime]?.[mode];
  const expected: Expectation = elsewhere ?? row.expect[mode] ?? 'lives';
  const wrong = comesTo(expected, finding);
  const emissions = lines.length > 1 ? [`told ${lines.length} times`] : [];
  const open = left.length > 0 ? [`left open: ${left.join(', ')}`] : [];
  return [...wrong, ...emissions, ...open];
}

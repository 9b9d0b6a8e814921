import { marbleText, type MarbleLane } from './marble-text.ts';
import type { ScenarioResult } from './scenario-result.ts';
import type { ExpectedTermination, ScenarioRow } from './scenario-row.ts';

/**
 * Every way in which a result differs from what the row expects, in sentences; empty if it does not. What a row does not list is not
 * compared; that `termination$` emits once, that nothing is left over after the end and that no error went astray is expected of every row.
 *
 * @example
 * ```ts
 * const row: ScenarioRow = { mode: 'W', start: 'connected', timeline: ['0 pc failed'], termination: { at: 0, kind: 'ice-failed' } };
 * console.log(compareScenario(row, scenario(row)));
 * ```
 */
export function compareScenario(row: ScenarioRow, result: ScenarioResult): readonly string[] {
  return [
    ...(row.termination === undefined ? [] : compareTermination(row.termination, result)),
    ...(row.messages === undefined ? [] : difference('sent', row.messages.map(messageWords), result.messages.map(messageWords))),
    ...(row.closed === undefined ? [] : difference('closed', [...row.closed].sort(), [...result.closed].sort())),
    ...compareEnd(result),
    ...result.errors.map((error) => `an error came out where nobody catches it: ${String(error)}`),
  ];
}

/**
 * What happened beside what was expected, as a marble diagram in text, with the differences below. A line that begins with `expected` stands
 * under the line it belongs to.
 *
 * @example
 * ```ts
 * const row: ScenarioRow = { mode: 'W', start: 'connected', timeline: ['0 pc failed'], termination: { at: 0, kind: 'ice-failed' } };
 * console.log(explainScenario(row, scenario(row)));
 * ```
 */
export function explainScenario(row: ScenarioRow, result: ScenarioResult): string {
  const differences = compareScenario(row, result);
  const title = [row.id, row.mode, row.start, ...(row.setup ? [`(${row.setup})`] : []), optionWords(row), row.rules?.join(' ')];
  return [
    title.filter(Boolean).join(' · '),
    ...(row.note ? [row.note] : []),
    marbleText(lanes(row, result)),
    ...(differences.length === 0 ? ['as expected'] : differences.map((text) => `✗ ${text}`)),
  ].join('\n');
}

/**
 * Throws with the picture of {@link explainScenario} unless the result is as the row expects.
 *
 * @throws Error whose message can be read as it stands
 * @example
 * ```ts
 * const row: ScenarioRow = { mode: 'W', start: 'connected', timeline: ['0 pc failed'], termination: { at: 0, kind: 'peer-connection-failed' } };
 * assertScenario(row, scenario(row));
 * ```
 */
export function assertScenario(row: ScenarioRow, result: ScenarioResult): void {
  if (compareScenario(row, result).length > 0) throw new Error(`\n${explainScenario(row, result)}\n`);
}

function compareTermination(expected: ExpectedTermination | null, { termination, emissions }: ScenarioResult): string[] {
  if (expected === null) return termination ? [`termination$ emitted ${termination.kind} at ${termination.at}, nothing was expected`] : [];
  if (!termination) return [`termination$ emitted nothing, ${expected.kind} was expected at ${expected.at}`];
  const { messageAttempt, ...fields } = expected;
  const wanted: Record<string, unknown> = { ...fields, ...(messageAttempt !== undefined && { sent: messageAttempt }) };
  const actual = termination as unknown as Record<string, unknown>;
  return [
    ...(emissions === 1 ? [] : [`termination$ emitted ${emissions} values`]),
    ...Object.entries(wanted).flatMap(([name, value]) => compareField(name, value, actual[name])),
  ];
}

function compareField(name: string, expected: unknown, actual: unknown): string[] {
  if (isObject(expected) && isObject(actual)) {
    return Object.entries(expected).flatMap(([member, value]) => compareField(`${name}.${member}`, value, actual[member]));
  }
  // The scenario data abbreviates transports (Q72).
  const wanted = name.endsWith('.via') ? (expected === 'ws' ? 'websocket' : expected === 'dc' ? 'datachannel' : expected) : expected;
  return wanted === (actual ?? null) || wanted === actual
    ? []
    : [`termination.${name} is ${JSON.stringify(actual)}, ${JSON.stringify(wanted)} was expected`];
}

function compareEnd({ termination, completed, emissions, leftovers }: ScenarioResult): string[] {
  if (!termination) return [];
  const left = Object.entries(leftovers).filter(([, count]) => count > 0);
  return [
    ...(completed ? [] : ['termination$ did not complete']),
    ...(emissions > 1 ? [`termination$ emitted ${emissions} values`] : []),
    ...left.map(([name, count]) => `left over after the end: ${count} ${name}`),
  ];
}

function difference(name: string, expected: readonly string[], actual: readonly string[]): string[] {
  const write = (words: readonly string[]): string => (words.length === 0 ? 'nothing' : words.join(', '));
  return write(expected) === write(actual) ? [] : [`${name}: ${write(actual)}; expected: ${write(expected)}`];
}

function messageWords({ at, via, reason }: { readonly at: number; readonly via: string; readonly reason: string }): string {
  return `${reason} over ${via} at ${at}`;
}

function lanes(row: ScenarioRow, result: ScenarioResult): MarbleLane[] {
  const { termination } = result;
  const inputs = (name: string, belongs: (words: string) => boolean): MarbleLane => ({
    name,
    marks: result.inputs.filter(({ words }) => belongs(words)).map(({ at, words }) => ({ at, text: words })),
  });
  const network = ['ws', 'dc', 'pc', 'ice', 'rx'];
  const isOf = (prefix: string) => (words: string) => words.startsWith(`${prefix}.`) || words.split(/[\s~]/)[0] === prefix;
  const drawn = [
    inputs('webSocket', isOf('ws')),
    inputs('dataChannel', isOf('dc')),
    inputs('peerConnection', (words) => isOf('pc')(words) || isOf('ice')(words)),
    inputs('received', isOf('rx')),
    inputs('application', (words) => !network.some((prefix) => isOf(prefix)(words))),
  ].filter(({ marks }) => marks.length > 0);
  const sent = (messages: ScenarioResult['messages']): MarbleLane['marks'] =>
    messages.map(({ at, via, reason }) => ({ at, text: `${via}:${reason}` }));
  return [
    ...drawn,
    { name: 'sent', marks: sent(result.messages) },
    ...(row.messages ? [{ name: '  expected', marks: sent(row.messages) }] : []),
    { name: 'closed', marks: result.closings.map(({ at, what }) => ({ at, text: what })) },
    ...(row.closed && row.termination
      ? [{ name: '  expected', marks: row.closed.map((text) => ({ at: row.termination?.at ?? 0, text })) }]
      : []),
    {
      name: 'state$',
      marks: sinceStart(row, result.states).map(({ at, state }) => ({ at, text: state })),
      endsAt: result.states.find(({ state }) => state === 'ended')?.at,
    },
    {
      name: 'termination$',
      marks: termination ? [{ at: termination.at, text: terminationWords(termination) }] : [],
      endsAt: termination?.at,
    },
    ...(row.termination === undefined
      ? []
      : [
          {
            name: '  expected',
            marks: row.termination ? [{ at: row.termination.at, text: terminationWords(row.termination) }] : [],
            endsAt: row.termination?.at,
          },
        ]),
  ];
}

/** Without the states that only led to the start, as the title tells it: they would make the first column wider than the rest. */
function sinceStart({ start }: ScenarioRow, states: ScenarioResult['states']): ScenarioResult['states'] {
  const first = states.findIndex(({ state }) => state === (start === 'switched' ? 'connected' : start));
  return first < 0 ? states : states.slice(first);
}

/**
 * A termination in the words of the tables: `client-disconnect(api, acknowledged)`.
 *
 * @example
 * ```ts
 * const { termination } = scenario({ mode: 'W', start: 'connected', timeline: ['0 ws.close 4490'] });
 * if (termination) console.log(terminationWords(termination)); // server-close(websocket, 4490, error)
 * ```
 */
export function terminationWords(termination: object): string {
  const fields = termination as Record<string, unknown>;
  const told = ['trigger', 'outcome', 'by', 'via', 'code', 'severity', 'label', 'what', 'during', 'where', 'after']
    .map((name) => fields[name])
    .filter((value) => typeof value === 'string' || typeof value === 'number');
  return `${String(fields['kind'])}${told.length > 0 ? `(${told.join(', ')})` : ''}`;
}

function optionWords({ options = {} }: ScenarioRow): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

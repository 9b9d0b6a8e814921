import { lettersOf, type Alphabet } from './alphabet.ts';
import { elapse, settle, step } from './reference-model.ts';
import type { Mode, Observation, RowOptions, ScenarioRow, Start } from './scenario-row.ts';
import { initial, type State } from './state.ts';

/** A row without its timeline. */
export type StartPoint = Omit<ScenarioRow, 'id' | 'timeline'>;

const starts: Record<Mode, readonly Start[]> = {
  W: ['opening', 'signaling', 'negotiating', 'connected'],
  M: ['opening', 'signaling', 'negotiating', 'connected', 'switched'],
  D: ['opening', 'signaling', 'negotiating', 'connected', 'switched'],
};

const modes: readonly Mode[] = ['W', 'M', 'D'];

/** Every mode and start state, both policies, `connectionState` defined and not. */
export const startPoints: readonly StartPoint[] = modes.flatMap((mode) =>
  starts[mode].flatMap((start) =>
    [{}, { wait: false }].flatMap((policy): StartPoint[] =>
      [{}, { csDefined: false }].map((runtime): StartPoint => ({ mode, start, options: { ...policy, ...runtime } })),
    ),
  ),
);

const point = (mode: Mode, start: Start, options: RowOptions, setup?: string): StartPoint => ({
  mode,
  start,
  options,
  ...(setup === undefined ? {} : { setup }),
});

/** Starts with what the others do not have: several URLs, the ICE rule always on, sends that throw, a channel that is late. */
export const specialPoints: readonly StartPoint[] = [
  point('W', 'opening', { urls: 2 }),
  point('D', 'opening', { urls: 3, urlTimeout: 500 }),
  point('W', 'connected', { iceScope: 'always' }),
  point('D', 'switched', { iceScope: 'always' }),
  point('W', 'connected', { sendThrows: true }),
  point('M', 'switched', { sendThrows: true }),
  point('D', 'connected', { sendThrows: true }),
  point('D', 'switched', { sendThrows: true }),
  point('M', 'connected', {}, 'DC signaling still connecting'),
  point('D', 'connected', {}, 'DC signaling still connecting'),
];

export const pointName = ({ mode, start, options, setup }: StartPoint): string =>
  [
    mode,
    start,
    ...Object.entries(options).map(([name, value]) => `${name}=${String(value)}`),
    ...(setup === undefined ? [] : [setup]),
  ].join(' ');

export const rowOf = (start: StartPoint, timeline: readonly string[]): ScenarioRow => ({
  id: `${pointName(start)}: ${timeline.join(' → ') || 'nothing'}`,
  ...start,
  timeline,
});

export interface Visit {
  readonly start: StartPoint;
  readonly timeline: readonly string[];
  /** what the model makes of it when nothing more happens */
  readonly observation: Observation;
}

interface Node {
  readonly state: State;
  readonly timeline: readonly string[];
  readonly timePassed: boolean;
  readonly depth: number;
}

const children = (node: Node, alphabet: Alphabet): Node[] =>
  lettersOf(node.state, alphabet, !node.timePassed && node.state.emittedAt === null).map((letter): Node => {
    const { state, timeline, depth } = node;
    if ('ms' in letter) return { state: elapse(state, state.now + letter.ms), timeline, timePassed: true, depth: depth + 1 };
    return {
      state: step(state, state.now, letter.text),
      timeline: [...timeline, `${state.now} ${letter.text}`],
      timePassed: false,
      depth: depth + 1,
    };
  });

/**
 * All sequences of at most `length` letters, each once. Time counts as a letter but ends no sequence and is not repeated; one input after the
 * value is enough to see that it changes nothing.
 */
export function* sequences(start: StartPoint, length: number, alphabet: Alphabet): Generator<Visit> {
  const pending: Node[] = [{ state: initial(rowOf(start, [])), timeline: [], timePassed: false, depth: 0 }];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!node.timePassed) yield { start, timeline: node.timeline, observation: settle(node.state) };
    if (node.depth >= length) continue;
    const ended = node.state.emittedAt !== null;
    for (const child of children(node, alphabet)) {
      if (!ended) pending.push(child);
      else if (!child.timePassed) yield { start, timeline: child.timeline, observation: settle(child.state) };
    }
  }
}

/** The same as rows, for a run of something else. */
export function* rows(start: StartPoint, length: number, alphabet: Alphabet): Generator<ScenarioRow> {
  for (const { timeline } of sequences(start, length, alphabet)) yield rowOf(start, timeline);
}

import fc from 'fast-check';
import { lettersOf, type Letter } from './alphabet.ts';
import { elapse, step } from './reference-model.ts';
import type { RowOptions, ScenarioRow } from './scenario-row.ts';
import { pointName, rowOf, specialPoints, startPoints, type StartPoint } from './sequences.ts';
import { initial, type State } from './state.ts';

const optional = <T>(values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constantFrom(...values) });

/** Limits at their edges (Q81) and at values that make them fall together; a connection limit that is off. */
const limits: fc.Arbitrary<RowOptions> = fc
  .record({
    T: optional([0, 1, 500, 3000, 10_000]),
    ICE: optional([0, 500, 3000]),
    grace: optional([0, 500, 3000]),
    connectTimeout: optional([0, 500, 3000, 60_000]),
    urlTimeout: optional([0, 500, 3000]),
  })
  .map((options) => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)));

const startPoint: fc.Arbitrary<StartPoint> = fc
  .tuple(fc.constantFrom(...startPoints, ...specialPoints), limits)
  .map(([start, options]) => ({ ...start, options: { ...start.options, ...options } }));

// Every sequence must end early enough for its last wait to be seen.
const latest = 100_000;

interface Choice {
  readonly pick: number;
  readonly kind: 'time' | 'gentle' | 'any';
}

const apply = (state: State, letter: Letter): State =>
  'ms' in letter ? elapse(state, state.now + letter.ms) : step(state, state.now, letter.text);

const ends = (before: State, after: State): boolean => after.finished !== before.finished || after.wait !== before.wait;

/** Gentle choices pass over what would end the session: otherwise hardly a run would get past its third input. */
const chosen = (state: State, letters: readonly Letter[], { pick, kind }: Choice): Letter | undefined => {
  const rotated = letters.map((_, index) => letters[(pick + index) % letters.length]);
  if (state.suspendedUntil > state.now) return letters[0];
  const fitting = rotated.filter((letter) => letter !== undefined && 'ms' in letter === (kind === 'time'));
  if (kind !== 'gentle' || state.finished) return fitting[0];
  return fitting.find((letter) => letter !== undefined && !ends(state, apply(state, letter)));
};

/** The timeline that a list of choices stands for: each picks among what the environment can do in the state that the earlier ones led to. */
const timelineOf = (start: StartPoint, choices: readonly Choice[]): readonly string[] => {
  let state = initial(rowOf(start, []));
  const timeline: string[] = [];
  let afterTheEnd = 0;
  for (const choice of choices) {
    const letter = chosen(state, lettersOf(state, 'full', state.now < latest), choice);
    if (letter === undefined) continue;
    if ('text' in letter) timeline.push(`${state.now} ${letter.text}`);
    state = apply(state, letter);
    if (state.emittedAt !== null) afterTheEnd += 1;
    // A few late facts are enough; more would only make the counterexample longer.
    if (afterTheEnd > 3) break;
  }
  return timeline;
};

const choice: fc.Arbitrary<Choice> = fc.record({
  pick: fc.nat(9999),
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant<Choice['kind']>('gentle') },
    { weight: 4, arbitrary: fc.constant<Choice['kind']>('time') },
    { weight: 2, arbitrary: fc.constant<Choice['kind']>('any') },
  ),
});

/** Rows of random length over the whole notation, with the environment's constraints; shrinks by dropping inputs. */
export const scenarioRow = (maxLength = 24): fc.Arbitrary<ScenarioRow> =>
  fc.tuple(startPoint, fc.array(choice, { maxLength, size: 'max' })).map(([start, choices]) => rowOf(start, timelineOf(start, choices)));

/** How a counterexample names itself. */
export const describeRow = (row: ScenarioRow): string => `${pointName(row)}\n  ${row.timeline.join('\n  ')}`;

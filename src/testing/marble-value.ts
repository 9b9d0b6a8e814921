import { type ScenarioInput, parseInput } from './scenario-event.ts';

/** Something that can happen: an event in words or as an object, several in a row, or something to run. */
export type MarbleValue = string | ScenarioInput | (() => void) | readonly (string | ScenarioInput)[];

/**
 * The inputs that a value stands for.
 *
 * @param name what something to run is called
 * @throws ScenarioSyntaxError for words that mean nothing
 */
export function inputsOfValue(value: MarbleValue, name: string): readonly ScenarioInput[] {
  if (typeof value === 'function') return [{ kind: 'call', name, run: value }];
  return (isList(value) ? value : [value]).map((one) => (typeof one === 'string' ? parseInput(one) : one));
}

function isList(value: string | ScenarioInput | readonly (string | ScenarioInput)[]): value is readonly (string | ScenarioInput)[] {
  return Array.isArray(value);
}

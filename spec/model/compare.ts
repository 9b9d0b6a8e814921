import { isDeepStrictEqual } from 'node:util';
import { messagesOf, type DisconnectMessage, type Observation, type ObservedTermination } from './scenario-row.ts';

/** What one side claims about a run. Fields of the termination that are not listed are not compared. */
export interface Claim {
  readonly messages: readonly DisconnectMessage[];
  readonly termination: Partial<ObservedTermination> | null;
  readonly closed: readonly string[];
}

export const claimOf = (observation: Observation): Claim => ({
  messages: messagesOf(observation),
  termination: observation.termination,
  closed: observation.closed,
});

const show = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

const difference = (name: string, expected: unknown, actual: unknown): string[] =>
  isDeepStrictEqual(expected, actual) ? [] : [`${name}: expected ${show(expected)}, got ${show(actual)}`];

const terminationDifferences = (expected: Claim['termination'], actual: Claim['termination']): string[] => {
  if (expected === null || actual === null) return difference('termination', expected, actual);
  // The peer's words come from the environment: its transport and code are what is decided.
  return Object.entries(expected).flatMap(([field, value]) => difference(field, value, actual[field as keyof ObservedTermination]));
};

/** One line per difference; none when the run is what was expected. */
export const compare = (expected: Claim, actual: Claim): readonly string[] => [
  ...difference('messages', expected.messages, actual.messages),
  ...terminationDifferences(expected.termination, actual.termination),
  ...difference('closed', [...expected.closed].sort(), [...actual.closed].sort()),
];

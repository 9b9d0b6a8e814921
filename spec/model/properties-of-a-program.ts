import { isDeepStrictEqual } from 'node:util';
import { config } from 'rxjs';
import type { Session } from '../../src/session/session.ts';
import { ofOneRun } from './properties-of-a-run.ts';
import { observerError, reenter, throwAtEverything } from './observers.ts';
import { type Case, type Property, holds, shows } from './property.ts';
import type { Observation, ScenarioRow } from './scenario-row.ts';
import { sessionRun, sessionRunWith } from './session-run.ts';
import { type Native, natives, withThrowing } from './throwing-natives.ts';

/** What neither an observer nor a native call may change; what observers threw is told elsewhere. */
const course = ({ sent, termination, emissions, closed }: Observation): object => ({ sent, termination, emissions, closed });

/** Runs the row and keeps from the test runner what an observer threw. */
function runObserved(row: ScenarioRow, onSession: (session: Session) => void): Observation {
  const { onUnhandledError } = config;
  config.onUnhandledError = (error: unknown) => {
    if (error !== observerError) onUnhandledError?.(error);
  };
  try {
    return sessionRunWith(row, { onSession });
  } finally {
    config.onUnhandledError = onUnhandledError;
  }
}

export const unchangedBy = ({ row, observation }: Case, what: string, onSession: (session: Session) => void): string | null => {
  const other = runObserved(row, onSession);
  return holds(isDeepStrictEqual(course(other), course(observation)), () => `with observers that ${what}: ${shows(course(other))}`);
};

const P21: Property = (given) => unchangedBy(given, 'throw', throwAtEverything) ?? unchangedBy(given, 're-enter', reenter);

/** A number that depends on nothing but the row, so that every row breaks other calls. */
const numberOf = ({ id }: ScenarioRow): number =>
  Array.from(id).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7);

/** Where `connect` itself cannot be sent, the far end of the row would talk to a peer connection that never came to be. */
const breakable = ({ start }: ScenarioRow): readonly Native[] =>
  start === 'idle' || start === 'opening' || start === 'signaling' ? natives.filter((native) => native !== 'socket.send') : natives;

const brokenIn = (row: ScenarioRow): readonly Native[] => {
  const number = numberOf(row);
  const possible = breakable(row);
  const chosen = possible.filter((_, index) => ((number >>> index) & 1) === 1);
  return chosen.length === 0 ? [possible[number % possible.length] ?? natives[0]] : chosen;
};

/** A `close()` that throws has been called, and nobody could do more: it is nothing left over. */
const P22: Property = ({ row }) => {
  // A row that unsubscribes goes through `connect()`, where no session can be put in its place.
  if (row.timeline.some((entry) => entry.endsWith(' unsub'))) return null;
  const broken = brokenIn(row);
  const observation = sessionRunWith(row, withThrowing(broken, row.start));
  const other: Case = { row, observation, run: sessionRun };
  const { P01, P02, P03, P16 } = ofOneRun;
  const seen = P01(other) ?? P02(other) ?? P03(other) ?? P16(other);
  return seen === null ? null : `where ${broken.join(', ')} throw: ${seen}`;
};

/** Judged on what a program does beside the row: what observes the session, and what its runtime throws. Only the real session has these. */
export const ofPrograms: Readonly<Record<string, Property>> = { P21, P22 };

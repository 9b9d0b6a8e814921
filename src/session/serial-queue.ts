import { quietly } from '../platform/quietly.ts';

/**
 * Runs tasks one at a time, in order: what a task causes meanwhile waits for its turn. So events are handled in order of arrival, also when an observer
 * calls back into the session.
 */
export interface SerialQueue {
  /** Runs the first task. Until then everything waits. */
  readonly start: (task: () => void) => void;
  /** Runs the task now, or after those that wait. */
  readonly inTurn: (task: () => void) => void;
  /** Runs the task now, or directly after the one that is running. */
  readonly next: (task: () => void) => void;
}

/** @param onDefect called with what a task threw; the tasks behind it run all the same */
export function createSerialQueue(onDefect: (error: unknown) => void): SerialQueue {
  const waiting: (() => void)[] = [];
  let isHeld = true;

  function run(task: () => void): void {
    isHeld = true;
    for (let next: (() => void) | undefined = task; next !== undefined; next = waiting.shift()) {
      try {
        next();
      } catch (error) {
        waiting.unshift(() => quietly(() => onDefect(error), undefined)); // once: a defect of the handling must not be handled again
      }
    }
    isHeld = false;
  }
  return {
    start: run,
    inTurn: (task) => (isHeld ? void waiting.push(task) : run(task)),
    next: (task) => (isHeld ? void waiting.unshift(task) : run(task)),
  };
}

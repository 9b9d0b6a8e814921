import { causeOfHealth } from './causes.ts';
import type { Cause } from './reason.ts';
import type { Step } from './steps.ts';

/** The step on which a cause was latched, and the cause. Nothing can replace it. */
export interface Latched {
  readonly cause: Cause;
  readonly causeAt: number;
  readonly step: Step;
}

/** Within the grace of a loss only a close or an error of another transport explains it (Q31, Q71); anything else leaves it the cause (Q32). */
export function latch(cause: Cause, step: Step, now: number): Latched {
  const { health, loss } = step;
  if (loss === null) return { cause: causeOfHealth(health) ?? cause, causeAt: now, step };
  switch (cause.kind) {
    case 'server-close':
    case 'websocket-closed':
    case 'websocket-error':
      return { cause: { ...cause, after: loss.cause.kind }, causeAt: now, step };
    default:
      return { cause: loss.cause, causeAt: loss.at, step };
  }
}

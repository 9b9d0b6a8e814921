import type { ActionFault, FaultMoment, ShapingFault } from '../faults/fault.ts';
import { isShapingFault } from '../faults/fault-kinds.ts';
import { act, type FaultTarget } from './act.ts';
import type { ConnectionParts } from './connection-parts.ts';
import type { Logged } from './outbox.ts';

export interface FaultDeskParts extends Pick<ConnectionParts, 'agreement' | 'faults' | 'node' | 'shape'> {
  readonly target: Omit<FaultTarget, 'expectLoss'>;
  /** Does something after so many milliseconds, if the connection still lives then; 0 at once. */
  readonly later: (ms: number, action: () => void) => void;
  readonly log: (entry: Logged) => void;
  /** An action was carried out. */
  readonly acted: (fault: ActionFault) => void;
}

/** Breaks one connection: as rules want it when a moment is reached, and on request. */
export class FaultDesk {
  readonly #parts: FaultDeskParts;
  #expectsLoss = false;

  constructor(parts: FaultDeskParts) {
    this.#parts = parts;
  }

  /** Whether the lab has broken DataChannels itself, so that their closing is no sign of the client. */
  get expectsLoss(): boolean {
    return this.#expectsLoss;
  }

  reach(moment: FaultMoment): void {
    const { agreement, faults, later, node } = this.#parts;
    const { connectionId, clientId, channelId, role, mode } = agreement;
    const due = faults.due(moment, { node, connectionId, clientId, channelId, role, mode });
    for (const { fault, afterMs } of due) later(afterMs, () => this.inject(fault));
  }

  /** Shaping faults count from now on, actions happen now. */
  inject(fault: ActionFault | ShapingFault): void {
    const { target, shape, log, acted } = this.#parts;
    log({ kind: 'fault', type: fault.kind, detail: { ...fault } });
    if (isShapingFault(fault)) {
      shape.add(fault);
      return;
    }
    act({ ...target, expectLoss: () => (this.#expectsLoss = true) }, fault);
    acted(fault);
  }
}

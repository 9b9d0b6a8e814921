import type { ActionFault, ShapingFault } from '../faults/fault.ts';
import { isShapingFault } from '../faults/fault-kinds.ts';
import type { ShapingFaults } from '../faults/shaping-faults.ts';
import type { LogRecord } from './connection-log.ts';
import { performFault, type FaultTarget } from './perform-fault.ts';

export interface FaultInjectorParts {
  readonly target: FaultTarget;
  readonly shaping: ShapingFaults;
  readonly log: (record: LogRecord) => void;
}

/** Faults that close or break DataChannels. */
const BREAKS_CHANNELS: readonly ActionFault['kind'][] = ['channel-close', 'sctp-abort', 'dtls-close'];

/** Breaks one connection on request. */
export class FaultInjector {
  readonly #parts: FaultInjectorParts;
  #brokeChannels = false;

  constructor(parts: FaultInjectorParts) {
    this.#parts = parts;
  }

  /** Whether a fault has broken DataChannels. A channel that closes afterwards does not mean that the client closed it. */
  get brokeChannels(): boolean {
    return this.#brokeChannels;
  }

  /** A shaping fault is in force from now on; an action happens now. */
  inject(fault: ActionFault | ShapingFault): void {
    const { target, shaping, log } = this.#parts;
    log({ kind: 'fault', type: fault.kind, detail: { ...fault } });
    if (isShapingFault(fault)) {
      shaping.add(fault);
      return;
    }
    if (BREAKS_CHANNELS.includes(fault.kind)) this.#brokeChannels = true;
    performFault(target, fault);
  }
}

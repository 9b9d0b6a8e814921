import type { ShapingFault } from './fault.ts';

type FaultOf<K extends ShapingFault['kind']> = Extract<ShapingFault, { readonly kind: K }>;

/** Shaping faults with a delay, `ms`. */
type DelayingKind = Extract<ShapingFault, { readonly ms: number }>['kind'];

/** The shaping faults in force for one connection. The latest fault of a kind counts. */
export class ShapingFaults {
  readonly #faults = new Map<ShapingFault['kind'], ShapingFault>();

  constructor(faults: readonly ShapingFault[]) {
    for (const fault of faults) this.add(fault);
  }

  add(fault: ShapingFault): void {
    this.#faults.set(fault.kind, fault);
  }

  has(kind: ShapingFault['kind']): boolean {
    return this.#faults.has(kind);
  }

  get<K extends ShapingFault['kind']>(kind: K): FaultOf<K> | undefined {
    return this.#faults.get(kind) as FaultOf<K> | undefined;
  }

  /** Milliseconds of a delaying fault; 0 without one. */
  delayMs(kind: DelayingKind): number {
    return this.get(kind)?.ms ?? 0;
  }
}

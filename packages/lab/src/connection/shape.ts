import type { ShapingFault } from '../faults/fault.ts';

type Of<K extends ShapingFault['kind']> = Extract<ShapingFault, { readonly kind: K }>;

/** How the lab has been told to behave towards one connection. The latest fault of a kind counts. */
export class Shape {
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

  get<K extends ShapingFault['kind']>(kind: K): Of<K> | undefined {
    return this.#faults.get(kind) as Of<K> | undefined;
  }

  /** Milliseconds of a delaying fault, 0 without one. */
  delayMs(
    kind: 'offer-delayed' | 'answer-delayed' | 'switched-delayed' | 'disconnect-delayed' | 'rpc-delayed' | 'slow-channel-close',
  ): number {
    return this.get(kind)?.ms ?? 0;
  }
}

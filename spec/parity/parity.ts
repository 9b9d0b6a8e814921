import { test } from 'vitest';

/** What the page `docs/parity.md` says of a feature beside its name. Texts are plain: the page is made from them. */
export interface Parity {
  /** What the official JavaScript SDK does. */
  readonly official: string;
  /** What this SDK does; where the rules of ending or the public contract want something else, that is said. */
  readonly here: string;
}

/**
 * One row of the parity list with its proof. The name of the test is the section and the feature; `scripts/parity.mjs` makes the page from the
 * calls of this function, so their first three arguments are literals.
 */
export function parity(section: string, feature: string, _: Parity, proof: () => void | Promise<void>): void {
  test(`parity: ${section} · ${feature}`, proof);
}

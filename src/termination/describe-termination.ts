import type { Termination } from './reason.ts';
import { type TerminationTexts, terminationTexts } from './texts.ts';

/**
 * One sentence that says why a session ended, for a log or a person.
 *
 * @param locale `en`, `ja`, or a table of one's own; see {@link terminationTexts}. A number, which `map(describeTermination)` passes, means `en`.
 * @example
 * ```ts
 * describeTermination(t); // 'Ended while connected after 5012 ms: the WebSocket closed with 1006.'
 * describeTermination(t, 'ja');
 * ```
 */
export function describeTermination(
  termination: Termination,
  locale: keyof typeof terminationTexts | TerminationTexts | number = 'en',
): string {
  const texts = typeof locale === 'object' ? locale : terminationTexts[typeof locale === 'string' ? locale : 'en'];
  const reason = (texts[termination.kind] as (t: Termination) => string)(termination);
  return texts.sentence(reason, termination);
}

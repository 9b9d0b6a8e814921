import { redact } from './redact.ts';
import { type Redaction, guarded, guardedText } from './redaction.ts';

/** How what a session keeps leaves it: by the policy of its options, or by {@link redact}. */
export interface Outlet {
  readonly value: Redaction;
  readonly text: (text: string) => string;
}

export const outletOf = (redaction: Redaction = redact): Outlet => ({ value: guarded(redaction), text: guardedText(redaction) });

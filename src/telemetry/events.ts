import type { Attributes, Context } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import { outletOf } from '../redaction/outlet.ts';
import type { SessionFacts } from './session-facts.ts';

export type Severity = 'INFO' | 'WARN' | 'ERROR';

/** Emits one event of a session. */
export type Emit = (eventName: string, severity: Severity, attributes: Attributes, body?: string) => void;

/** The enum's numbers: importing it would load its package where nobody logs. @source OpenTelemetry, log data model, SeverityNumber */
const NUMBERS = { INFO: 9, WARN: 13, ERROR: 17 } as const;

/** Cleans the texts of attributes: what servers and browsers wrote may hold anything. */
export function cleaner({ redaction }: Pick<SessionFacts, 'redaction'>): (attributes: Attributes) => Attributes {
  const { text } = outletOf(redaction);
  const clean = (value: Attributes[string]): Attributes[string] => {
    if (typeof value === 'string') return text(value);
    return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? text(item) : null)) : value;
  };
  return (attributes) => Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, clean(value)]));
}

/** @param context of the span that the event belongs to, at the time of the event */
export function eventsOf(logger: Logger | undefined, facts: SessionFacts, identity: () => Attributes, context: () => Context): Emit {
  if (logger === undefined) return () => undefined;
  const clean = cleaner(facts);
  const { text } = outletOf(facts.redaction);
  return (eventName, severity, attributes, body) =>
    logger.emit({
      eventName,
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- see above
      severityNumber: NUMBERS[severity],
      severityText: severity,
      attributes: clean({ ...identity(), ...attributes }),
      ...(body !== undefined && { body: text(body) }),
      context: context(),
    });
}

import type { Attributes, Context } from '@opentelemetry/api';
import type { Logger } from '@opentelemetry/api-logs';
import { outletOf } from '../redaction/outlet.ts';
import * as names from './semconv.ts';
import type { SessionFacts } from './session-facts.ts';

export type Severity = 'INFO' | 'WARN' | 'ERROR';

/** Emits one event of a session. */
export type Emit = (eventName: string, severity: Severity, attributes: Attributes, body?: string) => void;

/** The enum's numbers: importing it would load its package where nobody logs. @source OpenTelemetry, log data model, SeverityNumber */
const NUMBERS = { INFO: 9, WARN: 13, ERROR: 17 } as const;

/** Attributes whose texts are not of this SDK's choosing: a server, a browser or an application wrote them. */
const FOREIGN: ReadonlySet<string> = new Set([
  names.ATTR_CLOSE_REASON,
  names.ATTR_EXCEPTION_TYPE,
  names.ATTR_EXCEPTION_MESSAGE,
  names.ATTR_TERMINATION_STEP,
  names.ATTR_TERMINATION_DATA_CHANNEL,
  names.ATTR_TERMINATION_TRAILING_EVENTS,
  names.ATTR_CHANNEL_ID,
  names.ATTR_CLIENT_ID,
  names.ATTR_CONNECTION_ID,
  names.ATTR_SESSION_ID,
  names.ATTR_BUNDLE_ID,
  names.ATTR_RID,
]);

/** Cleans the texts of attributes. A policy of the application sees all of them, the standard one what may hold anything. */
export function cleaner({ redaction }: Pick<SessionFacts, 'redaction'>): (attributes: Attributes) => Attributes {
  const { text } = outletOf(redaction);
  const clean = (value: Attributes[string]): Attributes[string] => {
    if (typeof value === 'string') return text(value);
    return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? text(item) : null)) : value;
  };
  return (attributes) => {
    const cleaned = { ...attributes };
    for (const name of Object.keys(cleaned)) if (redaction !== undefined || FOREIGN.has(name)) cleaned[name] = clean(cleaned[name]);
    return cleaned;
  };
}

/**
 * @param context of the span that the event belongs to, at the time of the event
 * @param time of what happens
 */
export function eventsOf(
  logger: Logger | undefined,
  facts: SessionFacts,
  identity: () => Attributes,
  context: () => Context,
  time: () => Date,
): Emit {
  if (logger === undefined) return () => undefined;
  const clean = cleaner(facts);
  const { text } = outletOf(facts.redaction);
  return (eventName, severity, attributes, body) =>
    logger.emit({
      eventName,
      timestamp: time(),
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- see above
      severityNumber: NUMBERS[severity],
      severityText: severity,
      attributes: clean({ ...identity(), ...attributes }),
      ...(body !== undefined && { body: text(body) }),
      context: context(),
    });
}

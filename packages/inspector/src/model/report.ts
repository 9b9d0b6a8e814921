import { describeTermination, version } from 'rx-sora';
import type { Inspection } from './inspection.ts';

/** The version of the format. */
const FORMAT = 1;

/**
 * Everything that the inspector knows of a session as plain data without secrets, for a colleague or an issue. What messages of the application said is not in
 * it.
 */
export interface InspectorReport {
  readonly report: typeof FORMAT;
  readonly sdk: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly userAgent: string;
  readonly state: string;
  /** Identifiers and what signaling agreed on. */
  readonly facts: unknown;
  readonly termination: unknown;
  /** One sentence, in English. */
  readonly description: string | null;
  readonly timeline: readonly unknown[];
  /** Entries of the timeline that are no longer kept. */
  readonly droppedEntries: number;
  readonly roster: unknown;
  readonly networkStatus: number | null;
  /** The last sample of `stats(session)`. */
  readonly statistics: unknown;
  readonly messages: readonly unknown[];
}

/** Makes a report. `redact` masks once more what the SDK has not masked itself. */
export function reportOf(
  inspection: Inspection,
  { redact, userAgent, nowMs }: { readonly redact: (value: unknown) => unknown; readonly userAgent: string; readonly nowMs: number },
): InspectorReport {
  const { state, facts, connected, termination, log, roster, network, sample, messages } = inspection;
  return {
    report: FORMAT,
    sdk: `rx-sora ${version}`,
    createdAt: new Date(nowMs).toISOString(),
    userAgent,
    state,
    facts: redact({ ...facts, ...without(connected ?? {}, 'authMetadata') }),
    termination: redact(termination),
    description: termination === null ? null : String(redact(describeTermination(termination))),
    timeline: log.entries,
    droppedEntries: log.first,
    roster: redact(roster === null ? null : { counts: roster.counts, self: roster.self, members: roster.members }),
    networkStatus: network,
    statistics: redact(sample),
    messages: messages.map((message) => without(message, 'text')),
  };
}

const without = (value: object, name: string): object => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));

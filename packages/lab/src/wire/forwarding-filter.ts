import { Fields, Refusal } from './fields.ts';
import type { MediaKind } from './words.ts';

export interface ForwardingRule {
  readonly field: 'connection_id' | 'client_id' | 'kind';
  readonly operator: 'is_in' | 'is_not_in';
  readonly values: readonly string[];
}

/** Decides which media of which sender reaches a receiver. Inner lists mean AND, the outer list means OR. */
export interface ForwardingFilter {
  readonly name?: string;
  readonly priority: number;
  readonly action: 'block' | 'allow';
  readonly rules: readonly (readonly ForwardingRule[])[];
  readonly version?: string;
  readonly metadata?: unknown;
}

/** A stream that might be forwarded: its sender and its kind. */
export interface ForwardingSubject {
  readonly connectionId: string;
  readonly clientId: string;
  readonly kind: MediaKind;
}

const MAX_FILTERS = 64;

function readRule(value: unknown, path: string): ForwardingRule {
  const fields = Fields.of(value, path);
  const values = fields.list('values', 256) ?? fields.refuse('values', 'is required');
  return {
    field: fields.requiredOneOf('field', ['connection_id', 'client_id', 'kind']),
    operator: fields.requiredOneOf('operator', ['is_in', 'is_not_in']),
    values: values.map((entry) => (typeof entry === 'string' ? entry : fields.refuse('values', 'must hold strings'))),
  };
}

/** Reads one filter. Throws a Refusal. An absent `action` blocks, as it did before filters had one (O20). */
export function readForwardingFilter(value: unknown, path: string): ForwardingFilter {
  const fields = Fields.of(value, path);
  const rules = fields.list('rules', MAX_FILTERS) ?? fields.refuse('rules', 'is required');
  const name = fields.text('name', { maxBytes: 255 });
  const version = fields.text('version', { maxBytes: 255 });
  return {
    ...(name === undefined ? {} : { name }),
    priority: fields.integer('priority', 0, 65_535) ?? 0,
    action: fields.oneOf('action', ['block', 'allow']) ?? 'block',
    rules: rules.map((group, index) => {
      if (!Array.isArray(group)) throw new Refusal(`${path}.rules[${index}] must be an array`);
      return (group as readonly unknown[]).map((rule, inner) => readRule(rule, `${path}.rules[${index}][${inner}]`));
    }),
    ...(version === undefined ? {} : { version }),
    ...(fields.has('metadata') ? { metadata: fields.any('metadata') } : {}),
  };
}

/** Reads `forwarding_filters` or the deprecated single form; both at once are refused, as a real server does. */
export function readForwardingFilters(fields: Fields): readonly ForwardingFilter[] {
  const single = fields.any('forwarding_filter');
  const several = fields.list('forwarding_filters', MAX_FILTERS);
  if (single !== undefined && several !== undefined) fields.refuse('forwarding_filter', 'excludes forwarding_filters');
  if (single !== undefined) return [readForwardingFilter(single, 'forwarding_filter')];
  return (several ?? []).map((entry, index) => readForwardingFilter(entry, `forwarding_filters[${index}]`));
}

const ruleHolds = (rule: ForwardingRule, subject: ForwardingSubject): boolean => {
  const value = { connection_id: subject.connectionId, client_id: subject.clientId, kind: subject.kind }[rule.field];
  return rule.values.includes(value) === (rule.operator === 'is_in');
};

const matches = (filter: ForwardingFilter, subject: ForwardingSubject): boolean =>
  filter.rules.some((group) => group.length > 0 && group.every((rule) => ruleHolds(rule, subject)));

/**
 * Whether the stream reaches the receiver. Filters apply from the lowest `priority` number to the highest, in list order where it is equal; the
 * first match decides. Without a match, a list with an `allow` filter blocks and any other list allows (O20).
 */
export function isForwarded(filters: readonly ForwardingFilter[], subject: ForwardingSubject): boolean {
  const ordered = [...filters].sort((a, b) => a.priority - b.priority);
  const first = ordered.find((filter) => matches(filter, subject));
  if (first !== undefined) return first.action === 'allow';
  return !filters.some((filter) => filter.action === 'allow');
}

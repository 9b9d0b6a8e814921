import type { ForwardingFilter, ForwardingRule } from '../wire/connect-request.ts';
import { anyText, groupOf, integerFrom, json, listOf, oneOf, type Check } from './option-check.ts';

const rule = groupOf<ForwardingRule>(
  { field: oneOf(['connection_id', 'client_id', 'kind']), operator: oneOf(['is_in', 'is_not_in']), values: listOf(anyText) },
  ['field', 'operator', 'values'],
);

export const forwardingFilterOption: Check<ForwardingFilter> = groupOf<ForwardingFilter>(
  {
    name: anyText,
    priority: integerFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    action: oneOf(['block', 'allow']),
    rules: listOf(listOf(rule)),
    version: anyText,
    metadata: json,
  },
  ['rules'],
);

export const forwardingFiltersOption: Check<readonly ForwardingFilter[]> = listOf(forwardingFilterOption);

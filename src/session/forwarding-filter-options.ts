import type { ForwardingFilter, ForwardingRule } from '../wire/connect-request.ts';
import { anyText, groupOf, integerFrom, json, listOf, oneOf, type Check } from './option-check.ts';

export const forwardingFilterOption: Check<ForwardingFilter> = groupOf<ForwardingFilter>(
  {
    name: anyText,
    priority: integerFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
    action: oneOf('block', 'allow'),
    rules: listOf(
      listOf(
        groupOf<ForwardingRule>(
          { field: oneOf('connection_id', 'client_id', 'kind'), operator: oneOf('is_in', 'is_not_in'), values: listOf(anyText) },
          'field',
          'operator',
          'values',
        ),
      ),
    ),
    version: anyText,
    metadata: json,
  },
  'rules',
);

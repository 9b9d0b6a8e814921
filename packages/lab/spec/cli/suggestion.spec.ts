import { expect, test } from 'vitest';
import { didYouMean, suggestionFor } from '../../src/cli/suggestion.ts';

const KNOWN = ['port', 'api-port', 'auth-webhook-url', 'data-channel-signaling'];

test.each([
  ['prot', 'port'],
  ['Port', 'port'],
  ['apiPort', 'api-port'],
  ['data-chanel-signalling', 'data-channel-signaling'],
  ['webhook', 'auth-webhook-url'],
  ['metadata', undefined],
  ['x', undefined],
])('%s: %s', (word, suggestion) => {
  expect(suggestionFor(word, KNOWN)).toBe(suggestion);
});

test('as the end of a sentence', () => {
  expect(didYouMean('prot', KNOWN, '--')).toBe('. Did you mean --port?');
  expect(didYouMean('metadata', KNOWN)).toBe('');
});

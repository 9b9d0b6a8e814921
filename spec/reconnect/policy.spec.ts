import { describe, expect, test, vi } from 'vitest';
import { type ReconnectPolicy, type RetryDecision, decisionFor, resolvePolicy } from '../../src/reconnect/policy.ts';
import { SoraOptionsError } from '../../src/session/options-error.ts';
import type { Reason, TerminationCommon, TerminationKind } from '../../src/termination/reason.ts';
import { byClient, lost } from '../support/mock-calls.ts';
import { oneOfEach, terminationOf } from '../support/terminations.ts';

const decide = (reason: Reason, common: Partial<TerminationCommon> = {}, policy: ReconnectPolicy = {}): RetryDecision =>
  decisionFor(terminationOf(reason, common), resolvePolicy(policy));

describe('the decision table', () => {
  const defaults: { readonly [Kind in TerminationKind]: RetryDecision } = {
    'client-disconnect': 'never',
    'server-close': 'never',
    'websocket-closed': 'backoff',
    'websocket-error': 'backoff',
    'peer-connection-failed': 'backoff',
    'ice-failed': 'backoff',
    'ice-disconnected-timeout': 'backoff',
    'datachannel-closed': 'backoff',
    'datachannel-error': 'backoff',
    'signaling-invalid': 'never',
    'connect-timeout': 'backoff',
    'internal-error': 'never',
  };
  const rows = Object.entries(defaults) as [TerminationKind, RetryDecision][];

  test.each(rows)('%s is followed by %s, in whichever phase it came', (kind, decision) => {
    for (const phase of ['opening', 'signaling', 'negotiating', 'connected'] as const) {
      expect(decide(oneOfEach[kind], { phase })).toBe(decision);
    }
  });

  test.each([
    ['a refusal before the offer', { code: 4490, severity: 'error' }, { phase: 'signaling', connectedAt: null }],
    ['a kick', { code: 1000, severity: 'normal', reason: 'DISCONNECTED-API' }, {}],
    ['an error of the server in a call', { code: 4490, severity: 'error' }, {}],
    ['a close that the server announced', { via: 'datachannel', code: null }, {}],
  ] as const)('%s is not tried again', (_, members, common) => {
    const reason = { ...oneOfEach['server-close'], ...members };
    expect(decide(reason, common)).toBe('never');
  });

  test.each([
    ['api', 'never'],
    ['unsubscribe', 'never'],
    ['abort-signal', 'never'],
    ['pagehide', 'at-once'],
  ] as const)('the application ended the session by %s: %s', (trigger, decision) => {
    expect(decide({ kind: 'client-disconnect', trigger, outcome: 'immediate' })).toBe(decision);
  });

  test.each(rows)('a row for %s counts instead of the default, and only for its kind', (kind) => {
    const policy: ReconnectPolicy = { decide: { [kind]: defaults[kind] === 'never' ? 'backoff' : 'never' } };
    for (const [other, decision] of rows) {
      const overridden = decision === 'never' ? 'backoff' : 'never';
      expect(decide(oneOfEach[other], {}, policy)).toBe(other === kind ? overridden : decision);
    }
  });

  test('a row may look at code and phase, and leave the rest to the default', () => {
    const policy: ReconnectPolicy = {
      decide: {
        'server-close': ({ code, phase }) => (code === 4490 && phase === 'signaling' ? 'at-once' : undefined),
        'websocket-closed': undefined,
      },
    };
    const reason = { ...oneOfEach['server-close'], code: 4490 };
    expect(decide(reason, { phase: 'signaling' }, policy)).toBe('at-once');
    expect(decide(reason, { phase: 'connected' }, policy)).toBe('never');
    expect(decide(oneOfEach['websocket-closed'], {}, policy)).toBe('backoff');
  });

  test('a function decides about every end, and may leave it to the default', () => {
    const policy: ReconnectPolicy = {
      decide: ({ kind, retry }) => (retry === 'maybe' ? 'backoff' : kind === 'ice-failed' ? 'never' : undefined),
    };
    expect(decide(oneOfEach['internal-error'], {}, policy)).toBe('backoff');
    expect(decide(oneOfEach['ice-failed'], {}, policy)).toBe('never');
    expect(decide(oneOfEach['connect-timeout'], {}, policy)).toBe('backoff');
    expect(decisionFor(byClient('pagehide'), resolvePolicy(policy))).toBe('at-once');
  });

  test('a word that is no decision is a mistake of the program', () => {
    const policy = resolvePolicy({ decide: () => 'later' as RetryDecision });
    expect(() => decisionFor(lost(), policy)).toThrow(new SoraOptionsError('decide', 'must be one of never, at-once, backoff'));
  });
});

describe('the members of a policy', () => {
  test.each([
    ['initialDelayMs', -1],
    ['initialDelayMs', Number.NaN],
    ['maxDelayMs', 2 ** 31],
    ['settleMs', '1000'],
    ['maxAttempts', 0],
    ['maxAttempts', 1.5],
    ['maxElapsedMs', Infinity],
    ['decide', 'backoff'],
    ['decide', null],
    ['now$', {}],
    ['page', 'window'],
    ['isOnline', true],
    ['random', 0.5],
    ['maxAttemps', 3],
  ])('%s: %s is refused by its name', (name, value) => {
    expect(() => resolvePolicy({ [name]: value })).toThrow(expect.objectContaining({ name: 'SoraOptionsError', path: name }) as Error);
  });

  test.each([
    [{ 'server-clse': 'never' }, 'decide.server-clse'],
    [{ server_close: 'never' }, 'decide.server_close'],
    [{ 'websocket-closed': 'often' }, 'decide.websocket-closed'],
    [{ 'websocket-closed': 7 }, 'decide.websocket-closed'],
  ])('a row of the table that is none, %j, is refused when the call begins', (decide, path) => {
    expect(() => resolvePolicy({ decide: decide as never })).toThrow(expect.objectContaining({ name: 'SoraOptionsError', path }) as Error);
  });

  test('what is undefined has its default', () => {
    const defaults = resolvePolicy({});
    const { isOnline, now$, ...numbers } = resolvePolicy({ maxAttempts: undefined, decide: undefined });
    expect(numbers).toEqual({
      decide: {},
      initialDelayMs: 500,
      maxDelayMs: 30_000,
      settleMs: 1000,
      maxAttempts: 10,
      maxElapsedMs: 300_000,
      page: null,
      random: Math.random,
    });
    expect(isOnline()).toBe(true);
    expect(now$).toBe(defaults.now$);
  });

  test('the window and the navigator are read when a call begins', () => {
    const window = Object.assign(new EventTarget(), { document: {} });
    vi.stubGlobal('window', window);
    vi.stubGlobal('navigator', { onLine: false });
    const { page, isOnline } = resolvePolicy({});
    expect(page).toBe(window);
    expect(isOnline()).toBe(false);
    vi.unstubAllGlobals();
    expect(resolvePolicy({}).page).toBeNull();
  });
});

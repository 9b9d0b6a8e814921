import { describe, expect, test } from 'vitest';
import { initiatorOf, isNormal, retryOf } from '../../src/termination/derived.ts';
import type { Phase } from '../../src/model/words.ts';
import type { Initiator, Reason, RetryHint, TerminationKind } from '../../src/termination/reason.ts';
import { oneOfEach, terminationOf } from '../support/terminations.ts';

const phases: readonly Phase[] = ['idle', 'opening', 'signaling', 'negotiating', 'connected'];
const before: readonly Phase[] = ['idle', 'opening', 'signaling'];

describe('Q75: initiator', () => {
  const table: Readonly<Record<TerminationKind, Initiator>> = {
    'client-disconnect': 'client',
    'server-close': 'server',
    'websocket-closed': 'network',
    'websocket-error': 'network',
    'peer-connection-failed': 'network',
    'ice-failed': 'network',
    'ice-disconnected-timeout': 'network',
    'datachannel-closed': 'network',
    'datachannel-error': 'network',
    'signaling-invalid': 'server',
    'connect-timeout': 'network',
    'internal-error': 'sdk',
  };
  test.each(Object.entries(table) as [TerminationKind, Initiator][])('Q75 %s: %s', (kind, initiator) => {
    expect(initiatorOf(oneOfEach[kind])).toBe(initiator);
  });
});

describe('Q76: retry', () => {
  const table: Readonly<Record<Exclude<TerminationKind, 'server-close'>, RetryHint>> = {
    'client-disconnect': 'never',
    'websocket-closed': 'yes',
    'websocket-error': 'yes',
    'peer-connection-failed': 'yes',
    'ice-failed': 'yes',
    'ice-disconnected-timeout': 'yes',
    'datachannel-closed': 'yes',
    'datachannel-error': 'yes',
    'signaling-invalid': 'never',
    'connect-timeout': 'yes',
    'internal-error': 'maybe',
  };
  for (const [kind, hint] of Object.entries(table) as [Exclude<TerminationKind, 'server-close'>, RetryHint][]) {
    test.each(phases)(`Q76 ${kind} while %s: ${hint}`, (phase) => {
      expect(retryOf(oneOfEach[kind], phase)).toBe(hint);
    });
  }

  for (const phase of phases) {
    const refused = before.includes(phase) ? 'never' : 'maybe';
    test.each<[number | null, RetryHint]>([
      [1000, 'maybe'],
      [null, 'maybe'],
      [3999, 'maybe'],
      [4000, refused],
      [4490, refused],
      [4999, refused],
    ])(`Q76 server-close %s while ${phase}: %s`, (code, hint) => {
      expect(retryOf({ kind: 'server-close', via: 'websocket', code, reason: '', severity: 'error' }, phase)).toBe(hint);
    });
  }
});

describe('isNormal', () => {
  const normal: readonly Reason[] = [
    oneOfEach['client-disconnect'],
    { kind: 'client-disconnect', trigger: 'api', outcome: 'interrupted', by: 'websocket-closed' },
    { kind: 'server-close', via: 'websocket', code: 1000, reason: '', severity: 'normal' },
  ];
  test.each(normal)('$kind $outcome$severity is normal', (reason) => {
    expect(isNormal(terminationOf(reason))).toBe(true);
  });

  const others = Object.values(oneOfEach).filter(({ kind }) => kind !== 'client-disconnect' && kind !== 'server-close');
  test.each<Reason>([{ kind: 'server-close', via: 'websocket', code: 4490, reason: '', severity: 'error' }, ...others])(
    '$kind is not',
    (reason) => {
      expect(isNormal(terminationOf(reason))).toBe(false);
    },
  );
});

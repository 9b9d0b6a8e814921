import { checkOptions } from '../../../src/session/options.ts';
import type { Phase } from '../../../src/model/words.ts';
import { describeTermination } from '../../../src/termination/describe-termination.ts';
import { initiatorOf, retryOf } from '../../../src/termination/derived.ts';
import type { Reason, Termination, TerminationKind } from '../../../src/termination/reason.ts';
import { decisionDiagram } from './decision.ts';
import { endingsInACall, endingsOnTheWay } from './endings.ts';
import { importDiagram, importsOfSource } from './imports.ts';
import { PRINTED } from './markdown.ts';

/** One termination of each kind, as it may come. */
const SAMPLES: { readonly [Kind in TerminationKind]: Extract<Reason, { kind: Kind }> } = {
  'client-disconnect': {
    kind: 'client-disconnect',
    trigger: 'api',
    outcome: 'acknowledged',
    peer: { via: 'websocket', code: 1000, reason: 'TYPE-DISCONNECT' },
  },
  'server-close': { kind: 'server-close', via: 'websocket', code: 1000, reason: 'LIFETIME-EXPIRED', severity: 'normal' },
  'websocket-closed': { kind: 'websocket-closed', code: 1006, reason: '', wasClean: false },
  'websocket-error': { kind: 'websocket-error', close: { code: 1006, reason: '' } },
  'peer-connection-failed': { kind: 'peer-connection-failed' },
  'ice-failed': { kind: 'ice-failed' },
  'ice-disconnected-timeout': { kind: 'ice-disconnected-timeout', waitedMs: 10_000 },
  'datachannel-closed': { kind: 'datachannel-closed', label: 'signaling' },
  'datachannel-error': { kind: 'datachannel-error', label: 'signaling', sctpCauseCode: 12 },
  'signaling-invalid': { kind: 'signaling-invalid', what: 'parse' },
  'connect-timeout': { kind: 'connect-timeout', during: 'negotiating' },
  'internal-error': { kind: 'internal-error', where: 'set-remote-description', name: 'OperationError', message: 'failed to parse' },
};

/** The kinds in the order of the documents. */
export const KINDS: readonly TerminationKind[] = Object.keys(SAMPLES) as TerminationKind[];

const PHASES: readonly Phase[] = ['idle', 'opening', 'signaling', 'negotiating', 'connected'];

/** Every hint that a reason of this kind can carry, in the order never, maybe, yes. */
export function retriesOf(kind: TerminationKind): readonly string[] {
  const reason = SAMPLES[kind];
  const reasons: readonly Reason[] = reason.kind === 'server-close' ? [reason, { ...reason, code: 4490, severity: 'error' }] : [reason];
  const hints = reasons.flatMap((each) => PHASES.map((phase) => retryOf(each, phase)));
  return ['never', 'maybe', 'yes'].filter((hint) => hints.includes(hint as Termination['retry']));
}

export const initiatorOfKind = (kind: TerminationKind): string => initiatorOf(SAMPLES[kind]);

function kinds(): string {
  const rows = KINDS.map((kind) => {
    const common = {
      phase: 'connected',
      switched: null,
      sent: null,
      startedAt: 0,
      connectedAt: 100,
      causeAt: 5000,
      endedAt: 5000,
      channelId: 'room',
      connectionId: '1',
      sessionId: '2',
      trailing: [],
    } as const;
    const t: Termination = {
      ...SAMPLES[kind],
      ...common,
      initiator: initiatorOf(SAMPLES[kind]),
      retry: retryOf(SAMPLES[kind], 'connected'),
    };
    return `| \`${kind}\` | ${t.initiator} | ${retriesOf(kind).join(', ')} | ${describeTermination(t).replace('Ended while connected after 5000 ms: ', '')} |`;
  });
  return ['| kind | initiator | retry | as `describeTermination` says it |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function limits(): string {
  const { timeouts } = checkOptions({ signalingUrl: 'wss://sora.example.com/signaling', channelId: 'room', role: 'sendrecv' });
  const meanings: { readonly [Name in keyof typeof timeouts]: string } = {
    connectionMs: 'from the first socket to connected, through redirects and every phase; 0 switches it off (Q52, Q81)',
    signalingUrlMs: 'for each URL to open, where there are several (Q52)',
    disconnectMs: 'for the wait of a disconnect (T15)',
    iceDisconnectedMs: 'for ICE to stay disconnected, where that rule applies (T28, T29, Q44)',
    dataChannelGraceMs: 'for the loss of a channel to be explained (Q31)',
    rpcMs: 'for an RPC to be answered; ends the call, not the session',
  };
  const rows = Object.entries(meanings).map(
    ([name, meaning]) => `| \`timeouts.${name}\` | ${timeouts[name as keyof typeof timeouts]} | ${meaning} |`,
  );
  return ['| option | default, ms | how long |', '| --- | --- | --- |', ...rows].join('\n');
}

/** The parts of the pages that are printed from the source. */
const PARTS: Readonly<Record<string, () => string>> = {
  kinds,
  limits,
  'endings-in-a-call': endingsInACall,
  'endings-on-the-way': endingsOnTheWay,
  'decision-en': () => decisionDiagram('en'),
  'decision-ja': () => decisionDiagram('ja'),
  imports: () => importDiagram(importsOfSource()),
};

/** A page with its printed parts as the source has them now. */
export function printInto(page: string): string {
  return page.replaceAll(PRINTED, (_, begin: string, name: string, _old: string, end: string) => {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`nothing is printed as ${name}`);
    return `${begin}\n${part()}\n\n${end}`;
  });
}

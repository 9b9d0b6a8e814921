import { ending, type ExpectedEnding, type ExpectedReason, type FaultRow, disconnectSent, switchedIn } from '../fault-row.ts';
import type { Mode } from '../../e2e/support/modes.ts';

const noError = {
  W: disconnectSent('NO-ERROR', 'websocket'),
  M: disconnectSent('NO-ERROR', 'datachannel'),
  D: disconnectSent('NO-ERROR', 'datachannel'),
} as const;

const byApplication = (mode: Mode, rest: Omit<ExpectedReason, 'kind'>): readonly ExpectedEnding[] => [
  ending({ kind: 'client-disconnect', trigger: 'api', ...rest }, { phase: 'connected', switched: switchedIn[mode], sent: noError[mode] }),
];

const peer = { via: 'websocket', code: 1000, reason: 'TYPE-DISCONNECT' } as const;

const timeout = (mode: Mode, rest: Omit<ExpectedReason, 'kind'> = {}): readonly ExpectedEnding[] =>
  byApplication(mode, { outcome: 'timeout', ...rest });

const acknowledged = {
  W: byApplication('W', { outcome: 'acknowledged', peer }),
  M: byApplication('M', { outcome: 'acknowledged', peer }),
  D: byApplication('D', { outcome: 'acknowledged' }),
} as const;

const deed = 'disconnect' as const;

/** Longer than a disconnect waits. */
const watchMs = 5000;

/** On the way out, after a disconnect of the application or by the lab's own decision. */
export const farewellRows: readonly FaultRow[] = [
  {
    name: 'disconnect-ignored',
    fault: { kind: 'disconnect-ignored' },
    when: 'start',
    deed,
    watchMs,
    expect: { W: timeout('W'), M: timeout('M'), D: timeout('D') },
  },
  { name: 'disconnect-delayed, 300 ms', fault: { kind: 'disconnect-delayed', ms: 300 }, when: 'start', deed, expect: acknowledged },
  {
    name: 'end-without the Close frame, by the application',
    fault: { kind: 'end-without', websocketClose: true },
    when: 'start',
    deed,
    watchMs,
    expect: { W: timeout('W'), M: timeout('M'), D: acknowledged.D },
  },
  {
    name: 'end-without the closing of channels, by the application',
    fault: { kind: 'end-without', channelClose: true },
    when: 'start',
    deed,
    watchMs,
    expect: { W: acknowledged.W, M: timeout('M', { peer }), D: timeout('D') },
  },
  {
    name: 'end-without the Close frame, by the server',
    fault: { kind: 'end-without', websocketClose: true },
    when: 'start',
    deed: 'end',
    mute: true,
    expect: {
      W: 'lives',
      M: [ending({ kind: 'datachannel-closed', label: 'signaling' }, { phase: 'connected', switched: false, sent: null })],
      D: [ending({ kind: 'datachannel-closed', label: 'signaling' }, { phase: 'connected', switched: true, sent: null })],
    },
  },
  { name: 'slow-channel-close, 100 ms each', fault: { kind: 'slow-channel-close', ms: 100 }, when: 'start', deed, expect: acknowledged },
];

import { ending, everywhere, type FaultRow, switchedIn } from '../fault-row.ts';
import type { Mode } from '../../e2e/support/modes.ts';

const failed = (mode: Mode) => [ending({ kind: 'peer-connection-failed' }, { phase: 'connected', switched: switchedIn[mode], sent: null })];
const failedEverywhere: FaultRow['expect'] = { W: failed('W'), M: failed('M'), D: failed('D') };
const channelsClosed = (mode: Mode) => [
  ending({ kind: 'datachannel-closed', label: 'signaling' }, { phase: 'connected', switched: switchedIn[mode], sent: null }),
];

/** Longer than any browser needs to give up a peer. */
const watchMs = 60_000;

/** The media path of a session that is up. */
export const mediaPathRows: readonly FaultRow[] = [
  {
    name: 'dtls-close, with close_notify',
    fault: { kind: 'dtls-close' },
    when: 'ready',
    mute: true,
    expect: { W: 'lives', M: channelsClosed('M'), D: channelsClosed('D') },
  },
  {
    name: 'dtls-close, without a word',
    fault: { kind: 'dtls-close', notify: false },
    when: 'ready',
    mute: true,
    expect: everywhere('lives'),
  },
  {
    name: 'network, 20 % loss, 30 ms delay, 10 ms jitter',
    fault: { kind: 'network', lossRatio: 0.2, delayMs: 30, jitterMs: 10 },
    when: 'ready',
    expect: everywhere('lives'),
  },
  {
    name: 'peer-silent, then resume after 2 s',
    fault: { kind: 'peer-silent' },
    when: 'ready',
    resumeMs: 2000,
    watchMs: 4000,
    expect: everywhere('lives'),
  },
  { name: 'peer-silent', fault: { kind: 'peer-silent' }, when: 'ready', slow: true, watchMs, expect: failedEverywhere },
  { name: 'silent', fault: { kind: 'silent' }, when: 'ready', slow: true, watchMs, expect: failedEverywhere },
];

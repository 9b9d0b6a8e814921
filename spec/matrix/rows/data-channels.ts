import { ending, type ExpectedEnding, type ExpectedReason, type FaultRow, disconnectSent, withChannels } from '../fault-row.ts';

const inM = (sent: ExpectedEnding['sent']) => ({ phase: 'connected', switched: false, sent }) as const;
const inD = (sent: ExpectedEnding['sent']) => ({ phase: 'connected', switched: true, sent }) as const;
const toldInternal = disconnectSent('INTERNAL-ERROR', 'datachannel');

const both = (
  cause: ExpectedReason,
  sent: ExpectedEnding['sent'] = null,
): { readonly M: readonly ExpectedEnding[]; readonly D: readonly ExpectedEnding[] } => ({
  M: [ending(cause, inM(sent))],
  D: [ending(cause, inD(sent))],
});

const parse = both({ kind: 'signaling-invalid', what: 'parse' });
const MIB = 1024 * 1024;

const closeMessage = (code: unknown, reason: string, kept: number | null): FaultRow => ({
  name: `close-message, ${code === undefined ? 'no code' : JSON.stringify(code)}`,
  fault: { kind: 'close-message', code, reason },
  when: 'ready',
  expect: both({ kind: 'server-close', via: 'datachannel', code: kept, reason, severity: kept === 1000 ? 'normal' : 'error' }),
});

/** The DataChannels of a session that is up. */
export const dataChannelRows: readonly FaultRow[] = [
  {
    name: 'channel-close, all',
    fault: { kind: 'channel-close' },
    when: 'ready',
    expect: both({ kind: 'datachannel-closed', label: 'signaling' }),
  },
  {
    name: 'channel-close, signaling',
    fault: { kind: 'channel-close', labels: ['signaling'] },
    when: 'ready',
    expect: both({ kind: 'datachannel-closed', label: 'signaling' }),
  },
  {
    name: 'channel-close, notify',
    fault: { kind: 'channel-close', labels: ['notify'] },
    when: 'ready',
    expect: both({ kind: 'datachannel-closed', label: 'notify' }, toldInternal),
  },
  { name: 'channel-reopened, push', fault: { kind: 'channel-reopened', label: 'push' }, when: 'ready', expect: withChannels('lives') },
  { name: 'channel-unannounced', fault: { kind: 'channel-unannounced', label: 'surprise' }, when: 'ready', expect: withChannels('lives') },
  { name: 'channel-malformed, signaling', fault: { kind: 'channel-malformed', label: 'signaling' }, when: 'ready', expect: parse },
  {
    name: 'channel-malformed, notify',
    fault: { kind: 'channel-malformed', label: 'notify' },
    when: 'ready',
    expect: withChannels('lives'),
  },
  { name: 'channel-bad-deflate, signaling', fault: { kind: 'channel-bad-deflate', label: 'signaling' }, when: 'ready', expect: parse },
  {
    name: 'channel-bad-deflate, notify',
    fault: { kind: 'channel-bad-deflate', label: 'notify' },
    when: 'ready',
    expect: withChannels('lives'),
  },
  { name: 'channel-text, signaling', fault: { kind: 'channel-text', label: 'signaling' }, when: 'ready', expect: parse },
  { name: 'channel-text, notify', fault: { kind: 'channel-text', label: 'notify' }, when: 'ready', expect: withChannels('lives') },
  {
    name: 'channel-oversized, signaling, 32 MiB inflated',
    fault: { kind: 'channel-oversized', label: 'signaling', bytes: 32 * MIB },
    when: 'ready',
    watchMs: 5000,
    expect: parse,
    // Node takes seconds to inflate it when it is busy; what is not inflated in time is dropped (Q33).
    elsewhere: { node: { M: ['lives', ...parse.M], D: ['lives', ...parse.D] } },
  },
  {
    name: 'channel-oversized, notify, 32 MiB inflated',
    fault: { kind: 'channel-oversized', label: 'notify', bytes: 32 * MIB },
    when: 'ready',
    expect: withChannels('lives'),
  },
  closeMessage(1000, 'BYE', 1000),
  closeMessage(4490, 'NO', 4490),
  closeMessage(undefined, 'ODD', null),
  closeMessage('1000', 'ODD', null),
  {
    name: 'sctp-abort',
    fault: { kind: 'sctp-abort' },
    when: 'ready',
    expect: both({ kind: 'datachannel-error', label: 'signaling', sctpCauseCode: 12, errorDetail: 'sctp-failure' }),
    // Neither has an error event for it.
    elsewhere: {
      firefox: both({ kind: 'datachannel-closed', label: 'signaling' }),
      node: both({ kind: 'datachannel-closed', label: 'signaling' }),
    },
  },
];

import { ending, everywhere, disconnectSent, type FaultRow, SHORT_CONNECTION_MS, withChannels } from '../fault-row.ts';

const signaling = { phase: 'signaling', switched: null, sent: null } as const;
const negotiating = { phase: 'negotiating', switched: null, sent: null } as const;
const toldInternal = { phase: 'negotiating', switched: null, sent: disconnectSent('INTERNAL-ERROR', 'websocket') } as const;

const unexpected = { kind: 'signaling-invalid', what: 'unexpected-message' } as const;
const schema = { kind: 'signaling-invalid', what: 'schema' } as const;

/** How the lab behaves from `connect` to the answer. */
const offerRows: readonly FaultRow[] = [
  { name: 'redirect, for ever', fault: { kind: 'redirect' }, when: 'start', expect: everywhere([ending(unexpected, signaling)]) },
  {
    name: 'auth-refused',
    fault: { kind: 'auth-refused', reason: 'NO-TICKET' },
    when: 'start',
    expect: everywhere([ending({ kind: 'server-close', via: 'websocket', code: 4490, reason: 'NO-TICKET', severity: 'error' }, signaling)]),
  },
  {
    name: 'offer-withheld',
    fault: { kind: 'offer-withheld' },
    when: 'start',
    connectionMs: SHORT_CONNECTION_MS,
    expect: everywhere([ending({ kind: 'connect-timeout', during: 'signaling' }, signaling)]),
  },
  { name: 'offer-delayed, 300 ms', fault: { kind: 'offer-delayed', ms: 300 }, when: 'start', expect: everywhere('lives') },
  { name: 'offer-duplicate', fault: { kind: 'offer-duplicate' }, when: 'start', expect: everywhere([ending(unexpected, negotiating)]) },
  {
    name: 'offer-bad-sdp',
    fault: { kind: 'offer-bad-sdp' },
    when: 'start',
    expect: everywhere([ending({ kind: 'internal-error', where: 'set-remote-description', name: /./, message: /./ }, toldInternal)]),
    // werift takes any text for a description, and the lab is the one that refuses the answer to it.
    elsewhere: {
      node: everywhere(
        ['negotiating', 'connected'].map((phase) =>
          ending(
            { kind: 'server-close', via: 'websocket', code: 4490, reason: /^LAB-INVALID-SDP/, severity: 'error' },
            { phase, switched: null, sent: null },
          ),
        ),
      ),
    },
  },
  {
    name: 'offer-altered, no connection_id',
    fault: { kind: 'offer-altered', members: { connection_id: null } },
    when: 'start',
    expect: everywhere([ending(schema, signaling)]),
  },
  {
    name: 'offer-altered, unknown members',
    fault: { kind: 'offer-altered', members: { future: { of: 'Sora' }, version: '9999.9.9' } },
    when: 'start',
    expect: everywhere('lives'),
  },
  {
    name: 'wrong-order, switched before the offer',
    fault: { kind: 'wrong-order', message: { type: 'switched', ignore_disconnect_websocket: true } },
    when: 'start',
    expect: everywhere('lives'),
  },
  {
    name: 'answer-ignored',
    fault: { kind: 'answer-ignored' },
    when: 'start',
    connectionMs: SHORT_CONNECTION_MS,
    expect: everywhere([ending({ kind: 'connect-timeout', during: 'negotiating' }, toldInternal)]),
  },
  { name: 'answer-delayed, 300 ms', fault: { kind: 'answer-delayed', ms: 300 }, when: 'start', expect: everywhere('lives') },
];

/** How signaling moves to DataChannels. */
const switchedRows: readonly FaultRow[] = [
  { name: 'switched-missing', fault: { kind: 'switched-missing' }, when: 'start', unswitched: true, expect: withChannels('lives') },
  { name: 'switched-delayed, 300 ms', fault: { kind: 'switched-delayed', ms: 300 }, when: 'start', expect: withChannels('lives') },
  { name: 'switched-duplicate', fault: { kind: 'switched-duplicate' }, when: 'start', expect: withChannels('lives') },
  { name: 'switched-early', fault: { kind: 'switched-early' }, when: 'start', expect: withChannels('lives') },
  {
    name: 'switched-flag, true',
    fault: { kind: 'switched-flag', ignoreDisconnectWebSocket: true },
    when: 'start',
    expect: { M: 'lives' },
  },
  {
    name: 'switched-flag, false',
    fault: { kind: 'switched-flag', ignoreDisconnectWebSocket: false },
    when: 'start',
    expect: { D: 'lives' },
  },
  {
    name: 'switched-with-re-offer, switched first',
    fault: { kind: 'switched-with-re-offer', first: 'switched' },
    when: 'start',
    expect: withChannels('lives'),
  },
  {
    name: 'switched-with-re-offer, re-offer first',
    fault: { kind: 'switched-with-re-offer', first: 're-offer' },
    when: 'start',
    expect: withChannels('lives'),
  },
  { name: 'channel-missing, stats', fault: { kind: 'channel-missing', label: 'stats' }, when: 'start', expect: withChannels('lives') },
];

/** What keeps a connection alive, and calls. */
const pulseRows: readonly FaultRow[] = [
  { name: 'ping-withheld', fault: { kind: 'ping-withheld' }, when: 'start', expect: everywhere('lives') },
  {
    name: 'pong-ignored',
    fault: { kind: 'pong-ignored' },
    // From the offer on, a busy machine's negotiation would be cut off in place of the session.
    when: 'ready',
    lab: { pingIntervalMs: 50, pongTimeoutMs: 4000 },
    watchMs: 7000,
    expect: {
      W: [
        ending(
          { kind: 'server-close', via: 'websocket', code: 4490, reason: 'PONG-TIMEOUT-ERROR', severity: 'error' },
          { phase: 'connected', switched: null, sent: null },
        ),
      ],
      M: [null, disconnectSent('WEBSOCKET-ONCLOSE', 'datachannel', false), disconnectSent('WEBSOCKET-ONCLOSE', 'datachannel')].flatMap(
        (sent) =>
          [{}, { after: 'datachannel-closed' }].map((after) =>
            ending(
              { kind: 'server-close', via: 'websocket', code: 4490, reason: 'PONG-TIMEOUT-ERROR', severity: 'error', ...after },
              { phase: 'connected', switched: false, sent },
            ),
          ),
      ),
      D: 'lives',
    },
  },
  { name: 'rpc-silent', fault: { kind: 'rpc-silent' }, when: 'start', deed: 'rpc', expect: withChannels('lives') },
  { name: 'rpc-delayed, 300 ms', fault: { kind: 'rpc-delayed', ms: 300 }, when: 'start', deed: 'rpc', expect: withChannels('lives') },
  {
    name: 'rpc-error',
    fault: { kind: 'rpc-error', code: -32_000, message: 'no', data: { why: 'because' } },
    when: 'start',
    deed: 'rpc',
    expect: withChannels('lives'),
  },
  { name: 'rpc-duplicate', fault: { kind: 'rpc-duplicate' }, when: 'start', deed: 'rpc', expect: withChannels('lives') },
];

export const signalingRows: readonly FaultRow[] = [...offerRows, ...switchedRows, ...pulseRows];

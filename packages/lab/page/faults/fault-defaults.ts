import type { Fault, FaultKind } from 'rx-sora-lab';

type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;

const NOTIFY = { type: 'notify', event_type: 'lab.page' } as const;

/** What each button does, with parameters that make a difference. The compiler says which kind is missing. */
export const FAULT_DEFAULTS: { readonly [Kind in FaultKind]: FaultOf<Kind> } = {
  // Without a limit it would close the port that serves this page.
  refused: { kind: 'refused', ms: 5000 },
  'upgrade-cut': { kind: 'upgrade-cut' },
  'upgrade-rejected': { kind: 'upgrade-rejected', status: 503 },
  'upgrade-silent': { kind: 'upgrade-silent' },
  'upgrade-delayed': { kind: 'upgrade-delayed', ms: 2000 },
  redirect: { kind: 'redirect' },
  'auth-refused': { kind: 'auth-refused', reason: 'LAB-PAGE' },
  'offer-withheld': { kind: 'offer-withheld' },
  'offer-delayed': { kind: 'offer-delayed', ms: 2000 },
  'offer-duplicate': { kind: 'offer-duplicate' },
  'offer-bad-sdp': { kind: 'offer-bad-sdp' },
  'offer-altered': { kind: 'offer-altered', members: { simulcast: true } },
  'wrong-order': { kind: 'wrong-order', message: { type: 'switched', ignore_disconnect_websocket: true } },
  'answer-ignored': { kind: 'answer-ignored' },
  'answer-delayed': { kind: 'answer-delayed', ms: 2000 },
  'switched-missing': { kind: 'switched-missing' },
  'switched-delayed': { kind: 'switched-delayed', ms: 2000 },
  'switched-duplicate': { kind: 'switched-duplicate' },
  'switched-early': { kind: 'switched-early' },
  'switched-flag': { kind: 'switched-flag', ignoreDisconnectWebSocket: true },
  'switched-with-re-offer': { kind: 'switched-with-re-offer', first: 'switched' },
  'channel-missing': { kind: 'channel-missing', label: 'notify' },
  'ping-withheld': { kind: 'ping-withheld' },
  'pong-ignored': { kind: 'pong-ignored' },
  'disconnect-ignored': { kind: 'disconnect-ignored' },
  'disconnect-delayed': { kind: 'disconnect-delayed', ms: 2000 },
  'end-without': { kind: 'end-without', websocketClose: true, channelClose: true },
  'slow-channel-close': { kind: 'slow-channel-close', ms: 500 },
  'rpc-silent': { kind: 'rpc-silent' },
  'rpc-delayed': { kind: 'rpc-delayed', ms: 2000 },
  'rpc-error': { kind: 'rpc-error', code: -32_603, message: 'LAB-PAGE' },
  'rpc-duplicate': { kind: 'rpc-duplicate' },
  'websocket-close': { kind: 'websocket-close', code: 4490, reason: 'LAB-PAGE' },
  'websocket-cut': { kind: 'websocket-cut' },
  'websocket-reset': { kind: 'websocket-reset' },
  'websocket-frozen': { kind: 'websocket-frozen' },
  'websocket-malformed': { kind: 'websocket-malformed' },
  'websocket-binary': { kind: 'websocket-binary' },
  'websocket-oversized': { kind: 'websocket-oversized', bytes: 1_000_000 },
  message: { kind: 'message', message: NOTIFY },
  're-offer': { kind: 're-offer', count: 1 },
  'channel-close': { kind: 'channel-close' },
  'channel-reopened': { kind: 'channel-reopened', label: 'notify' },
  'channel-unannounced': { kind: 'channel-unannounced', label: '#lab-page' },
  'channel-malformed': { kind: 'channel-malformed', label: 'signaling' },
  'channel-bad-deflate': { kind: 'channel-bad-deflate', label: 'signaling' },
  'channel-text': { kind: 'channel-text', label: 'signaling' },
  'channel-oversized': { kind: 'channel-oversized', label: 'signaling', bytes: 1_000_000 },
  'close-message': { kind: 'close-message', code: 4490, reason: 'LAB-PAGE' },
  'sctp-abort': { kind: 'sctp-abort' },
  'dtls-close': { kind: 'dtls-close' },
  'peer-silent': { kind: 'peer-silent' },
  silent: { kind: 'silent' },
  network: { kind: 'network', lossRatio: 0.1, delayMs: 100, jitterMs: 50 },
  resume: { kind: 'resume' },
};

/** Kinds that act on connections that are alive, at once. The others are for connections to come. */
export const ACTION_KINDS = [
  'websocket-close',
  'websocket-cut',
  'websocket-reset',
  'websocket-frozen',
  'websocket-malformed',
  'websocket-binary',
  'websocket-oversized',
  'message',
  're-offer',
  'channel-close',
  'channel-reopened',
  'channel-unannounced',
  'channel-malformed',
  'channel-bad-deflate',
  'channel-text',
  'channel-oversized',
  'close-message',
  'sctp-abort',
  'dtls-close',
  'peer-silent',
  'silent',
  'network',
  'resume',
] as const satisfies readonly FaultKind[];

const OPENING_KINDS = [
  'refused',
  'upgrade-cut',
  'upgrade-rejected',
  'upgrade-silent',
  'upgrade-delayed',
] as const satisfies readonly FaultKind[];

export type FaultGroup = 'action' | 'shaping' | 'opening';

const isAction = (kind: FaultKind): boolean => ACTION_KINDS.some((each) => each === kind);
const isOpening = (kind: FaultKind): boolean => OPENING_KINDS.some((each) => each === kind);

/** When a fault of a kind takes hold. */
export const groupOf = (kind: FaultKind): FaultGroup => (isAction(kind) ? 'action' : isOpening(kind) ? 'opening' : 'shaping');

/** The kinds of each group, in the order of a connection's life. */
export const FAULT_GROUPS: readonly (readonly [FaultGroup, readonly FaultKind[]])[] = (['action', 'shaping', 'opening'] as const).map(
  (group) => [group, (Object.keys(FAULT_DEFAULTS) as FaultKind[]).filter((kind) => groupOf(kind) === group)],
);

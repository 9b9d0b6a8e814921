import type { ActionFault, OpeningFault, FaultKind, ShapingFault } from './fault.ts';

/** What one kind of fault is, for documentation and for clients of the HTTP control. */
export interface FaultDescription {
  readonly kind: FaultKind;
  /** `opening`: while the WebSocket opens. `shaping`: how the lab behaves from `connect` on. `action`: at one moment. */
  readonly group: 'opening' | 'shaping' | 'action';
  readonly what: string;
}

const opening: Readonly<Record<OpeningFault['kind'], string>> = {
  refused: 'The port is closed until the fault is removed, or for a while (ms); existing connections go on.',
  'upgrade-cut': 'TCP is closed when the upgrade request arrives.',
  'upgrade-rejected': 'The upgrade request is answered with an HTTP status (status).',
  'upgrade-silent': 'The upgrade request is never answered.',
  'upgrade-delayed': 'The upgrade request is answered late (ms).',
};

const shaping: Readonly<Record<ShapingFault['kind'], string>> = {
  redirect: 'connect is answered with redirect (location); without a location, back to the same node every time.',
  'auth-refused': 'connect is refused as a failed authentication (reason).',
  'offer-withheld': 'No offer.',
  'offer-delayed': 'The offer is sent late (ms).',
  'offer-duplicate': 'The offer is sent twice.',
  'offer-bad-sdp': 'The SDP of the offer is replaced (sdp), by default with invalid SDP.',
  'offer-altered': 'Members of the offer are replaced (members); null removes one.',
  'wrong-order': 'A message (message) is sent on the WebSocket before the offer.',
  'answer-ignored': 'The answer is ignored.',
  'answer-delayed': 'The answer is handled late (ms).',
  'switched-missing': 'No switched.',
  'switched-delayed': 'switched is sent late (ms).',
  'switched-duplicate': 'switched is sent twice.',
  'switched-early': 'switched is sent before any DataChannel is open.',
  'switched-flag': 'switched carries another ignore_disconnect_websocket than the offer (ignoreDisconnectWebSocket).',
  'switched-with-re-offer': 'A re-offer on the WebSocket back to back with switched (first).',
  'channel-missing': 'A DataChannel of the offer is never opened (label).',
  'ping-withheld': 'No pings.',
  'pong-ignored': 'Pongs are not counted.',
  'disconnect-ignored': 'disconnect is ignored.',
  'disconnect-delayed': 'disconnect is handled late (ms).',
  'end-without': 'Ends leave out the Close frame (websocketClose) or the closing of DataChannels (channelClose).',
  'slow-channel-close': 'Ends close one DataChannel after the other (ms from each to the next).',
  'rpc-silent': 'RPC requests are not answered.',
  'rpc-delayed': 'RPC requests are answered late (ms).',
  'rpc-error': 'RPC requests are answered with an error (code, message, data).',
  'rpc-duplicate': 'RPC requests are answered twice.',
};

const action: Readonly<Record<ActionFault['kind'], string>> = {
  'websocket-close': 'Close frame (code, reason); without a code an empty one.',
  'websocket-cut': 'TCP closed without a Close frame (FIN).',
  'websocket-reset': 'TCP reset (RST).',
  'websocket-frozen': 'Half-open WebSocket: nothing is read or sent, TCP stays open.',
  'websocket-malformed': 'A text frame that is not JSON (text).',
  'websocket-binary': 'A binary frame on the WebSocket (text).',
  'websocket-oversized': 'A huge notify on the WebSocket (bytes).',
  message: 'Any message (message, transport, label).',
  're-offer': 'Re-offers without need, without waiting for answers (count, transport).',
  'channel-close': 'DataChannels close (labels; all where absent).',
  'channel-reopened': 'A DataChannel of a label that exists is opened again (label).',
  'channel-unannounced': 'A DataChannel that no offer announced is opened (label).',
  'channel-malformed': 'A DataChannel message that is not JSON (label, text).',
  'channel-bad-deflate': 'A DataChannel message that is not a zlib stream (label).',
  'channel-text': 'A text frame on a DataChannel, compressed or not (label, text).',
  'channel-oversized': 'A DataChannel message that inflates to many bytes (label, bytes).',
  'close-message': 'type: close on DataChannel signaling (code, reason), and nothing else.',
  'sctp-abort': 'SCTP ABORT: every DataChannel fails.',
  'dtls-close': 'DTLS ends (notify: with close_notify).',
  'peer-silent': 'The media path falls silent.',
  silent: 'WebSocket and media path fall silent together.',
  network: 'Loss, delay and jitter on the media path (lossRatio, delayMs, jitterMs).',
  resume: 'Ends websocket-frozen, peer-silent, silent and network.',
};

const describe = (group: FaultDescription['group'], kinds: Readonly<Record<string, string>>): readonly FaultDescription[] =>
  Object.entries(kinds).map(([kind, what]) => ({ kind: kind as FaultKind, group, what }));

/** Every kind of fault, in the order of a connection's life. */
export const FAULT_KINDS: readonly FaultDescription[] = [
  ...describe('opening', opening),
  ...describe('shaping', shaping),
  ...describe('action', action),
];

export const isOpeningFault = (fault: { readonly kind: string }): fault is OpeningFault => Object.hasOwn(opening, fault.kind);
export const isShapingFault = (fault: { readonly kind: string }): fault is ShapingFault => Object.hasOwn(shaping, fault.kind);
export const isActionFault = (fault: { readonly kind: string }): fault is ActionFault => Object.hasOwn(action, fault.kind);

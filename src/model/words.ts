/** How far a session has come. @source Q80 for `idle` */
export type Phase = 'idle' | 'opening' | 'signaling' | 'negotiating' | 'connected';

/** The transport that carried a message or brought a reason. @source Q72 */
export type Via = 'websocket' | 'datachannel';

/** How the application ended the session. @source T16-T24, Q54-Q56, Q79 */
export type DisconnectTrigger = 'api' | 'unsubscribe' | 'abort-signal' | 'pagehide';

/** The reasons that a client may give in `type: disconnect`. @source T09 T13 T16 T26 */
export type DisconnectReason = 'NO-ERROR' | 'WEBSOCKET-ONCLOSE' | 'WEBSOCKET-ONERROR' | 'INTERNAL-ERROR';

/** Why signaling could not be acted on. @source T25, Q64, Q65 */
export type SignalingProblem = 'parse' | 'schema' | 'unexpected-message';

import type { SessionEvent } from '../model/session-event.ts';
import type { Via } from '../model/words.ts';
import type { SessionState } from '../session/session.ts';

/** What the timeline keeps of a session: events as they happened and a few facts beside them. They are worded and redacted when they are read. */
export type TimelineItem =
  | Exclude<SessionEvent, { readonly source: 'datachannel'; readonly kind: 'message' } | { readonly kind: 'track' | 'datachannel' }>
  /** The content of messages of the application is not kept, nor are live objects. */
  | { readonly source: 'datachannel'; readonly kind: 'message'; readonly at: number; readonly label: string; readonly bytes: number }
  | { readonly source: 'datachannel'; readonly kind: 'dropped'; readonly at: number; readonly label: string; readonly why: string }
  | {
      readonly source: 'peer-connection';
      readonly kind: 'track';
      readonly at: number;
      readonly track: string;
      readonly connectionId: string | null;
    }
  | { readonly source: 'peer-connection'; readonly kind: 'datachannel'; readonly at: number; readonly label: string }
  | { readonly source: 'session'; readonly kind: 'state'; readonly at: number; readonly state: SessionState }
  /** A WebSocket event of a socket that does not count. */
  | { readonly source: 'websocket'; readonly kind: 'other'; readonly at: number; readonly what: string; readonly url: string }
  | {
      readonly source: 'signaling';
      readonly kind: 'sent' | 'rpc-sent' | 'rpc-received';
      readonly at: number;
      readonly via: Via;
      readonly label?: string;
      readonly message: unknown;
    }
  | { readonly source: 'sdk'; readonly kind: 'note'; readonly at: number; readonly what: string; readonly detail?: unknown };

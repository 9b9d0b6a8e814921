import type { Incoming } from '../signaling/incoming.ts';
import type { CheckedMessage } from '../signaling/messages.ts';
import type { Admission } from '../signaling/protocol.ts';
import type { Sighting } from '../signaling/reach.ts';
import type { DisconnectTrigger, SignalingInvalid, TrailingEntry, Via } from '../termination/reason.ts';
import type { Failure, Progress } from '../termination/sources.ts';
import type { DataChannelEvent } from '../transports/data-channel-event.ts';
import type { PeerConnectionEvent } from '../transports/peer-connection-event.ts';
import type { ConnectedInfo } from './session.ts';
import type { TimelineEntry } from './timeline.ts';

/** A message of signaling that came in, with what is to become of it. */
export interface Received {
  readonly kind: 'received';
  readonly via: Via;
  readonly label?: string;
  readonly at: number;
  readonly checked: CheckedMessage;
  /** Set when its turn has come: whether it is in place depends on what was acted on before it. */
  readonly admission: Admission;
}

/** A message of signaling that went out. */
export interface Sent {
  readonly kind: 'sent';
  readonly via: Via;
  readonly label?: string;
  readonly at: number;
  readonly message: { readonly type: string };
}

/** Everything that enters a session, through one mailbox and in order of arrival. */
export type SessionInput =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'socket'; readonly sighting: Sighting }
  | { readonly kind: 'peer'; readonly event: PeerConnectionEvent }
  /** A channel's event as it happened, for those who watch. */
  | { readonly kind: 'channel'; readonly event: DataChannelEvent }
  /** What the channels brought, decoded and in the order that the rules need (Q33). */
  | { readonly kind: 'incoming'; readonly incoming: Exclude<Incoming, { kind: 'message' }> }
  | Received
  | Sent
  /** An answer has gone out over this transport. */
  | { readonly kind: 'answered'; readonly via: Via }
  | { readonly kind: 'connected'; readonly info: ConnectedInfo }
  /** The cause of the end is latched; tells in its place what `state$` says at once. */
  | { readonly kind: 'ending' }
  | { readonly kind: 'invalid'; readonly what: SignalingInvalid['what'] }
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'note'; readonly entry: TrailingEntry }
  /** Something that only the timeline tells. */
  | { readonly kind: 'told'; readonly entry: TimelineEntry }
  | { readonly kind: 'disconnect'; readonly trigger: DisconnectTrigger };

/** An input of one kind. */
export type InputOf<Kind extends SessionInput['kind']> = Extract<SessionInput, { kind: Kind }>;

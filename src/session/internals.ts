import type { PeerConnectionLike } from '../platform/w3c.ts';
import type { Settle } from '../signaling/outbox.ts';
import type { OfferedChannel } from '../signaling/offered-channels.ts';
import type { Termination } from '../termination/reason.ts';
import type { TimelineItem } from '../timeline/timeline-item.ts';
import type { OfferMessage } from '../wire/messages.ts';
import type { SessionConfig } from './options.ts';
import type { Presence } from './presence.ts';
import type { Session } from './session.ts';
import type { Streams } from './streams.ts';

/** What the functions of a session (`stats`, `rpc`, `timeline`, …) may use of it: the one door into a session. */
export interface SessionInternals {
  readonly config: SessionConfig;
  readonly streams: Streams;
  /** Milliseconds on the session's clock; 0 before it starts. */
  readonly now: () => number;
  readonly isStarted: () => boolean;
  readonly ended: () => Termination | null;
  /** Null before the offer. */
  readonly offer: () => OfferMessage | null;
  readonly offered: (label: string) => OfferedChannel | undefined | null;
  /** Null before the offer and after the end. */
  readonly peerConnection: () => PeerConnectionLike | null;
  /** Whether the first answer was sent, so that the senders are those that stay. */
  readonly hasAnswered: () => boolean;
  /** What `notify` said that still holds. */
  readonly presence: () => Pick<Presence, 'connections' | 'others'>;
  /** The latest items of the timeline. */
  readonly history: () => readonly TimelineItem[];
  readonly record: (item: TimelineItem) => void;
  /** Queues a message for a channel; the result withdraws it. */
  readonly queue: (label: string, text: string, settle: Settle) => () => void;
}

const door = Symbol('rx-sora');

/** A session together with its door. */
type OpenableSession = Session & { readonly [door]: SessionInternals };

export const withInternals = (session: object, internals: SessionInternals): Session =>
  Object.defineProperty(session, door, { value: internals }) as Session;

/** @throws TypeError for an object that is not a session of this SDK */
export function internalsOf(session: Session): SessionInternals {
  const internals = (session as Partial<OpenableSession>)[door];
  if (internals === undefined) throw new TypeError('not a session of this copy of rx-sora');
  return internals;
}

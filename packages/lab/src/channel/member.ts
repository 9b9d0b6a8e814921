import type { Agreement } from '../agreement.ts';
import type { ForwardingFilter } from '../wire/forwarding-filter.ts';
import type { JsonObject } from '../wire/json.ts';
import type { NotifySubject } from '../wire/notify-message.ts';
import type { MediaSource } from './media-source.ts';

/** A connection, as its channel sees it. */
export interface Member {
  readonly agreement: Agreement;
  /** What notify messages say about it now. */
  readonly notifySubject: NotifySubject;
  /** What it sends, once its media path is up. */
  readonly sources: readonly MediaSource[];
  /** Filters of its own, which the API may change. */
  readonly forwardingFilters: readonly ForwardingFilter[];
  /** Sends a `notify` unless the connection has notifications turned off. */
  notify(message: JsonObject): void;
  /** Sends a `push`. */
  push(data: JsonObject): void;
  /** Sends a user message of another member; false where it could not be sent. */
  deliver(label: string, payload: Uint8Array, senderConnectionId: string): boolean;
  /** The sources in the channel have changed: update what is forwarded and send a re-offer if needed. */
  refreshMedia(): void;
}

/** Connections of one bundle exchange no media, no messages and no notify. */
export const areInDifferentBundles = (one: Member, other: Member): boolean =>
  one !== other && one.agreement.bundleId !== other.agreement.bundleId;

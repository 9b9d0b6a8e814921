import type { Agreement } from '../agreement.ts';
import type { MediaSource } from '../media/source.ts';
import type { ForwardingFilter } from '../wire/forwarding-filter.ts';
import type { JsonObject } from '../wire/json.ts';
import type { NotifySubject } from '../wire/notify-message.ts';

/** A connection as its channel sees it. */
export interface Member {
  readonly agreement: Agreement;
  /** What notify messages tell about it now. */
  readonly notifySubject: NotifySubject;
  /** What it sends, once its media path is up. */
  readonly sources: readonly MediaSource[];
  /** Filters of its own, which the API may change. */
  readonly forwardingFilters: readonly ForwardingFilter[];
  /** Sends a notify, where the connection has them. */
  notify(message: JsonObject): void;
  /** Sends a `push`. */
  push(data: JsonObject): void;
  /** Hands over a user message of another member. */
  deliver(label: string, payload: Uint8Array, senderConnectionId: string): boolean;
  /** Who sends what in the channel has changed: forward and re-offer accordingly. */
  refreshMedia(): void;
}

/** Connections of one bundle exchange no media, no messages and no notify. */
export const areStrangers = (one: Member, other: Member): boolean => one !== other && one.agreement.bundleId !== other.agreement.bundleId;

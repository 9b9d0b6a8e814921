import type { Agreement } from '../agreement.ts';
import type { MemberMedia } from '../media/member-media.ts';
import type { JsonObject } from '../wire/json.ts';
import type { NotifyMetadata } from '../wire/notify-message.ts';

/** The connection that calls a method, as methods see it. */
export interface RpcCaller {
  readonly agreement: Agreement;
  readonly media: MemberMedia;
  readonly metadata: NotifyMetadata;
  setMetadata(metadata: unknown): void;
  /** Sends a `push` to every connection of the caller's channel. */
  pushToChannel(data: JsonObject): void;
}

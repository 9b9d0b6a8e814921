import type { RtcReceiver } from '../rtc/endpoint.ts';
import type { MediaKind } from '../wire/words.ts';

/** One track that a client of the channel sends. */
export interface MediaSource {
  readonly connectionId: string;
  readonly clientId: string;
  readonly kind: MediaKind;
  readonly receiver: RtcReceiver;
}

/** The name of a source among the senders of a connection. */
export const sourceKey = (source: Pick<MediaSource, 'connectionId' | 'kind'>): string => `${source.connectionId}/${source.kind}`;

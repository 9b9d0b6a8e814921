import {
  type Observable,
  catchError,
  concat,
  concatMap,
  connect,
  defer,
  filter,
  from,
  groupBy,
  map,
  merge,
  mergeMap,
  of,
  throwError,
  timeout,
} from 'rxjs';
import type { Platform } from '../platform/platform.ts';
import type { DataChannelEvent } from '../transports/data-channel-event.ts';
import { inflate } from './inflate.ts';
import { type CheckedMessage, checkMessage } from './messages.ts';
import { type DataMessage, isOwn } from './messaging.ts';
import type { OfferedChannel } from './offered-channels.ts';
import { type CheckedRpcResponse, checkRpcResponse } from './rpc-message.ts';
import { splitSenderHeader } from './sender-header.ts';

/** What a DataChannel brought, decoded. */
export type Incoming =
  /** An event as it stands in the order of arrival: behind the decodes that were under way when it came (Q33). */
  | { readonly kind: 'event'; readonly event: DataChannelEvent }
  /** A message of a built-in label. */
  | { readonly kind: 'message'; readonly label: string; readonly checked: CheckedMessage }
  /** A message of the channel `rpc`. */
  | { readonly kind: 'rpc'; readonly response: CheckedRpcResponse }
  /** A message of a label of the application. */
  | { readonly kind: 'data'; readonly message: DataMessage }
  /** A message that could not be decoded or that nobody announced; it ends nothing (Q65). */
  | { readonly kind: 'dropped'; readonly label: string; readonly why: 'undecodable' | 'unannounced' };

export interface IncomingConfig {
  readonly platform: Pick<Platform, 'DecompressionStream'>;
  /** What the offer announced for a label; undefined for one that it did not. */
  readonly offered: (label: string) => OfferedChannel | undefined;
  /** How long a decode of `signaling` may hold up what came after it; milliseconds (Q33). */
  readonly decodeMs: number;
  /** How large a message may be once inflated. */
  readonly limitBytes: number;
}

type MessageEvent = DataChannelEvent & { readonly kind: 'message' };

/**
 * Decodes what the channels bring, each label in its order.
 *
 * Events other than messages, and the messages of `signaling`, keep one common order: a channel's close that came after a compressed `type:
 * close` is told after it, however long inflating takes (Q33). Messages of other labels hold up nobody but themselves.
 */
export function incoming(events$: Observable<DataChannelEvent>, config: IncomingConfig): Observable<Incoming> {
  return events$.pipe(
    connect((shared$) => {
      const inLine$ = shared$.pipe(filter((event) => event.kind !== 'message' || event.label === 'signaling'));
      const aside$ = shared$.pipe(filter((event): event is MessageEvent => event.kind === 'message' && event.label !== 'signaling'));
      return merge(
        inLine$.pipe(concatMap((event) => (event.kind === 'message' ? decoded(event, config) : of<Incoming>({ kind: 'event', event })))),
        aside$.pipe(
          groupBy(({ label }) => label),
          mergeMap((sameLabel$) => sameLabel$.pipe(concatMap((event) => decoded(event, config)))),
        ),
      );
    }),
  );
}

function decoded(event: MessageEvent, config: IncomingConfig): Observable<Incoming> {
  const { label, data } = event;
  const channel = config.offered(label);
  if (channel === undefined)
    return from<Incoming[]>([
      { kind: 'event', event },
      { kind: 'dropped', label, why: 'unannounced' },
    ]);
  const content$ = defer(() => plain(data, channel, config)).pipe(
    map((payload) => understood(channel, payload)),
    catchError((error: unknown) => of(error instanceof LateDecode ? dropped(label) : undecodable(label))),
  );
  return concat(of<Incoming>({ kind: 'event', event }), content$);
}

function plain(data: string | Uint8Array, { compress, label }: OfferedChannel, config: IncomingConfig): Observable<string | Uint8Array> {
  if (!compress) return of(data);
  if (typeof data === 'string') throw new TypeError('text on a compressed channel');
  const inflated$ = inflate(data, config.platform, config.limitBytes);
  return label === 'signaling'
    ? inflated$.pipe(timeout({ first: config.decodeMs, with: () => throwError(() => new LateDecode()) }))
    : inflated$;
}

function understood({ label, header }: OfferedChannel, payload: string | Uint8Array): Incoming {
  if (isOwn(label)) {
    const split = splitSenderHeader(typeof payload === 'string' ? new TextEncoder().encode(payload) : payload, header);
    return split === null ? dropped(label) : { kind: 'data', message: { label, ...split } };
  }
  return label === 'rpc'
    ? { kind: 'rpc', response: checkRpcResponse(payload) }
    : { kind: 'message', label, checked: checkMessage(payload) };
}

/** A message that was not inflated when its time was over: nobody knows whether it could have been (Q33). */
class LateDecode extends Error {}

/** On `signaling` that is an anomaly of signaling (T25); everywhere else it ends nothing (Q65). */
function undecodable(label: string): Incoming {
  return label === 'signaling'
    ? { kind: 'message', label, checked: { kind: 'invalid', what: 'parse', detail: 'undecodable' } }
    : dropped(label);
}

const dropped = (label: string): Incoming => ({ kind: 'dropped', label, why: 'undecodable' });

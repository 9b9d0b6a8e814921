import {
  EMPTY,
  type Observable,
  catchError,
  concatMap,
  defer,
  filter,
  groupBy,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  scan,
  startWith,
  take,
  tap,
} from 'rxjs';
import type { Platform } from '../platform/platform.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import type { DataChannelEvent } from '../transports/data-channel-event.ts';
import { deflate } from './deflate.ts';
import type { OfferedChannel } from './offered-channels.ts';
import { SoraSendError } from './send-error.ts';
import type { Direction } from './words.ts';

/** A message of the application from another client. */
export interface DataMessage {
  readonly label: string;
  readonly data: Uint8Array;
  /** The connection it came from, where the channel was asked to tell. */
  readonly senderConnectionId?: string;
}

/** An open channel of the application. */
export interface DataChannelInfo {
  readonly label: string;
  readonly direction: Direction;
  readonly compress: boolean;
  readonly ordered: boolean;
  readonly protocol: string;
  /** Milliseconds. */
  readonly maxPacketLifeTime?: number;
  readonly maxRetransmits?: number;
  readonly header?: OfferedChannel['header'];
}

/** The largest message on the wire, header and deflate included. @source the signaling protocol, section on sizes */
export const LARGEST_MESSAGE_BYTES = 262_144;

/** How much may be queued in a channel: sending waits beyond it. */
export const HIGH_WATER_BYTES = 1_048_576;

/** One `send()` that waits for its turn. */
export interface SendRequest {
  readonly label: string;
  readonly data: string | Uint8Array;
  readonly done: (error: SoraSendError | null) => void;
}

export interface Outlet {
  readonly platform: Pick<Platform, 'CompressionStream'>;
  /** What the offer announced for a label; undefined for a label that it did not; null before the offer, for a label that was asked for. */
  readonly offered: (label: string) => OfferedChannel | null | undefined;
  readonly channel: (label: string) => DataChannelLike | undefined;
  /** Emits whenever one of the above may have changed. */
  readonly changes$: Observable<unknown>;
}

/**
 * Sends what is requested, each label in its order and at its own pace. Emits nothing; a request is told how it went by its `done`.
 */
export function outgoing(requests$: Observable<SendRequest>, outlet: Outlet): Observable<never> {
  return requests$.pipe(
    groupBy(({ label }) => label),
    mergeMap((sameLabel$) => sameLabel$.pipe(concatMap((request) => sent(request, outlet)))),
    ignoreElements(),
  );
}

function sent({ label, data, done }: SendRequest, outlet: Outlet): Observable<never> {
  return ready(label, outlet).pipe(
    concatMap((channel) => encoded(label, data, outlet).pipe(concatMap((payload) => handOver(payload, channel, outlet)))),
    tap({
      complete: () => {
        done(null);
      },
    }),
    catchError((error: unknown) => {
      done(error instanceof SoraSendError ? error : new SoraSendError('closed', label));
      return EMPTY;
    }),
    ignoreElements(),
  );
}

/** The channel of a label once it is open: an announced one that is still connecting is waited for. */
function ready(label: string, { offered, channel, changes$ }: Outlet): Observable<DataChannelLike> {
  const look = (): DataChannelLike | null => {
    const announced = offered(label);
    if (announced === undefined) throw new SoraSendError('unknown-label', label);
    if (announced?.direction === 'recvonly' && isOwn(label)) throw new SoraSendError('wrong-direction', label);
    const found = channel(label);
    if (found?.readyState === 'closing' || found?.readyState === 'closed') throw new SoraSendError('closed', label);
    return found?.readyState === 'open' ? found : null;
  };
  return changes$.pipe(
    startWith(null),
    map(look),
    filter((found) => found !== null),
    take(1),
  );
}

/** What goes on the wire: zlib where the offer says so; otherwise text for the server's labels and binary for the application's. */
function encoded(label: string, data: string | Uint8Array, { offered, platform }: Outlet): Observable<string | Uint8Array> {
  return defer((): Observable<string | Uint8Array> => {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    if (offered(label)?.compress === true) return deflate(bytes, platform);
    return of(isOwn(label) ? bytes : data);
  }).pipe(
    tap((payload) => {
      if (payload.length > LARGEST_MESSAGE_BYTES && isOwn(label)) throw new SoraSendError('too-large', label);
    }),
  );
}

/** Hands a payload to the channel as soon as its queue has room for it. */
function handOver(payload: string | Uint8Array, channel: DataChannelLike, { changes$ }: Outlet): Observable<unknown> {
  const hasRoom = (): boolean => {
    const queuedBytes = channel.bufferedAmount ?? 0;
    return queuedBytes === 0 || queuedBytes + payload.length <= HIGH_WATER_BYTES;
  };
  return changes$.pipe(
    startWith(null),
    tap(() => {
      if (channel.readyState !== 'open') throw new SoraSendError('closed', channel.label);
    }),
    filter(hasRoom),
    take(1),
    tap(() => {
      channel.send(payload as never);
    }),
  );
}

/** Labels of the application begin with a hash; all others are the server's. */
export const isOwn = (label: string): boolean => label.startsWith('#');

/** The open channels of the application, in the order of the offer: now, then every change. */
export function openChannels(
  events$: Observable<DataChannelEvent>,
  offered$: Observable<readonly OfferedChannel[]>,
  channel: (label: string) => DataChannelLike | undefined,
): Observable<readonly DataChannelInfo[]> {
  const changes$ = events$.pipe(filter(({ kind, label }) => isOwn(label) && (kind === 'open' || kind === 'close')));
  return merge(offered$, changes$.pipe(map(() => null))).pipe(
    scan<readonly OfferedChannel[] | null, readonly OfferedChannel[]>((known, offered) => offered ?? known, []),
    map((offered) =>
      offered.flatMap((each) => {
        const live = channel(each.label);
        return isOwn(each.label) && live?.readyState === 'open' ? [info(each, live)] : [];
      }),
    ),
    startWith([]),
  );
}

function info({ label, direction, compress, header }: OfferedChannel, live: DataChannelLike): DataChannelInfo {
  const { ordered = true, protocol = '', maxPacketLifeTime, maxRetransmits } = live;
  return {
    label,
    direction,
    compress,
    ordered,
    protocol,
    ...(typeof maxPacketLifeTime === 'number' && { maxPacketLifeTime }),
    ...(typeof maxRetransmits === 'number' && { maxRetransmits }),
    ...(header !== undefined && { header }),
  };
}

import {
  EMPTY,
  NEVER,
  type Observable,
  catchError,
  concatMap,
  defer,
  distinctUntilChanged,
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
  takeUntil,
  tap,
} from 'rxjs';
import type { Platform } from '../platform/platform.ts';
import { quietly } from '../platform/quietly.ts';
import type { DataChannelLike } from '../platform/w3c.ts';
import type { Failure } from '../termination/sources.ts';
import type { DataChannelEvent } from '../transports/data-channel-event.ts';
import { CodecError } from './codec-error.ts';
import { deflate } from './deflate.ts';
import { failureOf } from './failure.ts';
import type { OfferedChannel } from './offered-channels.ts';
import { SoraSendError } from './send-error.ts';
import { headerBytes } from './sender-header.ts';
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
  /** Emits when nobody wants it sent any more: a request whose turn has not come leaves the queue, and is told nothing. */
  readonly givenUp$?: Observable<unknown>;
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
 * Sends what is requested, each label in its order and at its own pace. A request is told how it went by its `done`. Emits only where a message
 * cannot be compressed: that ends the session (T26, Q28), and the end is what the request is told then.
 */
export function outgoing(requests$: Observable<SendRequest>, outlet: Outlet): Observable<Failure> {
  return requests$.pipe(
    groupBy(({ label }) => label),
    mergeMap((sameLabel$) => sameLabel$.pipe(concatMap((request) => (sentAtOnce(request, outlet) ? EMPTY : sent(request, outlet))))),
  );
}

/** The usual case without a stream of its own: the channel is open and has room, and nothing is to be deflated. False if it is not that case. */
function sentAtOnce({ label, data, done, givenUp$ }: SendRequest, outlet: Outlet): boolean {
  if (givenUp$ !== undefined) return false;
  try {
    const channel = openChannel(label, outlet);
    const offered = outlet.offered(label);
    if (channel === null || offered?.compress === true) return false;
    const payload = plain(label, data);
    checkSize(label, payload, offered?.header);
    if (!hasRoom(channel, payload)) return false;
    handTo(payload.content, channel);
  } catch (error) {
    done(refusal(error, label));
    return true;
  }
  done(null);
  return true;
}

const refusal = (error: unknown, label: string): SoraSendError =>
  error instanceof SoraSendError ? error : new SoraSendError('closed', label);

function sent(request: SendRequest, outlet: Outlet): Observable<Failure> {
  const { label, done } = request;
  return turn(request, outlet).pipe(
    tap(({ content, channel }) => {
      handTo(content, channel);
      done(null);
    }),
    ignoreElements(),
    catchError((error: unknown) => {
      if (error instanceof CodecError) return of(failureOf(error, 'deflate'));
      done(refusal(error, label));
      return EMPTY;
    }),
  );
}

/** What is to be handed to the channel, once it may be; nothing where the request is given up before. */
function turn({ label, data, givenUp$ = NEVER }: SendRequest, outlet: Outlet): Observable<Payload & { readonly channel: DataChannelLike }> {
  return ready(label, outlet).pipe(
    concatMap((channel) =>
      encoded(label, data, outlet).pipe(
        concatMap((payload) => roomFor(payload, channel, outlet)),
        map((payload) => ({ ...payload, channel })),
      ),
    ),
    takeUntil(givenUp$),
  );
}

/** The channel of a label if it is open; null while an announced one has yet to open. */
function openChannel(label: string, { offered, channel }: Outlet): DataChannelLike | null {
  const announced = offered(label);
  if (announced === undefined) throw new SoraSendError('unknown-label', label);
  if (announced?.direction === 'recvonly' && isOwn(label)) throw new SoraSendError('wrong-direction', label);
  const found = channel(label);
  if (found?.readyState === 'closing' || found?.readyState === 'closed') throw new SoraSendError('closed', label);
  return found?.readyState === 'open' ? found : null;
}

/** The channel of a label once it is open: an announced one that is still connecting is waited for. */
function ready(label: string, outlet: Outlet): Observable<DataChannelLike> {
  return outlet.changes$.pipe(
    startWith(null),
    map(() => openChannel(label, outlet)),
    filter((found) => found !== null),
    take(1),
  );
}

/** A message as it goes on the wire. */
interface Payload {
  readonly content: string | Uint8Array;
  readonly byteLength: number;
}

/** What goes on the wire where it is not deflated: text for the server's labels, binary for the application's. */
function plain(label: string, data: string | Uint8Array): Payload {
  const bytes = bytesOf(data);
  return { content: isOwn(label) ? bytes : data, byteLength: bytes.byteLength };
}

const bytesOf = (data: string | Uint8Array): Uint8Array => (typeof data === 'string' ? new TextEncoder().encode(data) : data);

/** What the server puts before a message for those who receive it has to fit as well. */
function checkSize(label: string, { byteLength }: Payload, header: OfferedChannel['header']): void {
  if (byteLength + headerBytes(header) > LARGEST_MESSAGE_BYTES) throw new SoraSendError('too-large', label);
}

/** What goes on the wire: zlib where the offer says so. */
function encoded(label: string, data: string | Uint8Array, { offered, platform }: Outlet): Observable<Payload> {
  return defer((): Observable<Payload> => {
    const { compress = false, header } = offered(label) ?? {};
    const payload$ = compress
      ? deflate(bytesOf(data), platform).pipe(map((content): Payload => ({ content, byteLength: content.byteLength })))
      : of(plain(label, data));
    return payload$.pipe(tap((payload) => checkSize(label, payload, header)));
  });
}

function hasRoom({ bufferedAmount }: DataChannelLike, { byteLength }: Payload): boolean {
  return (bufferedAmount ?? 0) + byteLength <= HIGH_WATER_BYTES;
}

/** A payload, as soon as the channel's queue has room for it. */
function roomFor(payload: Payload, channel: DataChannelLike, { changes$ }: Outlet): Observable<Payload> {
  return changes$.pipe(
    startWith(null),
    tap(() => {
      if (channel.readyState !== 'open') throw new SoraSendError('closed', channel.label);
    }),
    filter(() => hasRoom(channel, payload)),
    take(1),
    map(() => payload),
  );
}

/** An association may take less than the protocol allows, and says so by a TypeError. @source W3C WebRTC 6.2, send() */
function handTo(content: string | Uint8Array, channel: DataChannelLike): void {
  try {
    channel.send(content as never);
  } catch (error) {
    const tooLarge = channel.readyState === 'open' && (error as { readonly name?: unknown } | null)?.name === 'TypeError';
    throw new SoraSendError(tooLarge ? 'too-large' : 'closed', channel.label);
  }
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
        const live = isOwn(each.label) ? channel(each.label) : undefined;
        // A channel whose getters throw cannot be told about (P22).
        return quietly(() => (live?.readyState === 'open' ? [info(each, live)] : []), []);
      }),
    ),
    startWith([]),
    distinctUntilChanged(sameChannels),
  );
}

/** Both lists are built alike, so their JSON is equal where they are. */
const sameChannels = (before: readonly DataChannelInfo[], now: readonly DataChannelInfo[]): boolean =>
  JSON.stringify(before) === JSON.stringify(now);

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

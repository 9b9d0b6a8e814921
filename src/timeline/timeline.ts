import { Observable } from 'rxjs';
import type { DisconnectTrigger, Via } from '../model/words.ts';
import { type Outlet, outletOf } from '../redaction/outlet.ts';
import { type SessionInternals, internalsOf } from '../session/internals.ts';
import type { Session, SessionState } from '../session/session.ts';
import { utf8Text } from '../transports/bytes.ts';
import type { TimelineItem } from './timeline-item.ts';

interface Entry<Source extends string, What, Detail> {
  /** Milliseconds on the session's clock. */
  readonly at: number;
  readonly source: Source;
  readonly what: What;
  readonly detail: Detail;
}

/** A message of signaling, or of RPC, in the timeline. */
export interface TimelineMessage {
  readonly direction: 'sent' | 'received';
  readonly transport: Via;
  readonly label?: string;
  /** Redacted. */
  readonly message: unknown;
  /** It had no effect: of an unknown type, or out of place. */
  readonly ignored?: true;
}

/** One thing that happened in a session, as plain data and without secrets; `source` and `what` say what `detail` holds. */
export type TimelineEntry =
  | (Omit<Entry<'session', SessionState, never>, 'detail'> & { readonly detail?: undefined })
  | Entry<
      'websocket',
      'open' | 'error' | 'timeout' | 'refused' | 'close',
      {
        readonly url: string;
        /** Another socket than the one that counts: a candidate that failed, or one that lost. */
        readonly standing?: 'failed' | 'other';
        readonly code?: number;
        readonly reason?: string;
        readonly wasClean?: boolean;
      }
    >
  | Entry<'datachannel', 'open' | 'closing' | 'bufferedamountlow' | 'close', { readonly label: string }>
  | Entry<'datachannel', 'error', { readonly label: string; readonly errorDetail?: string; readonly sctpCauseCode?: number }>
  | Entry<'datachannel', 'message', { readonly label: string; readonly bytes: number }>
  | Entry<'datachannel', 'dropped', { readonly label: string; readonly why: string }>
  | Entry<
      'peer-connection',
      'connectionstatechange' | 'iceconnectionstatechange' | 'icegatheringstatechange' | 'signalingstatechange',
      { readonly state: string }
    >
  | Entry<'peer-connection', 'icecandidate', { readonly end: boolean }>
  | Entry<'peer-connection', 'track', { readonly kind: string; readonly connectionId: string | null }>
  | Entry<'peer-connection', 'datachannel', { readonly label: string }>
  /** `what` is the type of the message, `rpc-request`, `rpc-response`, or `invalid`. */
  | Entry<'signaling', string, TimelineMessage | { readonly why: string; readonly transport?: Via; readonly label?: string }>
  | Entry<'sdk', 'failure', { readonly where: string; readonly name: string; readonly message: string }>
  | Entry<'sdk', 'disconnect', { readonly trigger: DisconnectTrigger }>
  /** A remark, such as `degradation-preference-refused`. */
  | Entry<'sdk', string, unknown>;

/**
 * Everything that happened in a session, in order, redacted, with the session's clock. Cold: replays the latest 1000 entries from the beginning of the session,
 * or fewer where their messages are large (a message counts once more for every 4096 characters), whenever it is subscribed to, then follows; ends with the
 * session, never errors. Entries are worded and redacted when somebody subscribes, so a session whose timeline nobody reads pays next to nothing for it.
 *
 * @example
 * ```ts
 * timeline(session).subscribe(({ at, source, what }) => console.log(at, source, what));
 * ```
 */
export function timeline(session: Session): Observable<TimelineEntry> {
  const { config, history, streams } = internalsOf(session);
  const outlet = outletOf(config.redaction);
  return new Observable((subscriber) => {
    const next = (item: TimelineItem): void => {
      const entry = entryOf(item, outlet);
      if (entry !== null) subscriber.next(entry);
    };
    // A subscriber may cause new items while it receives the old ones: they are followed, not read twice.
    const past = history();
    const recent: TimelineItem[] = [];
    let isCatchingUp = true;
    subscriber.add(
      streams.events<TimelineItem>('timeline').subscribe({
        next: (item) => (isCatchingUp ? recent.push(item) : next(item)),
        complete: () => {
          if (!isCatchingUp) subscriber.complete();
        },
      }),
    );
    for (const item of past) next(item);
    for (let item = recent.shift(); item !== undefined; item = recent.shift()) next(item);
    isCatchingUp = false;
    if (hasEnded(internalsOf(session))) subscriber.complete();
  });
}

const hasEnded = ({ ended }: SessionInternals): boolean => ended() !== null;

/** UTF-16 code units that are kept of a type that the server chose. */
const LONGEST_TYPE = 128;

/** An item as an entry; null for an event that another entry reports. */
function entryOf(item: TimelineItem, outlet: Outlet): TimelineEntry | null {
  const { at } = item;
  switch (item.source) {
    case 'session':
      if (item.kind === 'state') return { at, source: 'session', what: item.state };
      if (item.kind === 'url-failed') {
        return { at, source: 'websocket', what: item.what as 'error', detail: { url: outlet.text(item.url), standing: 'failed' } };
      }
      return item.kind === 'unreachable'
        ? { at, source: 'websocket', what: 'timeout', detail: { url: outlet.text(item.url ?? '') } }
        : null;
    case 'websocket':
      return webSocketEntry(item, outlet);
    case 'datachannel':
      return dataChannelEntry(item);
    case 'peer-connection':
      return peerConnectionEntry(item);
    case 'signaling':
      return signalingEntry(item, outlet);
    case 'application':
      return { at, source: 'sdk', what: 'disconnect', detail: { trigger: item.trigger } };
    case 'sdk':
      if (item.kind === 'note') return { at, source: 'sdk', what: item.what, detail: outlet.value(item.detail) };
      return { at, source: 'sdk', what: 'failure', detail: { where: item.where, name: item.name, message: item.message } };
  }
}

type ItemOf<Source extends TimelineItem['source']> = Extract<TimelineItem, { readonly source: Source }>;

/**
 * An entry that is worded and redacted when somebody looks at its detail: an offer is large, and whoever reads the timeline while connecting would make
 * connecting wait for it.
 */
function entryWith<Source extends string, What, Detail>(
  { at, source }: { readonly at: number; readonly source: Source },
  what: What,
  word: () => Detail,
): Entry<Source, What, Detail> {
  let detail: Detail | undefined;
  return {
    at,
    source,
    what,
    get detail() {
      return (detail ??= word());
    },
  };
}

function webSocketEntry(item: ItemOf<'websocket'>, { text }: Outlet): TimelineEntry | null {
  const { kind } = item;
  const url = (): { readonly url: string } => ({ url: text(item.url) });
  switch (kind) {
    case 'message':
      return null; // its content is an entry of signaling
    case 'other':
      return entryWith(item, item.what as 'error', () => (item.what === 'refused' ? url() : { ...url(), standing: 'other' as const }));
    case 'close': {
      const { code, reason, wasClean } = item;
      return entryWith(item, kind, () => ({ ...url(), code, reason: text(reason), wasClean }));
    }
    default:
      return entryWith(item, kind, url);
  }
}

function dataChannelEntry(item: ItemOf<'datachannel'>): TimelineEntry {
  const { at, source, label } = item;
  switch (item.kind) {
    case 'message':
      return { at, source, what: item.kind, detail: { label, bytes: item.bytes } };
    case 'dropped':
      return { at, source, what: item.kind, detail: { label, why: item.why } };
    case 'error': {
      const { errorDetail, sctpCauseCode } = item;
      const detail = { label, ...(errorDetail !== undefined && { errorDetail }), ...(sctpCauseCode !== undefined && { sctpCauseCode }) };
      return { at, source, what: item.kind, detail };
    }
    default:
      return { at, source, what: item.kind, detail: { label } };
  }
}

function peerConnectionEntry(item: ItemOf<'peer-connection'>): TimelineEntry {
  const { at, source } = item;
  switch (item.kind) {
    case 'connectionstatechange':
      return { at, source, what: item.kind, detail: { state: item.connectionState } };
    case 'iceconnectionstatechange':
      return { at, source, what: item.kind, detail: { state: item.iceConnectionState } };
    case 'icegatheringstatechange':
      return { at, source, what: item.kind, detail: { state: item.iceGatheringState } };
    case 'signalingstatechange':
      return { at, source, what: item.kind, detail: { state: item.signalingState } };
    case 'icecandidate':
      return { at, source, what: item.kind, detail: { end: item.candidate === null } };
    case 'track':
      return { at, source, what: item.kind, detail: { kind: item.track, connectionId: item.connectionId } };
    case 'datachannel':
      return { at, source, what: item.kind, detail: { label: item.label } };
  }
}

function signalingEntry(item: ItemOf<'signaling'>, outlet: Outlet): TimelineEntry {
  const { at, source, via, label } = item;
  const place = { ...(via !== undefined && { transport: via }), ...(label !== undefined && { label }) };
  if (item.kind === 'invalid') return { at, source, what: 'invalid', detail: { ...place, why: item.what } };
  const direction = item.kind === 'message' || item.kind === 'rpc-received' ? 'received' : 'sent';
  const isIgnored = item.kind === 'message' && item.ignored === true;
  const word = (): TimelineMessage => ({
    direction,
    transport: via ?? 'websocket',
    ...(label !== undefined && { label }),
    ...(isIgnored && { ignored: true as const }),
    message: outlet.value(readable(item.message)),
  });
  return entryWith(item, wordOf(item, outlet), word);
}

/** The type of a message. One that the protocol does not know may hold anything. */
function wordOf(item: Exclude<ItemOf<'signaling'>, { readonly kind: 'invalid' }>, { text }: Outlet): string {
  if (item.kind === 'rpc-sent') return 'rpc-request';
  if (item.kind === 'rpc-received') return 'rpc-response';
  const type = String((item.message as { readonly type: unknown }).type);
  return item.kind === 'message' && item.ignored === true ? text(type.slice(0, LONGEST_TYPE)) : type;
}

/** An RPC response is kept as it was received, as nobody may have asked for it. */
function readable(message: unknown): unknown {
  return message instanceof Uint8Array ? utf8Text(message) : message;
}

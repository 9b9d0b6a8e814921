import type { TimelineEntry } from 'rx-sora';

/** Members of the details of entries; each may be absent. */
export interface EntryDetail {
  readonly url?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly standing?: string;
  readonly label?: string;
  readonly bytes?: number;
  readonly errorDetail?: string;
  readonly state?: string;
  readonly end?: boolean;
  readonly kind?: string;
  readonly connectionId?: string | null;
  readonly direction?: 'sent' | 'received';
  readonly transport?: 'websocket' | 'datachannel';
  readonly ignored?: true;
  readonly message?: unknown;
  readonly why?: string;
  readonly where?: string;
  readonly name?: string;
  readonly trigger?: string;
}

export function detailOf({ detail }: TimelineEntry): EntryDetail {
  return typeof detail === 'object' && detail !== null ? detail : {};
}

/** A member of a message, as text; empty where it is not a text or a number. */
function member(message: unknown, name: string): string {
  const value: unknown = typeof message === 'object' && message !== null ? (message as Readonly<Record<string, unknown>>)[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

const joined = (...parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined && part !== '').join(' · ');

/** What is worth reading of an entry beside its `what`, in one line. */
export function summaryOf(entry: TimelineEntry): string {
  const detail = detailOf(entry);
  switch (entry.source) {
    case 'session':
      return '';
    case 'websocket':
      return joined(detail.code?.toString(), detail.reason, detail.standing, detail.url);
    case 'datachannel':
      return joined(detail.label, detail.bytes === undefined ? undefined : `${detail.bytes} B`, detail.why, detail.errorDetail);
    case 'peer-connection':
      return joined(detail.state, detail.kind, detail.connectionId ?? undefined, detail.label, detail.end === true ? 'end' : undefined);
    case 'signaling': {
      const { message, label, transport, why, ignored } = detail;
      return joined(
        member(message, 'event_type'),
        member(message, 'method'),
        member(message, 'client_id'),
        member(message, 'reason'),
        why,
        ignored === true ? 'ignored' : undefined,
        label ?? (transport === 'websocket' ? 'WebSocket' : transport),
      );
    }
    default:
      return joined(detail.trigger, detail.where, detail.name, member(entry.detail, 'message'));
  }
}

const searchable = new WeakMap<TimelineEntry, string>();

/** Everything that an entry says, in lower case, for a search. Kept, as every search asks for it again. */
export function searchTextOf(entry: TimelineEntry): string {
  let text = searchable.get(entry);
  if (text === undefined) {
    text = `${entry.source} ${entry.what} ${entry.detail === undefined ? '' : JSON.stringify(entry.detail)}`.toLowerCase();
    searchable.set(entry, text);
  }
  return text;
}

/** Whether an entry says every word of a query, in any order and in any case. */
export function matcherOf(query: string): (entry: TimelineEntry) => boolean {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return words.length === 0 ? () => true : (entry) => words.every((word) => searchTextOf(entry).includes(word));
}

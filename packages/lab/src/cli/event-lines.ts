import type { LabEndCause } from '../lab-connection.ts';
import type { LabLogEntry } from '../log/log-entry.ts';
import { detailOf, lineHead } from './line-head.ts';
import type { Paint } from './paint.ts';

/** Entries of every connection that say nothing beyond its beginning and its end. Kinds that are not listed are shown. */
const QUIET: readonly string[] = ['websocket-open', 'websocket-close', 'channel-close', 'peer-state', 'gone'];

const CAUSES = {
  'type-disconnect': 'the client disconnected',
  api: 'disconnected by the API',
  lifetime: 'its lifetime was over',
  'signaling-error': 'the client broke the protocol',
  'websocket-lost': 'the WebSocket was lost',
  'peer-closed': 'the client closed the media path',
  'pong-timeout': 'no pong in time',
  'ice-failed': 'ICE failed',
  'connect-timeout': 'not connected in time',
  'dtls-failed': 'the DTLS handshake failed',
  'answer-timeout': 'no answer in time',
  stopped: 'the lab was stopped',
} as const satisfies Readonly<Record<LabEndCause, string>>;

/** A cause without words of its own shows as it is. */
const causeOf = (cause: unknown): string => (isCause(cause) ? CAUSES[cause] : String(cause));
const isCause = (cause: unknown): cause is LabEndCause => typeof cause === 'string' && Object.hasOwn(CAUSES, cause);

const MODES: Readonly<Record<string, string>> = {
  websocket: 'WebSocket only',
  both: 'WebSocket + DataChannel',
  datachannel: 'DataChannel only',
};

const VERB_WIDTH = 10;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const joined = (...words: readonly (string | undefined)[]): string => words.filter((word) => word !== undefined).join(' ');
const withComma = (word: string | undefined): string | undefined => (word === undefined ? undefined : `, ${word}`);

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `(NO-ERROR over websocket)`: the reason that the client gave. */
function clientReason({ clientReason: reason, via }: Readonly<Record<string, unknown>>): string | undefined {
  return text(reason) === undefined ? undefined : `(${joined(text(reason), text(via) === undefined ? undefined : `over ${String(via)}`)})`;
}

/** `closed with 1000 LAB-STOPPED`: what the lab told the client. */
function closedWith({ code, reason }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof code === 'number' ? `closed with ${joined(String(code), text(reason))}` : undefined;
}

/** Shows the log as connects, ends and faults: the style `readable`. Gives one line for an entry, or undefined where it is left out. */
export function eventLines(paint: Paint): (entry: LabLogEntry) => string | undefined {
  const acceptedAt = new Map<string, number>();

  const since = ({ connectionId = '', at }: LabLogEntry): string | undefined => {
    const begun = acceptedAt.get(connectionId);
    return begun === undefined ? undefined : `after ${seconds(at - begun)}`;
  };
  const line = (entry: LabLogEntry, colour: Parameters<Paint>[0], verb: string, rest: string): string =>
    `${lineHead(entry, paint)} ${paint(colour, verb.padEnd(VERB_WIDTH))} ${rest}`.trimEnd();

  const ended = (entry: LabLogEntry): string => {
    const { detail = {}, connectionId = '' } = entry;
    const what = joined(
      causeOf(detail['cause']),
      clientReason(detail),
      text(detail['detail']) === undefined ? undefined : `(${String(detail['detail'])})`,
    );
    const when = since(entry);
    const rest = [when === undefined ? what : `${when}: ${what}`, withComma(closedWith(detail))].join('');
    acceptedAt.delete(connectionId);
    return line(entry, detail['cause'] === 'type-disconnect' || detail['cause'] === 'stopped' ? 'blue' : 'red', 'ended', rest);
  };

  const event = (entry: LabLogEntry): string | undefined => {
    const { type, detail = {}, channelId = '', clientId, connectionId = '' } = entry;
    switch (type) {
      case 'accepted': {
        acceptedAt.set(connectionId, entry.at);
        const who = clientId === undefined || clientId === connectionId ? undefined : `client ${clientId}`;
        const words = [`channel ${channelId}`, who, text(detail['role']), MODES[String(detail['mode'])]];
        return line(entry, 'green', 'connect', words.filter((word) => word !== undefined).join(', '));
      }
      case 'peer-state':
        return detail['state'] === 'connected' ? line(entry, 'green', 'connected', since(entry) ?? '') : undefined;
      case 'ended':
        return ended(entry);
      case 'refused':
        return line(entry, 'red', 'refused', text(detail['reason']) ?? '');
      default:
        return QUIET.includes(type) ? undefined : line(entry, 'yellow', type, joined(entry.label, detailOf(detail).trim()));
    }
  };

  const message = (entry: LabLogEntry): string | undefined => {
    if (entry.transport === 'http') return line(entry, 'blue', 'API', joined(entry.type, detailOf(entry.detail).trim()));
    if (entry.type === 'unreadable') return line(entry, 'yellow', entry.type, joined(entry.label, detailOf(entry.detail).trim()));
    if (entry.direction !== 'sent') return undefined;
    if (entry.type === 'switched') return line(entry, 'green', 'switched', since(entry) ?? '');
    return entry.type === 'redirect' ? line(entry, 'blue', 'redirect', locationOf(entry.message)) : undefined;
  };

  return (entry) => {
    if (entry.kind === 'fault') return line(entry, 'red', 'fault', `${entry.type}${detailOf(entry.detail)}`);
    return entry.kind === 'event' ? event(entry) : message(entry);
  };
}

const locationOf = (message: unknown): string =>
  typeof message === 'object' && message !== null && 'location' in message ? `to ${String(message.location)}` : '';

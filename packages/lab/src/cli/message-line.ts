import type { LabLogEntry } from '../log/log-entry.ts';
import { isJsonObject } from '../wire/json.ts';
import { detailOf, lineHead } from './line-head.ts';
import type { Paint } from './paint.ts';

const arrow = (entry: LabLogEntry): string => (entry.direction === 'received' ? '->' : '<-');

function via(entry: LabLogEntry): string {
  if (entry.transport === 'datachannel') return `dc ${entry.label ?? ''}`;
  return entry.transport === 'http' ? 'http' : 'ws';
}

/** Members worth a glance. SDP, metadata and statistics are long and stay in the JSON log. */
const GLANCE = [
  'event_type',
  'role',
  'channel_id',
  'client_id',
  'code',
  'reason',
  'location',
  'ignore_disconnect_websocket',
  'channel_connections',
  'method',
  'id',
];

function glance(message: unknown): string {
  if (!isJsonObject(message)) return '';
  return GLANCE.filter((name) => ['string', 'number', 'boolean'].includes(typeof message[name]))
    .map((name) => ` ${name}=${String(message[name])}`)
    .join('');
}

/** Any entry of the log as one line for people: the style `messages`. */
export function messageLine(entry: LabLogEntry, paint: Paint): string {
  const head = lineHead(entry, paint);
  switch (entry.kind) {
    case 'message': {
      const colour = entry.direction === 'received' ? 'green' : 'blue';
      const size = entry.bytes === undefined ? '' : paint('dim', ` ${entry.bytes} B`);
      return `${head} ${paint(colour, `${arrow(entry)} ${via(entry).padEnd(12)} ${entry.type}`)}${glance(entry.message)}${detailOf(entry.detail)}${size}`;
    }
    case 'fault':
      return `${head} ${paint('red', `!! ${entry.type}`)}${detailOf(entry.detail)}`;
    case 'event': {
      const label = entry.label === undefined ? '' : ` ${entry.label}`;
      return `${head} ${paint('yellow', `.. ${entry.type}`)}${label}${detailOf(entry.detail)}`;
    }
  }
}

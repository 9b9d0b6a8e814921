import type { LabLogEntry } from '../log/log-entry.ts';
import { isJsonObject } from '../wire/json.ts';

/** ANSI colours, or none. */
export interface Paint {
  (colour: 'dim' | 'green' | 'blue' | 'red' | 'yellow', text: string): string;
}

const CODES = { dim: 2, green: 32, blue: 34, red: 31, yellow: 33 } as const;

export const coloured: Paint = (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m`;
export const plain: Paint = (_, text) => text;

const clock = (at: number): string => new Date(at).toISOString().slice(11, 23);
const WIDTH = 8;

/** Who it is about: the first characters of the connection id, or the number of the socket. */
function subjectOf(entry: LabLogEntry): string {
  if (entry.connectionId !== undefined) return entry.connectionId.slice(0, 6);
  return entry.socket === undefined ? entry.node : `#${entry.socket}`;
}

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

function detailOf(entry: LabLogEntry): string {
  return Object.entries(entry.detail ?? {})
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
}

/** One entry of the log as one line for people. */
export function readableLine(entry: LabLogEntry, paint: Paint): string {
  const head = `${paint('dim', clock(entry.at))} ${subjectOf(entry).padEnd(WIDTH)}`;
  switch (entry.kind) {
    case 'message': {
      const colour = entry.direction === 'received' ? 'green' : 'blue';
      const size = entry.bytes === undefined ? '' : paint('dim', ` ${entry.bytes} B`);
      return `${head} ${paint(colour, `${arrow(entry)} ${via(entry).padEnd(12)} ${entry.type}`)}${glance(entry.message)}${detailOf(entry)}${size}`;
    }
    case 'fault':
      return `${head} ${paint('red', `!! ${entry.type}`)}${detailOf(entry)}`;
    case 'event': {
      const label = entry.label === undefined ? '' : ` ${entry.label}`;
      return `${head} ${paint('yellow', `.. ${entry.type}`)}${label}${detailOf(entry)}`;
    }
  }
}

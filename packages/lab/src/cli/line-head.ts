import type { LabLogEntry } from '../log/log-entry.ts';
import type { Paint } from './paint.ts';

const WIDTH = 8;
const pad = (number: number, digits = 2): string => String(number).padStart(digits, '0');

/** The time of day where the lab runs, as the user's clock shows it. */
function clock(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** Whom an entry is about: the first characters of the connection id, or the number of the socket. */
function subjectOf(entry: LabLogEntry): string {
  if (entry.connectionId !== undefined) return entry.connectionId.slice(0, 6);
  return entry.socket === undefined ? entry.node : `#${entry.socket}`;
}

/** What every line of the log for people begins with. */
export const lineHead = (entry: LabLogEntry, paint: Paint): string => `${paint('dim', clock(entry.at))} ${subjectOf(entry).padEnd(WIDTH)}`;

/** The members of an event, each as `name=value`. */
export const detailOf = (detail: LabLogEntry['detail'] = {}): string =>
  Object.entries(detail)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');

import type { LabLogEntry } from './log-entry.ts';

/** One entry as one line of JSON, line break included. */
export const jsonLine = (entry: LabLogEntry): string => `${JSON.stringify(entry)}\n`;

/** Media type of a log over HTTP. */
export const JSON_LINES_TYPE = 'application/x-ndjson; charset=utf-8';

import { ReplaySubject, tap, type Observable } from 'rxjs';
import type { FakeDataChannelInit } from './fake-data-channel.ts';
import type { Termination } from '../termination/reason.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';

/** What the native objects told, as far as the timeline does not say it already. Times are those of the session's clock. */
export type RecordedInput =
  | { readonly at: number; readonly input: 'websocket'; readonly event: 'open' | 'error'; readonly url: string }
  | {
      readonly at: number;
      readonly input: 'websocket';
      readonly event: 'close';
      readonly url: string;
      readonly code: number;
      readonly reason: string;
      readonly wasClean: boolean;
    }
  | { readonly at: number; readonly input: 'websocket'; readonly event: 'message'; readonly url: string; readonly content: RecordedContent }
  | {
      readonly at: number;
      readonly input: 'datachannel';
      readonly event: 'open' | 'closing' | 'close' | 'bufferedamountlow';
      readonly label: string;
    }
  | {
      readonly at: number;
      readonly input: 'datachannel';
      readonly event: 'error';
      readonly label: string;
      readonly errorDetail?: string;
      readonly sctpCauseCode?: number;
    }
  | {
      readonly at: number;
      readonly input: 'datachannel';
      readonly event: 'message';
      readonly label: string;
      readonly content: RecordedContent;
    }
  /** A message of the application that was decoded. */
  | { readonly at: number; readonly input: 'data'; readonly label: string; readonly bytes: number }
  | {
      readonly at: number;
      readonly input: 'peer-connection';
      readonly event: string;
      /** The state that the event told. */
      readonly state?: string;
      readonly candidate?: unknown;
      readonly track?: { readonly kind: string; readonly id: string; readonly streams: readonly string[] };
      readonly channel?: FakeDataChannelInit & { readonly label: string };
    }
  /** What could be read from the peer connection and no event had told: null where the runtime has no `connectionState`. */
  | { readonly at: number; readonly input: 'health'; readonly connectionState: string | null; readonly iceConnectionState: string };

/** What a frame held, as far as it may be told: a redacted message, text that is none, or bytes that are only counted. */
export type RecordedContent = { readonly json: unknown } | { readonly characters: number } | { readonly bytes: number };

/**
 * The version of the format, in the head of a recording. 2: entries of the timeline are worded as `timeline(session)` words them, and an input follows what
 * it caused in the same turn.
 */
export const FORMAT = 2;

/** One line of a recording: its head, something that went in, an entry of the timeline, or the end. */
export type RecordedLine =
  { readonly recording: typeof FORMAT; readonly sdk: string } | RecordedInput | TimelineEntry | { readonly termination: Termination };

/** A recording that is being made, or was. As a string it is JSON Lines. */
export class Recording {
  /** The lines, each an object of JSON: those of the past, then those to come. Completes when the session has ended. */
  readonly lines$: Observable<string>;
  readonly #lines: string[] = [];

  /** @param lines$ hot; it is listened to from now on */
  constructor(lines$: Observable<string>) {
    const subject = new ReplaySubject<string>(Infinity);
    this.lines$ = subject.asObservable();
    // eslint-disable-next-line rxjs-x/no-ignored-subscription -- it ends with the session
    lines$.pipe(tap((line) => this.#lines.push(line))).subscribe(subject);
  }

  /** The lines so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** JSON Lines, to be written to a file. */
  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}

/** Whether a line is something that went in. */
export function isInput(line: RecordedLine): line is RecordedInput {
  return 'input' in line;
}

/** Whether a line is an entry of the timeline. */
export function isEntry(line: RecordedLine): line is TimelineEntry {
  return 'source' in line;
}

/**
 * Reads a recording: the object, its text, or its lines.
 *
 * @throws SyntaxError for a text that is not a recording, and for a recording of another version of the format
 */
export function readRecording(recording: Recording | string | Iterable<string>): readonly RecordedLine[] {
  const texts = recording instanceof Recording ? recording.lines : typeof recording === 'string' ? recording.split('\n') : [...recording];
  const lines = texts.flatMap((text, index) => (text.trim() === '' ? [] : [readLine(text, index + 1)]));
  const [head] = lines;
  if (!head || !('recording' in head)) throw new SyntaxError('not a recording: its first line is not a head');
  const { recording: format } = head as { readonly recording: unknown };
  if (format !== FORMAT) {
    throw new SyntaxError(
      `this recording has format ${String(format)}, and this version of rx-sora reads format ${FORMAT}: record the session again`,
    );
  }
  return lines;
}

function readLine(text: string, number: number): RecordedLine {
  const line = parsed(text);
  if (typeof line === 'object' && line !== null) return line as RecordedLine;
  const told = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  throw new SyntaxError(`not a recording: line ${number} is not a JSON object but ${told}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

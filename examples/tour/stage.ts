import { styleText } from 'node:util';
import { type Session, type Termination, type TimelineEntry, describeTermination, timeline } from 'rx-sora';
import { type MarbleLane, type MarbleMark, marbleText } from 'rx-sora/testing';

/** What one session of the tour came to. */
export interface Ending {
  readonly name: string;
  readonly mode: string;
  readonly termination: Termination;
  readonly timeline: readonly TimelineEntry[];
}

const COLOURS = { state: 'cyan', signaling: 'gray', message: 'yellow', end: 'green', abnormal: 'red' } as const;

/** Colours where the terminal has them, plain text otherwise. */
const paint = (kind: keyof typeof COLOURS, text: string): string => styleText(COLOURS[kind], text);

export function headline(text: string): void {
  console.log(`\n${styleText('bold', text)}`);
}

/** Prints what happens in a session, line by line as it happens, and collects it. */
export function watch(name: string, mode: string, session: Session): Promise<Ending> {
  const entries: TimelineEntry[] = [];
  const say = (at: number, text: string): void => {
    console.log(`${String(Math.round(at)).padStart(6)} ms  ${name.padEnd(6)} ${text}`);
  };
  timeline(session).subscribe((entry) => {
    entries.push(entry);
    const line = lineOf(entry);
    if (line !== null) say(entry.at, line);
  });
  session.messages().subscribe(({ label, data }) => {
    say(entries.at(-1)?.at ?? 0, paint('message', `← ${label}  ${new TextDecoder().decode(data)}`));
  });
  return new Promise((resolve) => {
    session.termination$.subscribe((termination) => {
      const colour = termination.kind === 'client-disconnect' ? 'end' : 'abnormal';
      say(termination.endedAt, paint(colour, `termination$  ${termination.kind}`));
      console.log(`${' '.repeat(18)}${describeTermination(termination)}`);
      resolve({ name, mode, termination, timeline: entries });
    });
  });
}

function lineOf({ source, what, detail }: TimelineEntry): string | null {
  const { direction, transport, label, state, code } = (detail ?? {}) as Readonly<Record<string, string | number | undefined>>;
  switch (source) {
    case 'session':
      return paint('state', `state$        ${what}`);
    case 'signaling':
      return paint(
        'signaling',
        `${direction === 'sent' ? '→' : '←'} ${what} over ${transport === 'websocket' ? 'WebSocket' : `DataChannel ${String(label)}`}`,
      );
    case 'websocket':
      return paint('signaling', `WebSocket     ${what}${code === undefined ? '' : ` ${String(code)}`}`);
    case 'peer-connection':
      return what === 'connectionstatechange' ? paint('signaling', `peer          ${String(state)}`) : null;
    case 'datachannel':
      return what === 'message' || what === 'bufferedamountlow' ? null : paint('signaling', `DataChannel   ${String(label)} ${what}`);
    default:
      return null;
  }
}

/** All ends in one table. */
export function table(endings: readonly Ending[]): string {
  const head = ['session', 'mode', 'kind', 'phase', 'sent', 'initiator', 'retry'];
  const rows = endings.map(({ name, mode, termination: { kind, phase, sent, initiator, retry } }) => [
    name,
    mode,
    kind,
    phase,
    sent === null ? '-' : `${sent.reason} over ${sent.via}`,
    initiator,
    retry,
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** One session as a marble diagram: each stream a line, each instant a column. */
export function diagram({ timeline, termination }: Ending): string {
  const endsAt = Math.round(termination.endedAt);
  const lane = (name: string, source: TimelineEntry['source']): MarbleLane => ({
    name,
    marks: marks(timeline.filter((entry) => entry.source === source)),
    endsAt,
  });
  return marbleText([
    lane('webSocket$', 'websocket'),
    lane('dataChannel$', 'datachannel'),
    lane('state$', 'session'),
    { name: 'termination$', marks: [{ at: endsAt, text: termination.kind }], endsAt },
  ]);
}

/** What happened several times in one instant is one mark with a count. */
function marks(entries: readonly TimelineEntry[]): readonly MarbleMark[] {
  const counted = new Map<string, { readonly mark: MarbleMark; count: number }>();
  for (const { at, what } of entries) {
    const mark = { at: Math.round(at), text: what };
    const known = counted.get(`${mark.at} ${what}`) ?? { mark, count: 0 };
    known.count += 1;
    counted.set(`${mark.at} ${what}`, known);
  }
  return [...counted.values()].map(({ mark, count }) => (count === 1 ? mark : { ...mark, text: `${mark.text}×${count}` }));
}

import type { TimelineEntry } from '../timeline/timeline.ts';
import type { Termination } from '../termination/reason.ts';
import { causesFirst } from './recorded-order.ts';
import { isEntry, readRecording, type Recording } from './recording.ts';
import { terminationInRecordedTime, withRecordedTimes } from './recorded-times.ts';
import { terminationOf } from './replay-options.ts';
import { replayed } from './replayed-session.ts';

/** What a replay gave, and what was recorded. */
export interface ReplayResult {
  /** Null for a recording that was cut off before the end. */
  readonly termination: Termination | null;
  readonly timeline: readonly TimelineEntry[];
  readonly recorded: { readonly termination: Termination | null; readonly timeline: readonly TimelineEntry[] };
  /** Where the two differ, in sentences; empty if the code does today what it did then. */
  readonly differences: readonly string[];
  /** Errors that came out where nobody catches them. */
  readonly errors: readonly unknown[];
}

/**
 * Runs a recorded session again: through the same code, in the time of the recording, without a network and in one synchronous call. What the
 * native objects told is told again; timers fire when the recording shows that they did, so it does not matter how late they were. What the
 * recording cannot know is concluded from how it ended: a state that no event told, and a `send` or `close` that threw.
 *
 * Not to be called inside a `TestScheduler.run`.
 *
 * @param recording what `record()` gave, or its text, or its lines
 * @throws SyntaxError for a text that is not a recording, and for a recording of another version of the format
 * @example
 * ```ts
 * const { termination, differences } = replay(recording);
 * console.log(termination?.kind, differences);
 * ```
 */
export function replay(recording: Recording | string | Iterable<string>): ReplayResult {
  const lines = readRecording(recording);
  const recorded = { termination: terminationOf(lines), timeline: lines.filter(isEntry) };
  const { errors, ...now } = replayed(causesFirst(lines));
  const timeline = withRecordedTimes(now.timeline, recorded.timeline);
  const termination = terminationInRecordedTime(now.termination, recorded.termination);
  return { termination, timeline, recorded, differences: differencesOf(recorded, { termination, timeline }), errors };
}

type Outcome = Pick<ReplayResult, 'termination' | 'timeline'>;

function differencesOf(recorded: Outcome, now: Outcome): string[] {
  const length = Math.max(recorded.timeline.length, now.timeline.length);
  const entries = Array.from({ length }, (_, index) => difference(`timeline[${index}]`, recorded.timeline[index], now.timeline[index]));
  return [difference('termination', recorded.termination, now.termination), ...entries].filter((text) => text !== null);
}

function difference(name: string, recorded: unknown, replayedNow: unknown): string | null {
  const [then, now] = [written(recorded), written(replayedNow)];
  return then === now ? null : `${name} was ${then}, is ${now}`;
}

/** What a client says of itself in `connect`: not the same in another version or on another runtime. */
const ofTheClient: readonly string[] = ['sora_client', 'environment'];

/** JSON whose members are in order, so that equal values have equal texts. */
function written(value: unknown): string {
  const sorted = (name: string, member: unknown): unknown =>
    ofTheClient.includes(name)
      ? undefined
      : typeof member === 'object' && member !== null && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member;
  return value === undefined ? 'nothing' : JSON.stringify(value, sorted);
}

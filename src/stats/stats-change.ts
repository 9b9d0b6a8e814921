/**
 * A derived value: a number; null as long as it cannot be known (the first sample, a counter that began anew, nothing to divide by); undefined
 * where this runtime does not tell what it is made of. Never NaN, never infinite.
 */
export type Measure = number | null | undefined;

/** One entry of a statistics report, as it came. @source W3C webrtc-stats */
export type StatsEntry = Readonly<Record<string, unknown>>;

/** An entry beside what it was one sample ago. */
export interface Change {
  readonly now: StatsEntry;
  /** Null where there is nothing to compare with. */
  readonly before: StatsEntry | null;
  /** Time between the two by the clock of the statistics, in seconds; 0 without `before`. */
  readonly seconds: number;
}

/** Another value of one of these is another stream: its counters have nothing to do with those before. */
const identity = ['type', 'ssrc', 'mid', 'rid', 'codecId', 'kind', 'label'] as const;

/** Counters that only grow: one that falls means that all of the entry began anew. `packetsLost` is none of them. */
const growing = [
  'bytesSent',
  'bytesReceived',
  'packetsSent',
  'packetsReceived',
  'messagesSent',
  'messagesReceived',
  'framesEncoded',
  'framesDecoded',
  'totalSamplesReceived',
  'totalSamplesDuration',
  'jitterBufferEmittedCount',
  'responsesReceived',
  'totalRoundTripTime',
  'roundTripTimeMeasurements',
] as const;

/** What became of an entry since the sample before; two entries that cannot be compared are a beginning. */
export function changeOf(now: StatsEntry, before: StatsEntry | undefined): Change {
  const beginning: Change = { now, before: null, seconds: 0 };
  if (before === undefined || identity.some((member) => now[member] !== before[member])) return beginning;
  const seconds = (numberOf(now, 'timestamp') - numberOf(before, 'timestamp')) / 1000;
  const fell = growing.some((member) => numberOf(now, member) < numberOf(before, member));
  return seconds > 0 && Number.isFinite(seconds) && !fell ? { now, before, seconds } : beginning;
}

/** NaN for what is no number: every comparison with it is false. */
function numberOf(entry: StatsEntry, member: string): number {
  const value = entry[member];
  return typeof value === 'number' ? value : Number.NaN;
}

/** A value as it stands. */
export function value({ now }: Change, member: string, factor: number = 1): Measure {
  const told = numberOf(now, member);
  return Number.isFinite(told) ? told * factor : undefined;
}

/** How much a counter has grown. */
export function increase(change: Change, member: string, factor: number = 1): Measure {
  const grown = difference(change, member);
  return typeof grown === 'number' && grown < 0 ? null : times(grown, factor);
}

/** How much a number has changed, up or down. */
export function difference({ now, before }: Change, member: string): Measure {
  const current = numberOf(now, member);
  if (!Number.isFinite(current)) return undefined;
  const earlier = before === null ? Number.NaN : numberOf(before, member);
  return Number.isFinite(earlier) ? current - earlier : null;
}

/** How much a counter grows per second. */
export function rate(change: Change, member: string, factor: number = 1): Measure {
  return change.before === null ? times(increase(change, member), 1) : times(increase(change, member), factor / change.seconds);
}

/** How much one counter grows per growth of another. */
export function per(change: Change, part: string, whole: string, factor: number = 1): Measure {
  return divide(increase(change, part), increase(change, whole), factor);
}

/** Nothing divided by nothing is nothing that could be told. */
export function divide(part: Measure, whole: Measure, factor: number = 1): Measure {
  return combine([part, whole], ([above = 0, below = 0]) => (below > 0 ? (above / below) * factor : null));
}

/** A value made of others: told only if all of them are. */
export function combine(parts: readonly Measure[], make: (numbers: readonly number[]) => number | null): Measure {
  if (parts.includes(undefined)) return undefined;
  const numbers = parts.filter((part) => typeof part === 'number');
  if (numbers.length < parts.length) return null;
  const made = make(numbers);
  return made === null || !Number.isFinite(made) ? null : made;
}

/** The first of several sources that this runtime has; undefined where it has none. */
export function firstOf(...measures: readonly Measure[]): Measure {
  return measures.find((measure) => measure !== undefined);
}

const times = (measure: Measure, factor: number): Measure => (typeof measure === 'number' ? measure * factor : measure);

/** A text of an entry. */
export function textOf(entry: StatsEntry | undefined, member: string): string | undefined {
  const text = entry?.[member];
  return typeof text === 'string' ? text : undefined;
}

import { terminationWords } from './compare-scenario.ts';
import { differencesOf, isEqual, written } from './equality.ts';
import { marbleText, type MarbleLane } from './marble-text.ts';

/** What a TestScheduler records of a stream. */
interface RecordedNotification {
  readonly frame: number;
  readonly notification: { readonly kind: 'N' | 'E' | 'C'; readonly value?: unknown; readonly error?: unknown };
}

/** What it records of a subscription; a frame is infinite where it did not happen. */
interface RecordedSubscription {
  readonly subscribedFrame: number;
  readonly unsubscribedFrame: number;
}

/** Something that was recorded, with the words for it. */
interface Told {
  readonly at: number;
  readonly what: unknown;
  readonly words: string;
}

/** How many sentences stand below a picture. */
const MOST_SENTENCES = 6;
/** The length up to which a value is written into a picture. */
const WIDEST_VALUE = 48;

/**
 * The comparison of a marble test, for `new TestScheduler(assertMarbles)` under any runner: what came stands above what was expected, one
 * column per instant, and what differs is said below. Members that are undefined count as absent, errors are compared by name and message,
 * and matchers of a runner, such as `expect.objectContaining()`, are asked.
 *
 * @throws Error whose message can be read as it stands
 * @example
 * ```ts
 * new TestScheduler(assertMarbles).run(({ expectObservable }) => expectObservable(of('a')).toBe('(a|)'));
 * ```
 */
export function assertMarbles(actual: unknown, expected: unknown): void {
  if (isEqual(actual, expected)) return;
  throw new Error(`\n${explain(actual, expected)}\n`);
}

function explain(actual: unknown, expected: unknown): string {
  if (isList(actual, isNotification) && isList(expected, isNotification)) {
    const [came, wanted] = [actual.map(toldOf), expected.map(toldOf)];
    return [picture(notificationLane('actual', actual), notificationLane('expected', expected)), ...sentences(came, wanted)].join('\n');
  }
  if (isList(actual, isSubscription) && isList(expected, isSubscription)) {
    const [came, wanted] = [actual.map(subscriptionTold), expected.map(subscriptionTold)];
    return [picture(subscriptionLane('actual', actual), subscriptionLane('expected', expected)), ...sentences(came, wanted)].join('\n');
  }
  const differences = differencesOf(actual, expected);
  const whole = `${written(actual)} came, ${written(expected)} was expected`;
  return (differences.length > 0 ? differences : [whole]).map((sentence) => `✗ ${sentence}`).join('\n');
}

function picture(actual: MarbleLane, expected: MarbleLane): string {
  return marbleText([actual, expected]);
}

function notificationLane(name: string, recorded: readonly RecordedNotification[]): MarbleLane {
  const end = recorded.find(({ notification }) => notification.kind !== 'N');
  return {
    name,
    marks: recorded.flatMap((one) => (one.notification.kind === 'C' ? [] : [{ at: one.frame, text: valueWords(contentOf(one)) }])),
    endsAt: end?.frame,
    ...(end?.notification.kind === 'E' && { endsWith: '#' }),
  };
}

function subscriptionLane(name: string, recorded: readonly RecordedSubscription[]): MarbleLane {
  const marks = recorded.flatMap(({ subscribedFrame, unsubscribedFrame }) => [
    { at: subscribedFrame, text: '^' },
    { at: unsubscribedFrame, text: '!' },
  ]);
  return { name, marks: marks.filter(({ at }) => Number.isFinite(at)) };
}

function toldOf(recorded: RecordedNotification): Told {
  const { kind } = recorded.notification;
  const what = contentOf(recorded);
  const words = kind === 'C' ? 'the completion' : kind === 'E' ? `the error ${valueWords(what)}` : sentenceWords(what);
  return { at: recorded.frame, what: { kind, what }, words };
}

function subscriptionTold(recorded: RecordedSubscription): Told {
  const until = Number.isFinite(recorded.unsubscribedFrame) ? `until ${recorded.unsubscribedFrame}` : 'for ever';
  return { at: recorded.subscribedFrame, what: recorded, words: `the subscription ${until}` };
}

function contentOf({ notification }: RecordedNotification): unknown {
  return notification.kind === 'E' ? notification.error : notification.value;
}

/** What differs, between what both have at their beginning and at their end. */
function sentences(actual: readonly Told[], expected: readonly Told[]): readonly string[] {
  const isSame = (a: Told | undefined, b: Told | undefined): boolean =>
    a !== undefined && b !== undefined && a.at === b.at && isEqual(a.what, b.what);
  let begin = 0;
  while (isSame(actual[begin], expected[begin])) begin += 1;
  let end = 0;
  while (end < Math.min(actual.length, expected.length) - begin && isSame(actual.at(-1 - end), expected.at(-1 - end))) end += 1;
  const came = actual.slice(begin, actual.length - end);
  const wanted = expected.slice(begin, expected.length - end);
  const told =
    came.length === wanted.length
      ? came.flatMap((one, index) => pairSentences(one, wanted[index] ?? one))
      : [
          ...wanted.filter((one) => !came.some((other) => isSame(other, one))).map(({ at, words }) => `${words} was expected at ${at}`),
          ...came.filter((one) => !wanted.some((other) => isSame(other, one))).map(({ at, words }) => `${words} came at ${at}`),
        ];
  const more = told.length - MOST_SENTENCES;
  return [...told.slice(0, MOST_SENTENCES), ...(more > 0 ? [`and ${more} more`] : [])].map((sentence) => `✗ ${sentence}`);
}

function pairSentences(came: Told, wanted: Told): readonly string[] {
  if (isEqual(came.what, wanted.what)) return [`${came.words} came at ${came.at}, it was expected at ${wanted.at}`];
  if (came.at !== wanted.at) return [`${came.words} came at ${came.at}, ${wanted.words} was expected at ${wanted.at}`];
  const [one, other] = [came.what as { what?: unknown }, wanted.what as { what?: unknown }];
  const inside = differencesOf(one.what, other.what);
  return inside.length > 0
    ? inside.map((difference) => `at ${came.at}: ${difference}`)
    : [`${came.words} came at ${came.at}, ${wanted.words} was expected`];
}

/** A value as it stands in a sentence: text in quotation marks, so that it is told from a number. */
function sentenceWords(value: unknown): string {
  return typeof value === 'string' ? shortened(written(value)) : valueWords(value);
}

/** A value as it stands in a picture. */
function valueWords(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.trim() === value) return shortened(value);
  if (value instanceof Error) return shortened(`${value.name}: ${value.message}`);
  if (isObject(value) && typeof value['kind'] === 'string') return terminationWords(value);
  return shortened(written(value));
}

function shortened(text: string): string {
  return text.length > WIDEST_VALUE ? `${text.slice(0, WIDEST_VALUE - 1)}…` : text;
}

function isList<One>(value: unknown, isOne: (one: unknown) => one is One): value is readonly One[] {
  return Array.isArray(value) && value.every((one) => isOne(one));
}

function isNotification(value: unknown): value is RecordedNotification {
  return isObject(value) && typeof value['frame'] === 'number' && isObject(value['notification']);
}

function isSubscription(value: unknown): value is RecordedSubscription {
  return isObject(value) && typeof value['subscribedFrame'] === 'number' && typeof value['unsubscribedFrame'] === 'number';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

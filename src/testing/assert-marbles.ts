import { framesAbove, pointingAt } from './caller-frames.ts';
import { terminationWords } from './compare-scenario.ts';
import { differencesOf, differenceWords, isEqual, written } from './equality.ts';
import { excerpts, shortened } from './excerpts.ts';
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

/** Something that was recorded. */
interface Told {
  readonly at: number;
  readonly what: { readonly kind: 'N' | 'E' | 'C' | 'subscription'; readonly value: unknown };
}

/** How many sentences stand below a picture. */
const MOST_SENTENCES = 6;
/** The length up to which a value is written into a picture, and into a sentence. */
const WIDEST_MARK = 48;
const WIDEST_WORDS = 120;

/**
 * The comparison of a marble test, for `new TestScheduler(assertMarbles)` under any runner: what came stands above what was expected, one
 * column per instant, and what differs is said below. Members that are undefined count as absent, errors are compared by name and message,
 * and matchers of a runner, such as `expect.objectContaining()`, are asked. Long values are cut, but not where they differ.
 *
 * @throws Error whose message can be read as it stands, and whose stack begins with the spec
 * @example
 * ```ts
 * new TestScheduler(assertMarbles).run(({ expectObservable }) => expectObservable(of('a')).toBe('(a|)'));
 * ```
 */
export function assertMarbles(actual: unknown, expected: unknown): void {
  if (isEqual(actual, expected)) return;
  throw pointingAt(new Error(`\n${explain(actual, expected)}\n`), framesAbove(assertMarbles));
}

function explain(actual: unknown, expected: unknown): string {
  if (isList(actual, isNotification) && isList(expected, isNotification)) {
    const [came, wanted] = [actual.map(toldOf), expected.map(toldOf)];
    return [marbleText([lane('actual', came, wanted, 0), lane('expected', wanted, came, 1)]), ...sentences(came, wanted)].join('\n');
  }
  if (isList(actual, isSubscription) && isList(expected, isSubscription)) {
    const [came, wanted] = [actual.map(subscriptionTold), expected.map(subscriptionTold)];
    return [marbleText([subscriptionLane('actual', actual), subscriptionLane('expected', expected)]), ...sentences(came, wanted)].join(
      '\n',
    );
  }
  const differences = differencesOf(actual, expected).map(differenceWords);
  const [one, other] = excerpts(written(actual), written(expected), WIDEST_WORDS);
  return (differences.length > 0 ? differences : [`${one} came, ${other} was expected`]).map((sentence) => `✗ ${sentence}`).join('\n');
}

/** @param side which of the two lists this one is */
function lane(name: string, told: readonly Told[], others: readonly Told[], side: 0 | 1): MarbleLane {
  const end = told.find(({ what }) => what.kind !== 'N');
  return {
    name,
    marks: told.flatMap((one, index) => (one.what.kind === 'C' ? [] : [{ at: one.at, text: markOf(one, others[index], side) }])),
    endsAt: end?.at,
    ...(end?.what.kind === 'E' && { endsWith: '#' }),
  };
}

/** A value in a picture, told apart from the one in its place. */
function markOf(one: Told, other: Told | undefined, side: 0 | 1): string {
  if (other === undefined || isEqual(one.what, other.what)) return shortened(valueWords(one.what.value), WIDEST_MARK);
  const [came, wanted] = side === 0 ? [one, other] : [other, one];
  return apart(came.what.value, wanted.what.value, valueWords, WIDEST_MARK)[side];
}

function subscriptionLane(name: string, recorded: readonly RecordedSubscription[]): MarbleLane {
  const marks = recorded.flatMap(({ subscribedFrame, unsubscribedFrame }) => [
    { at: subscribedFrame, text: '^' },
    { at: unsubscribedFrame, text: '!' },
  ]);
  return { name, marks: marks.filter(({ at }) => Number.isFinite(at)) };
}

function toldOf({ frame, notification }: RecordedNotification): Told {
  const { kind, value, error } = notification;
  return { at: frame, what: { kind, value: kind === 'E' ? error : value } };
}

function subscriptionTold(recorded: RecordedSubscription): Told {
  return { at: recorded.subscribedFrame, what: { kind: 'subscription', value: recorded } };
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
  const tooMuch = came.filter((one) => !wanted.some((other) => isSame(other, one)));
  const missing = wanted.filter((one) => !came.some((other) => isSame(other, one)));
  const told =
    came.length === wanted.length
      ? came.flatMap((one, index) => pairSentences(one, wanted[index] ?? one))
      : [
          ...missing.map((one) => `${wordsAmong(one, tooMuch, 1)} was expected at ${one.at}`),
          ...tooMuch.map((one) => `${wordsAmong(one, missing, 0)} came at ${one.at}`),
        ];
  const more = told.length - MOST_SENTENCES;
  return [...told.slice(0, MOST_SENTENCES), ...(more > 0 ? [`and ${more} more`] : [])].map((sentence) => `✗ ${sentence}`);
}

function pairSentences(came: Told, wanted: Told): readonly string[] {
  const [one, other] = wordsOfPair(came, wanted);
  if (isEqual(came.what, wanted.what)) return [`${one} came at ${came.at}, it was expected at ${wanted.at}`];
  if (came.at !== wanted.at) return [`${one} came at ${came.at}, ${other} was expected at ${wanted.at}`];
  const inside =
    came.what.kind === wanted.what.kind && came.what.kind !== 'subscription' ? differencesOf(came.what.value, wanted.what.value) : [];
  return inside.length > 0
    ? inside.map((difference) => `at ${came.at}: ${differenceWords(difference)}`)
    : [`${one} came at ${came.at}, ${other} was expected`];
}

/** The words for one that stands alone, told apart from the one among the others that looks like it. */
function wordsAmong(one: Told, others: readonly Told[], side: 0 | 1): string {
  const text = (told: Told): string => shortened(named(told, sentenceWords(told.what.value)), WIDEST_WORDS);
  const alike = others.find((other) => text(other) === text(one)) ?? one;
  return (side === 0 ? wordsOfPair(one, alike) : wordsOfPair(alike, one))[side];
}

function wordsOfPair(came: Told, wanted: Told): readonly [string, string] {
  const values = apart(came.what.value, wanted.what.value, sentenceWords, WIDEST_WORDS);
  return [named(came, values[0]), named(wanted, values[1])];
}

function named({ what: { kind, value } }: Told, words: string): string {
  if (kind === 'C') return 'the completion';
  if (kind === 'E') return `the error ${words}`;
  if (kind === 'N') return words;
  const { unsubscribedFrame } = value as RecordedSubscription;
  return `the subscription ${Number.isFinite(unsubscribedFrame) ? `until ${unsubscribedFrame}` : 'for ever'}`;
}

/** The words for two values; where they differ and their words do not, with the first member that does. */
function apart(actual: unknown, expected: unknown, words: (value: unknown) => string, widest: number): readonly [string, string] {
  const [one, other] = [words(actual), words(expected)];
  const [first] = one === other ? differencesOf(actual, expected) : [];
  if (first === undefined || first.isExtra) return excerpts(one, other, widest);
  const [a, b] = excerpts(written(first.actual), written(first.expected), widest);
  return [`${one} with ${first.path} ${a}`, `${other} with ${first.path} ${b}`];
}

/** A value as it stands in a sentence: text in quotation marks, so that it is told from a number. */
function sentenceWords(value: unknown): string {
  return typeof value === 'string' ? written(value) : valueWords(value);
}

/** A value as it stands in a picture. */
function valueWords(value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.trim() === value) return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (isObject(value) && typeof value['kind'] === 'string') return terminationWords(value);
  return written(value);
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

import { redactText } from '../redaction/redact.ts';
import { describeTermination } from '../termination/describe-termination.ts';
import type { Termination } from '../termination/reason.ts';
import type { TimelineEntry } from '../timeline/timeline.ts';
import { wordsOf } from './marks.ts';
import { type Picture, pictureOf } from './picture.ts';
import { columnsIn, svgOf } from './svg.ts';
import { columnsInText, textOf } from './text.ts';
import { type DiagramWords, diagramWords } from './words.ts';
import { shortTime } from './write-svg.ts';

/** How a marble diagram is drawn. */
export interface MarbleDiagramOptions {
  /** A whole `<svg>` element, or lines of characters. Default: `svg`. */
  readonly format?: 'svg' | 'text' | undefined;
  /** Pixels of the SVG, at least 320; characters of the text, at least 40. Default: 600, 80. */
  readonly width?: number | undefined;
  /** The value of `termination$`, which names kind, rule and sentence exactly. Without it they are concluded from the entries, as far as they say. */
  readonly termination?: Termination | undefined;
  /** The language of what is not a name of the W3C or of the wire. Default: `en`. */
  readonly locale?: 'en' | 'ja' | undefined;
  /** Begins the ids in the SVG; unique in a page with several diagrams. Default: `marble-diagram`. */
  readonly id?: string | undefined;
}

/** Entries that the description for screen readers names, at most. */
const MOST_DESCRIBED = 40;

/**
 * A marble diagram of a session: WebSocket, every DataChannel, peer connection, ICE, commands, and `termination$` at the bottom, with the event that ended the
 * session marked. Pure and deterministic; holds nothing that the entries do not hold, and texts are redacted again.
 *
 * The SVG is light or dark as the system is; a page sets `--rx-sora-paper`, `-ink`, `-quiet`, `-rule`, `-good`, `-busy`, `-warn` and `-bad` where it knows better.
 * It has a title and a description for screen readers, and `data-entry` on each mark is the place of its entry. Pauses are drawn shorter than they were; where there
 * is no room, neighbours share a mark.
 *
 * @param entries of `timeline(session)`, or of a recording, in order
 * @example
 * ```ts
 * timeline(session).pipe(toArray()).subscribe((entries) => (element.innerHTML = marbleDiagram(entries)));
 * ```
 */
export function marbleDiagram(entries: readonly TimelineEntry[], options: MarbleDiagramOptions = {}): string {
  const { format = 'svg', termination, locale = 'en', id = 'marble-diagram' } = options;
  const words = diagramWords[locale];
  const isText = format === 'text';
  const width = Math.max(isText ? 40 : 320, Math.floor(options.width ?? (isText ? 80 : 600)));
  const picture = pictureOf(entries, isText ? columnsInText(width) : columnsIn(width), termination);
  const sentence = sentenceOf(picture, termination, words, locale);
  const names = new Map(picture.lanes.map(({ key }) => [key, redactText(nameOf(key, words))]));
  if (isText) return textOf(picture, names, words, sentence);
  const title = words.title(channelOf(entries));
  const description = descriptionOf(entries, picture, names, words, sentence);
  return svgOf({ entries, picture, widthPx: width, id, words, title, sentence, description, names, termination });
}

const nameOf = (key: string, { lanes }: DiagramWords): string =>
  key in lanes ? lanes[key as keyof typeof lanes] : key.slice('channel '.length);

function sentenceOf(
  { columns, end, cause }: Picture,
  termination: Termination | undefined,
  words: DiagramWords,
  locale: 'en' | 'ja',
): string {
  if (columns.length === 0) return words.nothing;
  if (termination !== undefined) return redactText(describeTermination(termination, locale));
  return end === null && cause === null ? words.running : words.ended;
}

/** By what the timeline says, which is redacted by the session's policy. */
function channelOf(entries: readonly TimelineEntry[]): string | null {
  for (const { source, what, detail } of entries) {
    if (source !== 'signaling' || what !== 'connect') continue;
    const { channel_id: channelId } = ((detail as { readonly message?: unknown }).message ?? {}) as { readonly channel_id?: unknown };
    if (typeof channelId === 'string') return channelId;
  }
  return null;
}

/** What a screen reader says: the sentence of the end, then what mattered, in order. */
function descriptionOf(
  entries: readonly TimelineEntry[],
  { columns, winner, cause }: Picture,
  names: ReadonlyMap<string, string>,
  words: DiagramWords,
  sentence: string,
): string {
  const cells = columns.flatMap(({ cells: all }) => [...all.values()]).filter(({ mark }) => mark.weight >= 2);
  const steps = cells.slice(-MOST_DESCRIBED).flatMap(({ mark }) => {
    const entry = entries[mark.index];
    if (entry === undefined) return [];
    const mark_ = mark.index === winner?.index ? ` (${words.cause})` : '';
    return [`${shortTime(mark.at)} ${names.get(mark.lane) ?? mark.lane}: ${wordsOf(entry)}${mark_}`];
  });
  const timer = cause?.isTimer === true ? [`${words.timer} (${words.cause})`] : [];
  return [sentence, ...(cells.length > MOST_DESCRIBED ? ['…'] : []), ...steps, ...timer].join('\n');
}

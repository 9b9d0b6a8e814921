/** How much stands before the place where two texts differ. */
const BEFORE = 16;

/** A text that is cut at its end where it is longer than so many characters. */
export function shortened(text: string, widest: number): string {
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

/** Two texts, cut so that the place stays where they begin to differ. */
export function excerpts(one: string, other: string, widest: number): readonly [string, string] {
  if (one === other) return [shortened(one, widest), shortened(other, widest)];
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return [excerpt(one, at, widest), excerpt(other, at, widest)];
}

function excerpt(text: string, at: number, widest: number): string {
  if (text.length <= widest || at < widest - BEFORE) return shortened(text, widest);
  return `…${shortened(text.slice(at - BEFORE), widest - 1)}`;
}

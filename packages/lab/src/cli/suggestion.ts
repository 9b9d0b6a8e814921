import { closestMatch } from 'leven';

/** Short words have many neighbours: `rpc` is not what `-p` stands for. */
const mistakes = (word: string): number => (word.length < 4 ? 1 : Math.max(2, Math.ceil(word.length / 3)));

/** The known word that was probably meant. */
export const suggestionFor = (word: string, known: readonly string[]): string | undefined =>
  closestMatch(word, known, { maxDistance: mistakes(word) }) ??
  known.find((candidate) => candidate.startsWith(word)) ??
  known.find((candidate) => word.length > 3 && candidate.includes(word));

/** `. Did you mean …?`, or nothing where no known word is close. */
export function didYouMean(word: string, known: readonly string[], prefix = ''): string {
  const suggestion = suggestionFor(word, known);
  return suggestion === undefined ? '' : `. Did you mean ${prefix}${suggestion}?`;
}

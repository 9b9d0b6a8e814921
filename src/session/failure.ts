import { redactText, redacted } from '../redaction/redact-text.ts';
import { StepError } from '../signaling/negotiation.ts';

/** UTF-16 code units that are kept of a message. */
const LONGEST_MESSAGE = 1024;

/** A line of a description that a browser quotes in an error; the name of an attribute is kept. @source RFC 8866 5 */
const quotedLine = /(^|[\s"'`(])([vosiuepcbtrzkam])=(?:([\w-]+):)?[^\s"'`][^\r\n]*/gim;

/** A step that failed, in the words of the Termination. */
export interface Failure {
  readonly where: string;
  readonly name: string;
  readonly message: string;
}

/**
 * What a thrown value says, without the secrets that went through the session: a browser quotes what it was given, and nobody can know in which form
 * (P29).
 *
 * @param secrets values that may hold secrets, whatever their depth
 */
export function failureOf(error: unknown, where: string, secrets: readonly unknown[]): Failure {
  const isStep = error instanceof StepError;
  const thrown: unknown = isStep ? error.cause : error;
  const { name, message } = isErrorLike(thrown) ? thrown : { name: 'Error', message: typeof thrown === 'string' ? thrown : `a thrown ${typeof thrown}` };
  const words = new Set<string>();
  collect(secrets, words);
  const isPlainName = /^\w{1,64}$/.test(name) && !words.has(name);
  const told = isStep && error.message !== '' ? error.message : cleaned(message, words);
  return { where: isStep ? error.where : where, name: isPlainName ? name : 'Error', message: told };
}

function cleaned(message: string, words: ReadonlySet<string>): string {
  const withoutLines = message.replaceAll(quotedLine, (_, before: string, type: string, attribute?: string) =>
    attribute === undefined ? `${before}${type}=${redacted}` : `${before}${type}=${attribute}:${redacted}`,
  );
  const longestFirst = [...words].filter((word) => withoutLines.includes(word)).sort((a, b) => b.length - a.length);
  const withoutWords = longestFirst.reduce((text, word) => text.replaceAll(word, redacted), withoutLines);
  return redactText(withoutWords).slice(0, LONGEST_MESSAGE);
}

/** Errors of another realm are not instances of ours. */
function isErrorLike(error: unknown): error is { readonly name: string; readonly message: string } {
  const { name, message } = (error ?? {}) as { readonly name?: unknown; readonly message?: unknown };
  return typeof name === 'string' && typeof message === 'string';
}

/** The texts and numbers of a value. Shorter ones are words like any other: masking them would make errors unreadable and protect nothing. */
function collect(value: unknown, words: Set<string>): void {
  if (words.size > 1000) return;
  if (typeof value === 'object' && value !== null) Object.values(value).forEach((member) => collect(member, words));
  else if ((typeof value === 'string' || typeof value === 'number') && String(value).length >= 4) words.add(String(value));
}

/** User, password and query values of URLs, and the ICE credentials of a description. */
export function secretsIn(text: string): readonly string[] {
  const found = text.matchAll(/[?&;][^=&\s]*=([^&#\s]+)|\/\/([^/@:\s]+)(?::([^/@\s]*))?@|^a=ice-(?:pwd|ufrag):(\S+)/gm);
  return [...found].flatMap(([, ...parts]) => parts.filter((part) => part !== undefined));
}

import { quietly } from '../platform/quietly.ts';
import { StepError } from '../signaling/negotiation.ts';

/** UTF-16 code units that are kept of a message. */
const LONGEST_MESSAGE = 1024;

/** What stands where something was left out. */
const redacted = '[redacted]';

/**
 * Where a browser quotes what it was given: a line of a description, a candidate, a URL with more than its path, a token. Nobody can know where the
 * quotation ends, so the rest of the message is left out with it.
 */
const quotation = /(^|[\s"'`(])[a-z]=\S|candidate:|\w+:\/\/\S*[?@]|\beyJ/im;

/** A step that failed, in the words of the Termination. */
export interface Failure {
  readonly where: string;
  readonly name: string;
  readonly message: string;
}

/**
 * What a thrown value says, without the secrets that went through the session (P29).
 *
 * @param secrets values that may hold secrets, at any depth
 */
export function failureOf(error: unknown, where: string, secrets: readonly unknown[]): Failure {
  const isStep = error instanceof StepError;
  const { name, message } = errorLike(isStep ? error.cause : error);
  const words = textsIn(secrets);
  return {
    where: isStep ? error.where : where,
    name: /^\w{1,64}$/.test(name) && !words.includes(name) ? name : 'Error',
    message: isStep && error.message !== '' ? error.message : withoutSecrets(message, words),
  };
}

function withoutSecrets(message: string, words: readonly string[]): string {
  const starts = [message.search(quotation), ...words.map((word) => message.indexOf(word))].filter((start) => start >= 0);
  return starts.length === 0 ? message.slice(0, LONGEST_MESSAGE) : `${message.slice(0, Math.min(LONGEST_MESSAGE, ...starts))}${redacted}`;
}

/** Errors of another realm are not instances of ours; an object that is thrown may hold anything. */
function errorLike(error: unknown): { readonly name: string; readonly message: string } {
  const [name, message] = quietly<readonly unknown[]>(() => {
    const read = error as { readonly name: unknown; readonly message: unknown };
    return [read.name, read.message]; // either may be a getter that throws
  }, []);
  if (typeof name === 'string' && typeof message === 'string') return { name, message };
  return { name: 'Error', message: typeof error === 'string' ? error : `a thrown ${typeof error}` };
}

/** The texts in values. Shorter ones are words like any other: masking them would make errors unreadable and protect nothing. */
function textsIn(values: readonly unknown[]): readonly string[] {
  const texts: string[] = [];
  const keep = (_: string, value: unknown): unknown => {
    if ((typeof value === 'string' || typeof value === 'number') && String(value).length >= 4) texts.push(String(value));
    return value;
  };
  // Read as they are sent, with `toJSON`; a value that cannot be written was not sent.
  for (const value of values) quietly(() => JSON.stringify(value, keep), '');
  return texts;
}

/** User, password and query values of URLs, and the ICE credentials of a description. */
export function secretsIn(text: string): readonly string[] {
  const found = text.matchAll(/[?&;][^=&\s]*=([^&#\s]+)|\/\/([^/@:\s]+)(?::([^/@\s]*))?@|^a=ice-(?:pwd|ufrag):(\S+)/gm);
  return [...found].flatMap(([, ...parts]) => parts.filter(Boolean));
}

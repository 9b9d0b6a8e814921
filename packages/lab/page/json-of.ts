import type { Texts } from './texts/texts.ts';

/** What a field holds. The words of a parser alone do not say what is expected, and of an empty field they speak of an end. */
export function jsonOf(written: string, { notJson }: Texts): unknown {
  try {
    return JSON.parse(written);
  } catch (error) {
    throw new Error(written.trim() === '' ? notJson : `${notJson}: ${String(error)}`, { cause: error });
  }
}

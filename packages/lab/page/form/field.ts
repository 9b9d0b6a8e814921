/** How a value is written in the form. */
export type FieldKind =
  | { readonly kind: 'text' | 'number' | 'json' | 'lines' }
  /** The first choice is the empty one: the option is left out. */
  | { readonly kind: 'choice'; readonly choices: readonly string[] };

/** One control of the form. */
export type Field = FieldKind & {
  /** Where the value stands in the options, as the SDK writes it: `audio.codecType`. Also the name of the value in the URL of the page. */
  readonly path: string;
  /** What is used where the form says nothing; shown in the empty control. */
  readonly hint?: string;
};

export const text = (path: string, hint?: string): Field => ({ kind: 'text', path, ...(hint !== undefined && { hint }) });
export const number = (path: string, hint?: string): Field => ({ kind: 'number', path, ...(hint !== undefined && { hint }) });
export const json = (path: string, hint?: string): Field => ({ kind: 'json', path, ...(hint !== undefined && { hint }) });
export const lines = (path: string, hint?: string): Field => ({ kind: 'lines', path, ...(hint !== undefined && { hint }) });
export const choice = (path: string, ...choices: readonly string[]): Field => ({ kind: 'choice', path, choices });
export const flag = (path: string): Field => choice(path, 'true', 'false');

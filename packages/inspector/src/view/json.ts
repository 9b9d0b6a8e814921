import { type TemplateResult, html } from 'lit/html.js';

/** Characters of JSON that are shown. */
const LONGEST = 100_000;

/** A value that JSON knows, as text. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n…` : text;
}

/** A value as JSON, which scrolls by itself. `label` names it. */
export const jsonView = (value: unknown, label: string): TemplateResult =>
  html`<pre class="json" tabindex="0" role="group" aria-label=${label}>${jsonText(value)}</pre>`;

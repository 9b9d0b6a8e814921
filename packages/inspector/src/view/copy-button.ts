import { type TemplateResult, html } from 'lit/html.js';
import type { PanelContext } from './panel.ts';

/** A button that copies a text. `name` says what is copied. */
export const copyButton = (name: string, text: () => string, { t, say }: Pick<PanelContext, 't' | 'say'>): TemplateResult => html`
  <button
    type="button"
    class="copy"
    aria-label=${t.copy(name)}
    @click=${() => {
      // Absent where the page is not a secure context.
      const clipboard = navigator.clipboard as Clipboard | undefined;
      if (clipboard === undefined) say(t.copyFailed);
      else
        clipboard.writeText(text()).then(
          () => say(t.copied(name)),
          () => say(t.copyFailed),
        );
    }}
  >
    ${t.copyWord}
  </button>
`;

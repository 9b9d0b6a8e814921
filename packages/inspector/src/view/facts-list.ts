import { type TemplateResult, html, nothing } from 'lit/html.js';
import { copyButton } from './copy-button.ts';
import type { PanelContext } from './panel.ts';

/** A name and what it is; one that is not known is left out. */
export interface Fact {
  readonly name: string;
  readonly value: string | undefined;
  /** With a button that copies it. */
  readonly copy?: true;
}

export const factsList = (facts: readonly Fact[], context: PanelContext): TemplateResult => html`
  <dl class="facts">
    ${facts.map(({ name, value, copy }) =>
      value === undefined
        ? nothing
        : html`<div>
            <dt>${name}</dt>
            <dd>
              <span class=${copy === true ? 'code' : ''}>${value}</span>${copy === true ? copyButton(name, () => value, context) : nothing}
            </dd>
          </div>`,
    )}
  </dl>
`;

import { type TemplateResult, html } from 'lit/html.js';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import type { Panel, PanelContext } from '../view/panel.ts';
export class DiagramPanel implements Panel {
  render({ t }: PanelContext): TemplateResult {
    return html`<p>${t.diagram.empty}</p>`;
  }
}

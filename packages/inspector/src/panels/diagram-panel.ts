import { type TemplateResult, html } from 'lit/html.js';
import { ref } from 'lit/directives/ref.js';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';
import { asyncScheduler } from 'rxjs';
import { marbleDiagram } from 'rx-sora';
import { type DiagramEntries, diagramEntries } from '../model/diagram-entries.ts';
import type { Inspection } from '../model/inspection.ts';
import { adoptStyle } from '../view/adopt-style.ts';
import { download } from '../view/download.ts';
import type { Panel, PanelContext } from '../view/panel.ts';

/** From one drawing to the next while entries come, in milliseconds. */
const PERIOD_MS = 1000;

/** Of the drawing, in pixels: the least that is readable, and what is still quick to draw. */
const NARROWEST_PX = 480;
const WIDEST_PX = 1400;

/** What the drawing was made from: it is made anew when something of this is different. */
interface Drawn {
  readonly inspection: Inspection;
  readonly end: number;
  readonly isOver: boolean;
  readonly locale: string;
  readonly widthPx: number;
  readonly atMs: number;
  readonly svg: string;
  readonly shown: DiagramEntries;
  readonly first: number;
}

/** The marble diagram of the session, drawn anew as it goes on. A mark leads to its entry in the timeline. */
export class DiagramPanel implements Panel {
  #widthPx = 0;
  #drawn: Drawn | null = null;

  render(context: PanelContext): TemplateResult {
    const { inspection, t, changed, after } = context;
    let host: Element | undefined;
    after(() => {
      const width = Math.min(WIDEST_PX, Math.max(NARROWEST_PX, host?.clientWidth ?? 0));
      if (host === undefined || width === this.#widthPx) return;
      this.#widthPx = width;
      changed();
    });
    if (inspection.log.end === 0) return html`<p>${t.diagram.empty}</p>`;
    const svg = this.#widthPx === 0 ? '' : this.#svg(context);
    return html`
      <div class="tools"><button type="button" @click=${() => save(context)}>${t.diagram.download}</button></div>
      <div
        class="diagram"
        tabindex="0"
        role="group"
        aria-label=${t.tabs.diagram}
        @click=${(event: MouseEvent) => this.#clicked(event, context)}
        ${ref((element) => (host = element))}
      >
        ${unsafeSVG(svg)}
      </div>
    `;
  }

  #svg({ inspection, locale, changed, root }: PanelContext): string {
    const { log, termination } = inspection;
    const before = this.#drawn;
    const isOver = termination !== null;
    const isFrom =
      before?.inspection === inspection && before.locale === locale && before.widthPx === this.#widthPx && before.isOver === isOver;
    if (isFrom && before.end === log.end) return before.svg;
    const atMs = asyncScheduler.now();
    if (isFrom && atMs - before.atMs < PERIOD_MS) {
      // There is more to draw, and nothing may come that would ask for it.
      changed();
      return before.svg;
    }
    const shown = diagramEntries(log.entries);
    const drawn = marbleDiagram(shown.entries, { width: this.#widthPx, locale, ...(isOver && { termination }) });
    const svg = adoptStyle(drawn, root);
    this.#drawn = { inspection, end: log.end, isOver, locale, widthPx: this.#widthPx, atMs, svg, shown, first: log.first };
    return svg;
  }

  #clicked({ target }: MouseEvent, { showEntry }: PanelContext): void {
    const mark = target instanceof Element ? target.closest('[data-entry]') : null;
    const place = this.#drawn?.shown.places[Number(mark?.getAttribute('data-entry') ?? -1)];
    if (place !== undefined) showEntry((this.#drawn?.first ?? 0) + place);
  }
}

/** The whole diagram, with its own style, for a document. */
function save({ inspection, locale }: PanelContext): void {
  const { log, termination } = inspection;
  const svg = marbleDiagram(diagramEntries(log.entries).entries, { width: 1000, locale, ...(termination !== null && { termination }) });
  download('sora-session.svg', 'image/svg+xml', svg);
}

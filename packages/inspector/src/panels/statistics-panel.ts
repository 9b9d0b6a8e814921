import { type TemplateResult, html, nothing } from 'lit/html.js';
import { CHARTS, type ChartSpec } from '../model/charts.ts';
import { chart } from '../view/chart.ts';
import { measure } from '../view/measure.ts';
import type { Panel, PanelContext } from '../view/panel.ts';

type Report = RTCStats & Readonly<Record<string, unknown>>;

/** Charts of the session, and what `getStats()` says. */
export class StatisticsPanel implements Panel {
  /** Charts that are drawn. One more in each frame: to make them all at once would take longer than a frame should. */
  #charts = 0;
  #query = '';
  #open: ReadonlySet<string> = new Set();

  left(): void {
    this.#charts = 0;
  }

  render(context: PanelContext): TemplateResult {
    const { inspection, t } = context;
    const { sample } = inspection;
    if (sample === null) return html`<p>${t.statistics.empty}</p>`;
    if (this.#charts < CHARTS.length) {
      this.#charts += 1;
      context.changed();
    }
    return html`
      ${sample.stalled === true ? html`<p class="bad">${t.statistics.stalled}</p>` : nothing}
      <div class="charts">${CHARTS.slice(0, this.#charts).map((spec) => figure(spec, context))}</div>
      <section>
        <h3>${t.statistics.reports}</h3>
        <label class="search"
          ><span>${t.statistics.filter}</span
          ><input
            type="search"
            .value=${this.#query}
            @input=${({ currentTarget }: InputEvent) => {
              this.#query = (currentTarget as HTMLInputElement).value;
              context.changed();
            }}
        /></label>
        ${this.#reports(context)}
      </section>
    `;
  }

  #reports(context: PanelContext): TemplateResult {
    const { inspection } = context;
    const words = this.#query.toLowerCase().trim();
    const before = new Map((inspection.sampleBefore?.reports ?? []).map((report) => [report.id, report as Report]));
    const shown = ((inspection.sample?.reports ?? []) as readonly Report[]).filter(
      ({ type, id }) => words === '' || `${type} ${id}`.toLowerCase().includes(words),
    );
    return html`${shown.map((report) => {
      const isOpen = this.#open.has(report.id);
      return html`<details
        ?open=${isOpen}
        @toggle=${({ currentTarget }: Event) => this.#toggled(report.id, (currentTarget as HTMLDetailsElement).open, context)}
      >
        <summary>${report.type} <span class="code">${report.id}</span></summary>
        ${isOpen ? members(report, before.get(report.id), context) : nothing}
      </details>`;
    })}`;
  }

  #toggled(id: string, isOpen: boolean, { changed }: PanelContext): void {
    if (this.#open.has(id) === isOpen) return;
    const open = new Set(this.#open);
    if (isOpen) open.add(id);
    else open.delete(id);
    this.#open = open;
    changed();
  }
}

/** The members of a report; those that changed since the sample before are marked. */
function members(report: Report, before: Report | undefined, { t, redact }: PanelContext): TemplateResult {
  const masked = redact({ ...report }) as Readonly<Record<string, unknown>>;
  const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return html`<table class="report">
    <thead>
      <tr>
        <th scope="col">${t.columns.name}</th>
        <th scope="col">${t.columns.value}</th>
      </tr>
    </thead>
    <tbody>
      ${Object.entries(masked)
        .filter(([name]) => !['id', 'type'].includes(name))
        .map(([name, value]) => {
          const isChanged = before !== undefined && written(before[name]) !== written(report[name]);
          return html`<tr class=${isChanged ? 'changed' : ''}>
            <th scope="row">${name}</th>
            <td>${written(value)}</td>
          </tr>`;
        })}
    </tbody>
  </table>`;
}

function figure(spec: ChartSpec, { inspection, t }: PanelContext): TemplateResult {
  const data = inspection.series.of(spec.id);
  const [, ...lines] = data;
  const digits = spec.unit === '%' ? 1 : 0;
  const isNamed = spec.lines.length > 1;
  return html`<figure>
    <figcaption>
      <strong>${t.statistics.charts[spec.id]}</strong>
      ${spec.lines.map(
        ({ id }, index) =>
          html`<span
            ><span class="swatch swatch-${index}" aria-hidden="true"></span>${isNamed ? `${t.statistics.lines[id]} ` : nothing}${measure(
              lines[index]?.at(-1),
              spec.unit,
              { digits },
            )}</span
          >`,
      )}
    </figcaption>
    <div class="plot" aria-hidden="true" ${chart(data, inspection.series.version)}></div>
  </figure>`;
}

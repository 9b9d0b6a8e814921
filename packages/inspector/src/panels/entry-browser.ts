import { type TemplateResult, html, nothing } from 'lit/html.js';
import { asyncScheduler } from 'rxjs';
import type { TimelineEntry } from 'rx-sora';
import { EntryFilter } from '../model/entry-filter.ts';
import { matcherOf, summaryOf, detailOf } from '../model/entry-text.ts';
import type { Inspection } from '../model/inspection.ts';
import { copyButton } from '../view/copy-button.ts';
import { jsonText, jsonView } from '../view/json.ts';
import type { Panel, PanelContext } from '../view/panel.ts';
import { VirtualList } from '../view/virtual-list.ts';

type Source = TimelineEntry['source'];

const SOURCES: readonly Source[] = ['session', 'websocket', 'datachannel', 'peer-connection', 'signaling', 'sdk'];

/** Time that a frame may spend on filtering, in milliseconds, and entries between two looks at the clock. */
const FILTER_MS = 6;
const FILTER_BLOCK = 100;

/** Entries of the timeline, searched and filtered; one of them is shown whole. */
export class EntryBrowser implements Panel {
  readonly #belongs: (entry: TimelineEntry) => boolean;
  readonly #withSources: boolean;
  readonly #list = new VirtualList();
  #query = '';
  #hidden: ReadonlySet<Source> = new Set();
  #inspection: Inspection | undefined;
  #filter: EntryFilter | undefined;

  /** @param belongs which entries are listed at all; all where it is not given, and then their sources can be chosen */
  constructor(belongs?: (entry: TimelineEntry) => boolean) {
    this.#belongs = belongs ?? (() => true);
    this.#withSources = belongs === undefined;
  }

  /** Shows an entry, by its number, whatever was searched for before. */
  choose(number: number): void {
    this.#query = '';
    this.#hidden = new Set();
    this.#filter = undefined;
    this.#list.reveal(number);
  }

  render(context: PanelContext): TemplateResult {
    const { inspection, t, changed } = context;
    const { log } = inspection;
    if (this.#inspection !== inspection) {
      // The first one leaves what `choose` has chosen.
      if (this.#inspection !== undefined) this.#list.clear();
      this.#inspection = inspection;
      this.#filter = undefined;
    }
    const filter = (this.#filter ??= this.#newFilter(inspection));
    const until = asyncScheduler.now() + FILTER_MS;
    do filter.advance(FILTER_BLOCK);
    while (!filter.isComplete && asyncScheduler.now() < until);
    if (!filter.isComplete) changed();
    const { chosen } = this.#list;
    const entry = chosen === null ? undefined : log.at(chosen);
    return html`
      <div class="tools">
        <label class="search">
          <span>${t.timeline.search}</span>
          <input type="search" .value=${this.#query} @input=${(event: InputEvent) => this.#search(event, context)} />
        </label>
        ${this.#withSources ? this.#sourceChoice(context) : nothing}
        <span class="count">
          ${t.timeline.count(filter.length, log.end - log.first)} ${filter.isComplete ? nothing : t.timeline.searching}
          ${log.first > 0 ? t.timeline.dropped(log.first) : nothing}
        </span>
        ${
          this.#list.follows
            ? nothing
            : html`<button
                type="button"
                @click=${() => {
                  this.#list.follow();
                  changed();
                }}
              >
                ${t.timeline.follow}
              </button>`
        }
      </div>
      ${
        filter.length === 0 && filter.isComplete
          ? html`<p>${t.timeline.empty}</p>`
          : html`<div class="browser">
              ${this.#list.render(filter, log, (each) => this.#row(each, context), t.timeline.entries, context)}
              <div class="chosen">
                ${
                  entry === undefined
                    ? html`<p class="quiet">${t.timeline.nothingChosen}</p>`
                    : html`<h3><span>${entry.what}</span> ${copyButton(entry.what, () => jsonText(entry), context)}</h3>
                        ${jsonView(entry, t.columns.detail)}`
                }
              </div>
            </div>`
      }
    `;
  }

  #newFilter({ log }: Inspection): EntryFilter {
    const says = matcherOf(this.#query);
    const hidden = this.#hidden;
    return new EntryFilter(log, (entry) => this.#belongs(entry) && !hidden.has(entry.source) && says(entry));
  }

  #row(entry: TimelineEntry, { t }: PanelContext): TemplateResult {
    const { direction } = detailOf(entry);
    const arrow = direction === undefined ? '' : direction === 'sent' ? '→ ' : '← ';
    return html`<span class="at">${Math.round(entry.at)}</span><span class="source">${t.sources[entry.source]}</span
      ><span class="what">${arrow}${entry.what}</span><span class="summary">${summaryOf(entry)}</span>`;
  }

  #sourceChoice(context: PanelContext): TemplateResult {
    const { t } = context;
    return html`<fieldset class="sources">
      <legend>${t.timeline.sources}</legend>
      ${SOURCES.map(
        (source) =>
          html`<label class="source-${source}"
            ><input type="checkbox" .checked=${!this.#hidden.has(source)} @change=${() => this.#toggle(source, context)} /><span
              class="source"
              >${t.sources[source]}</span
            ></label
          >`,
      )}
    </fieldset>`;
  }

  #search({ currentTarget }: InputEvent, { changed }: PanelContext): void {
    this.#query = (currentTarget as HTMLInputElement).value;
    this.#filter = undefined;
    changed();
  }

  #toggle(source: Source, { changed }: PanelContext): void {
    const hidden = new Set(this.#hidden);
    if (!hidden.delete(source)) hidden.add(source);
    this.#hidden = hidden;
    this.#filter = undefined;
    changed();
  }
}

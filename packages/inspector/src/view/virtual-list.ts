import { type TemplateResult, html, nothing } from 'lit/html.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { TimelineEntry } from 'rx-sora';
import type { EntryFilter } from '../model/entry-filter.ts';
import type { EntryLog } from '../model/entry-log.ts';
import type { PanelContext } from './panel.ts';

/** Height of a row, in pixels: every row has it, so that the place of each is known without looking. */
export const ROW_PX = 28;

/** Rows that are drawn above and below those that are seen. */
const MARGIN_ROWS = 8;

/** How near the end, in pixels, counts as being there. */
const NEAR_PX = ROW_PX * 1.5;

/**
 * A list of entries that draws only the rows that are seen. One of them is chosen, by click or by the arrow keys.
 *
 * Styles are set as properties: a page whose policy forbids style attributes shows the list as well.
 */
export class VirtualList {
  /** The number of the entry that is chosen. */
  chosen: number | null = null;
  /** Whether the list stays at its end when entries come. */
  #follows = true;
  #top = 0;
  #reveals = false;
  #height = 400;

  get follows(): boolean {
    return this.#follows;
  }

  /** Goes to the end and stays there. */
  follow(): void {
    this.#follows = true;
  }

  /** Chooses an entry and goes to it. */
  reveal(number: number): void {
    this.chosen = number;
    this.#follows = false;
    this.#reveals = true;
  }

  /** Chooses nothing and goes to the end. */
  clear(): void {
    this.chosen = null;
    this.#follows = true;
    this.#reveals = false;
  }

  render(
    filter: EntryFilter,
    log: EntryLog,
    row: (entry: TimelineEntry) => TemplateResult,
    label: string,
    context: PanelContext,
  ): TemplateResult {
    const { length } = filter;
    const lastTop = Math.max(0, length * ROW_PX - this.#height);
    const top = this.#follows ? lastTop : Math.min(this.#top, lastTop);
    const first = Math.max(0, Math.floor(top / ROW_PX) - MARGIN_ROWS);
    const end = Math.min(length, Math.ceil((top + this.#height) / ROW_PX) + MARGIN_ROWS);
    const numbers = Array.from({ length: end - first }, (_, index) => filter.numberAt(first + index) ?? -1);
    const active = this.chosen !== null && numbers.includes(this.chosen) ? `entry-${this.chosen}` : undefined;
    let list: HTMLElement | undefined;
    context.after(() => {
      if (list === undefined) return;
      const { clientHeight } = list;
      if (clientHeight > 0 && clientHeight !== this.#height) {
        this.#height = clientHeight;
        context.changed();
      }
      const place = this.#reveals && this.chosen !== null ? filter.indexOf(this.chosen) : -1;
      if (place >= 0) {
        this.#reveals = false;
        list.scrollTop = Math.max(0, place * ROW_PX - this.#height / 2);
      }
      // The height may be another one than the drawing was made for.
      const end = Math.max(0, length * ROW_PX - clientHeight);
      if (this.#follows && Math.abs(list.scrollTop - end) > 1) list.scrollTop = end;
    });
    return html`
      <div
        class="list"
        role="listbox"
        tabindex="0"
        aria-label=${label}
        aria-activedescendant=${ifDefined(active)}
        ${ref((element) => (list = element as HTMLElement | undefined))}
        @scroll=${(event: Event) => this.#scrolled(event, context)}
        @keydown=${(event: KeyboardEvent) => this.#pressed(event, filter, context)}
      >
        <div role="presentation" class="list-space" .style=${`height: ${length * ROW_PX}px`}>
          <div role="presentation" .style=${`transform: translateY(${first * ROW_PX}px)`}>
            ${repeat(
              numbers,
              (number) => number,
              (number, index) => {
                const entry = log.at(number);
                if (entry === undefined) return nothing;
                return html`<div
                  role="option"
                  class="row source-${entry.source}"
                  id="entry-${number}"
                  aria-selected=${number === this.chosen}
                  aria-posinset=${first + index + 1}
                  aria-setsize=${length}
                  @click=${() => this.#choose(number, context)}
                >
                  ${row(entry)}
                </div>`;
              },
            )}
          </div>
        </div>
      </div>
    `;
  }

  #choose(number: number, { changed }: PanelContext): void {
    this.chosen = number;
    changed();
  }

  #scrolled({ currentTarget }: Event, { changed }: PanelContext): void {
    const { scrollTop, scrollHeight, clientHeight } = currentTarget as HTMLElement;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - NEAR_PX;
    if (scrollTop === this.#top && isAtEnd === this.#follows) return;
    this.#top = scrollTop;
    this.#follows = isAtEnd;
    changed();
  }

  #pressed(event: KeyboardEvent, filter: EntryFilter, { changed }: PanelContext): void {
    const last = filter.length - 1;
    const page = Math.max(1, Math.floor(this.#height / ROW_PX) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    if (step === undefined || last < 0) return;
    event.preventDefault();
    const now = this.chosen === null ? -1 : filter.indexOf(this.chosen);
    const from = now < 0 ? (step > 0 ? -1 : last + 1) : now;
    const index = Math.min(last, Math.max(0, from + step));
    this.chosen = filter.numberAt(index) ?? null;
    const list = event.currentTarget as HTMLElement;
    const rowTop = index * ROW_PX;
    if (rowTop < list.scrollTop) list.scrollTop = rowTop;
    else if (rowTop + ROW_PX > list.scrollTop + this.#height) list.scrollTop = rowTop + ROW_PX - this.#height;
    changed();
  }
}

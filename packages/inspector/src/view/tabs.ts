import { type TemplateResult, html } from 'lit/html.js';
import type { TabId, Texts } from '../texts/texts.ts';

/** The tabs, in their order. */
export const TABS: readonly TabId[] = [
  'overview',
  'end',
  'diagram',
  'timeline',
  'media',
  'statistics',
  'signaling',
  'notify',
  'roster',
  'messages',
  'rpc',
  'codecs',
];

export const isTab = (name: unknown): name is TabId => TABS.some((tab) => tab === name);

/** Which tab a key goes to; null for other keys. @source WAI-ARIA APG, tabs pattern */
function goneTo(key: string, from: TabId): TabId | null {
  const index = TABS.indexOf(from);
  const places: Readonly<Record<string, number>> = {
    ArrowRight: (index + 1) % TABS.length,
    ArrowLeft: (index + TABS.length - 1) % TABS.length,
    Home: 0,
    End: TABS.length - 1,
  };
  const place = places[key];
  return place === undefined ? null : (TABS[place] ?? null);
}

/** Tabs of which one is chosen; the arrow keys choose as well. The panel has the id `panel`. */
export const tabList = (chosen: TabId, { tabs, inspector }: Texts, choose: (tab: TabId) => void): TemplateResult => html`
  <div
    class="tabs"
    role="tablist"
    aria-label=${inspector}
    @keydown=${(event: KeyboardEvent) => {
      // The focus moves at once, while an earlier press may not have been drawn yet.
      const { id } = event.target as HTMLElement;
      const tab = goneTo(event.key, TABS.find((each) => id === `tab-${each}`) ?? chosen);
      if (tab === null) return;
      event.preventDefault();
      const list = event.currentTarget as HTMLElement;
      list.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
      choose(tab);
    }}
  >
    ${TABS.map(
      (tab) =>
        html`<button
          type="button"
          role="tab"
          id="tab-${tab}"
          aria-controls="panel"
          aria-selected=${tab === chosen}
          tabindex=${tab === chosen ? 0 : -1}
          @click=${() => choose(tab)}
        >
          ${tabs[tab]}
        </button>`,
    )}
  </div>
`;

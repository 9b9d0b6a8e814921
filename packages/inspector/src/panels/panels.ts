import { detailOf } from '../model/entry-text.ts';
import type { TabId } from '../texts/texts.ts';
import type { Panel } from '../view/panel.ts';
import { CodecsPanel } from './codecs-panel.ts';
import { DiagramPanel } from './diagram-panel.ts';
import { EndPanel } from './end-panel.ts';
import { EntryBrowser } from './entry-browser.ts';
import { MediaPanel } from './media-panel.ts';
import { MessagesPanel } from './messages-panel.ts';
import { OverviewPanel } from './overview-panel.ts';
import { RosterPanel } from './roster-panel.ts';
import { RpcPanel } from './rpc-panel.ts';
import { StatisticsPanel } from './statistics-panel.ts';

/** A panel for each tab, of one inspector. */
export const panelsByTab = (): Readonly<Record<TabId, Panel>> & { readonly timeline: EntryBrowser } => ({
  overview: new OverviewPanel(),
  end: new EndPanel(),
  diagram: new DiagramPanel(),
  timeline: new EntryBrowser(),
  media: new MediaPanel(),
  statistics: new StatisticsPanel(),
  signaling: new EntryBrowser(({ source }) => source === 'signaling'),
  notify: new EntryBrowser(
    (entry) =>
      entry.source === 'signaling' && (entry.what === 'notify' || entry.what === 'push') && detailOf(entry).direction === 'received',
  ),
  roster: new RosterPanel(),
  messages: new MessagesPanel(),
  rpc: new RpcPanel(),
  codecs: new CodecsPanel(),
});

import { type TemplateResult, html, nothing } from 'lit/html.js';
import { isNormal } from 'rx-sora';
import type { Inspection } from '../model/inspection.ts';
import type { TabId, Texts } from '../texts/texts.ts';
import { tabList } from './tabs.ts';

/** What the frame around the panels shows and offers. */
export interface FrameContext {
  readonly t: Texts;
  /** Null where there is nothing to show. */
  readonly inspection: Inspection | null;
  readonly tab: TabId;
  readonly panel: TemplateResult | typeof nothing;
  /** What was said last. */
  readonly status: string;
  readonly hasRecording: boolean;
  readonly choose: (tab: TabId) => void;
  readonly saveReport: () => void;
  readonly saveRecording: () => void;
  readonly open: (file: File) => void;
  readonly closeRecording: () => void;
}

/** Header, tabs, panel and status. */
export function frame(context: FrameContext): TemplateResult {
  const { t, inspection, tab, panel, status, choose } = context;
  return html`
    <div class="frame" @dragover=${allowDrop} @drop=${(event: DragEvent) => dropped(event, context)}>
      ${header(context)} ${inspection?.replay ? banner(inspection, context) : nothing}
      ${
        inspection === null
          ? html`<div class="panel"><p>${t.noSession}</p></div>`
          : html`${tabList(tab, t, choose)}
              <div class="panel" id="panel" role="tabpanel" tabindex="0" aria-labelledby="tab-${tab}">${panel}</div>`
      }
      <p class="status" role="status">${status}</p>
    </div>
  `;
}

function header(context: FrameContext): TemplateResult {
  const { t, inspection, hasRecording, saveReport, saveRecording, open } = context;
  return html`<header>
    <h2 class="grow">${titleOf(inspection, t)}</h2>
    ${
      inspection === null
        ? nothing
        : html`<span class="state ${inspection.state} ${hasEndedBadly(inspection) ? 'ended-badly' : ''}"
              >${t.states[inspection.state]}</span
            >
            <button type="button" @click=${saveReport}>${t.downloadReport}</button>`
    }
    ${hasRecording ? html`<button type="button" @click=${saveRecording}>${t.downloadRecording}</button>` : nothing}
    <label class="file"
      ><span>${t.openRecording}</span
      ><input
        type="file"
        accept=".jsonl,.ndjson,application/jsonl"
        @change=${({ currentTarget }: Event) => {
          const input = currentTarget as HTMLInputElement;
          const [file] = input.files ?? [];
          input.value = '';
          if (file !== undefined) open(file);
        }}
    /></label>
  </header>`;
}

function titleOf(inspection: Inspection | null, t: Texts): string {
  const { connected, facts, termination } = inspection ?? {};
  const id = connected?.connectionId ?? facts?.connectionId ?? termination?.connectionId;
  const client = connected?.clientId ?? facts?.clientId;
  return [t.inspector, client === id ? undefined : client, id?.slice(0, 6)].filter((part) => part !== undefined).join(' · ');
}

const hasEndedBadly = ({ termination }: Inspection): boolean => termination !== null && !isNormal(termination);

function banner({ replay }: Inspection, { t, closeRecording }: FrameContext): TemplateResult {
  const { name = '', differences = [] } = replay ?? {};
  return html`<div class="banner">
    <strong>${t.recording.title(name)}</strong>
    <span>${differences.length === 0 ? t.recording.same : t.recording.differs(differences.length)}</span>
    <button type="button" @click=${closeRecording}>${t.recording.close}</button>
    ${
      differences.length === 0
        ? nothing
        : html`<ul tabindex="0" role="group" aria-label=${t.recording.differs(differences.length)}>
            ${differences.map((difference) => html`<li class="code">${difference}</li>`)}
          </ul>`
    }
  </div>`;
}

const allowDrop = (event: DragEvent): void => event.preventDefault();

function dropped(event: DragEvent, { open }: FrameContext): void {
  event.preventDefault();
  const [file] = event.dataTransfer?.files ?? [];
  if (file !== undefined) open(file);
}

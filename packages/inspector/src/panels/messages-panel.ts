import { type TemplateResult, html, nothing } from 'lit/html.js';
import type { MessageLine } from '../model/inspection.ts';
import type { Panel, PanelContext } from '../view/panel.ts';

/** Messages that are drawn, newest first. */
const SHOWN = 100;

/** Messages of the application: what came, and a way to send one. */
export class MessagesPanel implements Panel {
  #label = '';
  #text = '';

  render(context: PanelContext): TemplateResult {
    const { inspection, t, payloads, setPayloads } = context;
    const { messages, session } = inspection;
    return html`
      ${session === null ? nothing : this.#form(context)}
      ${
        session === null
          ? nothing
          : html`<label class="check"
              ><input
                type="checkbox"
                .checked=${payloads}
                @change=${({ currentTarget }: Event) => setPayloads((currentTarget as HTMLInputElement).checked)}
              /><span>${t.messages.payloads}</span></label
            >`
      }
      ${
        messages.length === 0
          ? html`<p>${t.messages.empty}</p>`
          : html`<div class="scroller" tabindex="0" role="group" aria-label=${t.messages.title}>
              <ol class="messages">
                ${messages
                  .slice(-SHOWN)
                  .reverse()
                  .map((message) => line(message, context))}
              </ol>
            </div>`
      }
    `;
  }

  #form(context: PanelContext): TemplateResult {
    const { inspection, t } = context;
    const channels = inspection.channels.filter(({ direction }) => direction !== 'recvonly');
    if (channels.length === 0) return html`<p>${t.messages.noChannels}</p>`;
    if (!channels.some(({ label }) => label === this.#label)) this.#label = channels[0]?.label ?? '';
    return html`<form class="line" @submit=${(event: SubmitEvent) => this.#send(event, context)}>
      <label
        ><span>${t.messages.channel}</span
        ><select @change=${({ currentTarget }: Event) => (this.#label = (currentTarget as HTMLSelectElement).value)}>
          ${channels.map(({ label }) => html`<option .selected=${label === this.#label}>${label}</option>`)}
        </select></label
      >
      <label class="wide"
        ><span>${t.messages.text}</span
        ><input .value=${this.#text} @input=${({ currentTarget }: Event) => (this.#text = (currentTarget as HTMLInputElement).value)}
      /></label>
      <button type="submit">${t.messages.send}</button>
    </form>`;
  }

  #send(event: SubmitEvent, { inspection, t, payloads, say, changed }: PanelContext): void {
    event.preventDefault();
    const [label, text] = [this.#label, this.#text];
    inspection.session?.send(label, text).then(
      () => {
        const bytes = new TextEncoder().encode(text).length;
        inspection.takeMessage({ direction: 'sent', label, bytes, ...(payloads && { text }) });
        say(t.messages.sentTo(label));
        changed();
      },
      (error: unknown) => say(String(error)),
    );
  }
}

const line = ({ at, direction, label, bytes, senderConnectionId, text }: MessageLine, { t }: PanelContext): TemplateResult =>
  html`<li>
    <span class="at">${Math.round(at)}</span>
    <span class="what">${direction === 'sent' ? `→ ${t.messages.to}` : `← ${t.messages.from}`} ${label}</span>
    <span>${bytes} B</span>
    ${senderConnectionId === undefined ? nothing : html`<span class="code">${senderConnectionId}</span>`}
    ${text === undefined ? html`<span class="quiet">${t.messages.hidden}</span>` : html`<span class="code text">${text}</span>`}
  </li>`;

import { type TemplateResult, html, nothing } from 'lit/html.js';
import type { RosterMember } from 'rx-sora';
import { copyButton } from '../view/copy-button.ts';
import type { Panel, PanelContext } from '../view/panel.ts';

/** Members that are drawn. */
const SHOWN = 200;

/** Who is in the channel. */
export class RosterPanel implements Panel {
  render(context: PanelContext): TemplateResult {
    const { inspection, t } = context;
    const { roster } = inspection;
    if (roster === null || (roster.members.length === 0 && roster.counts === null)) return html`<p>${t.roster.empty}</p>`;
    const { counts, members } = roster;
    return html`
      <p>${t.roster.count(counts?.total ?? members.length)}${counts === null ? nothing : ` · ${roles(counts)}`}</p>
      <ul class="members">
        ${members.slice(0, SHOWN).map((member) => this.#member(member, context))}
      </ul>
    `;
  }

  #member(member: RosterMember, context: PanelContext): TemplateResult {
    const { inspection, t } = context;
    const { connectionId, clientId, bundleId, role, isSelf, audio, video, turnTransportType } = member;
    const isFocused = inspection.focused.some((sender) => sender.connectionId === connectionId);
    const media = [audio === true ? t.media.audio : '', video === true ? t.media.video : ''].filter((each) => each !== '').join(', ');
    const details = [role, media, turnTransportType === undefined ? '' : `TURN ${turnTransportType}`, bundleId];
    return html`<li>
      <span class="code">${connectionId}</span>${copyButton(t.facts.connectionId, () => connectionId, context)}
      ${clientId === undefined || clientId === connectionId ? nothing : html`<strong>${clientId}</strong>`}
      <span>${details.filter((each) => each !== undefined && each !== '').join(' · ')}</span>
      ${isSelf ? html`<span class="badge">${t.roster.self}</span>` : nothing}
      ${isFocused ? html`<span class="badge">${t.roster.focused}</span>` : nothing}
    </li>`;
  }
}

const roles = (counts: { readonly sendrecv: number; readonly sendonly: number; readonly recvonly: number }): string =>
  `sendrecv ${counts.sendrecv}, sendonly ${counts.sendonly}, recvonly ${counts.recvonly}`;

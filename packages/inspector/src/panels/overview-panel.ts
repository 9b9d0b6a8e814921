import { type TemplateResult, html } from 'lit/html.js';
import { describeTermination } from 'rx-sora';
import type { Inspection } from '../model/inspection.ts';
import type { Texts } from '../texts/texts.ts';
import { type Fact, factsList } from '../view/facts-list.ts';
import type { Panel, PanelContext } from '../view/panel.ts';

/** Who is connected where, and how. */
export class OverviewPanel implements Panel {
  render(context: PanelContext): TemplateResult {
    const { inspection, t, locale, redact } = context;
    const { termination } = inspection;
    const masked = (fact: Fact): Fact => (fact.value === undefined ? fact : { ...fact, value: String(redact(fact.value)) });
    return html`
      ${termination === null ? html`` : html`<p class="verdict">${redact(describeTermination(termination, locale))}</p>`}
      <section>
        <h3>${t.identifiers}</h3>
        ${factsList(identifiers(inspection, t).map(masked), context)}
      </section>
      <section>
        <h3>${t.connection}</h3>
        ${factsList(connection(inspection, t).map(masked), context)}
      </section>
    `;
  }
}

function identifiers({ connected, facts, termination }: Inspection, t: Texts): readonly Fact[] {
  const fact = (name: string, ...values: readonly (string | null | undefined)[]): Fact => ({
    name,
    value: values.find((value) => typeof value === 'string' && value !== '') ?? undefined,
    copy: true,
  });
  return [
    fact(t.facts.channelId, connected?.channelId, facts.channelId, termination?.channelId),
    fact(t.facts.connectionId, connected?.connectionId, facts.connectionId, termination?.connectionId),
    fact(t.facts.clientId, connected?.clientId, facts.clientId),
    fact(t.facts.bundleId, connected?.bundleId, facts.bundleId),
    fact(t.facts.sessionId, connected?.sessionId, facts.sessionId, termination?.sessionId),
    fact(t.facts.contactUrl, connected?.contactUrl),
    fact(t.facts.connectedUrl, connected?.connectedUrl, facts.url),
  ];
}

/** How signaling goes now: what `switched` said, and before it what was asked for. */
function modeOf({ switched, dataChannelSignaling, ignoreDisconnectWebSocket }: Inspection['facts'], t: Texts): string | undefined {
  if (switched !== undefined) return switched ? t.modes.datachannel : t.modes.both;
  if (dataChannelSignaling === undefined) return undefined;
  const asked = !dataChannelSignaling ? t.modes.websocket : ignoreDisconnectWebSocket === true ? t.modes.datachannel : t.modes.both;
  return dataChannelSignaling ? `${t.modes.websocket} → ${asked}` : asked;
}

function connection({ connected, facts, network, channels, sample, termination }: Inspection, t: Texts): readonly Fact[] {
  const yesNo = (value: boolean | undefined): string | undefined => (value === undefined ? undefined : value ? t.yes : t.no);
  const path = sample?.path;
  const types = [path?.localCandidateType, path?.remoteCandidateType].filter((type) => type !== undefined).join(' → ');
  const protocols = [path?.protocol, path?.relayProtocol === undefined ? undefined : `TURN ${path.relayProtocol}`].filter(
    (each) => each !== undefined,
  );
  const connectedAt = connected?.connectedAt ?? termination?.connectedAt;
  const methods = connected?.rpcMethods ?? facts.rpcMethods ?? [];
  const list = (items: readonly string[]): string | undefined => (items.length === 0 ? undefined : items.join(', '));
  return [
    { name: t.facts.role, value: facts.role },
    { name: t.facts.mode, value: modeOf(facts, t) },
    { name: t.facts.connectedAfter, value: typeof connectedAt === 'number' ? `${Math.round(connectedAt)} ms` : undefined },
    { name: t.facts.simulcast, value: yesNo(connected?.simulcast ?? facts.simulcast) },
    { name: t.facts.spotlight, value: yesNo(connected?.spotlight ?? facts.spotlight) },
    { name: t.facts.network, value: network === null ? undefined : t.networkLevels[network] },
    { name: t.facts.path, value: list([types, ...protocols].filter((part) => part !== '')) },
    { name: t.facts.turnUrl, value: turnUrl(sample) },
    { name: t.facts.channels, value: list(channels.map(({ label, direction }) => `${label} (${direction})`)) },
    { name: t.facts.rpcMethods, value: list(methods) },
    { name: t.facts.server, value: facts.serverVersion },
    { name: t.facts.client, value: facts.client },
    { name: t.facts.environment, value: facts.environment },
  ];
}

/** The TURN server that the chosen pair of candidates goes through. @source W3C webrtc-stats, RTCIceCandidateStats.url */
function turnUrl(sample: Inspection['sample']): string | undefined {
  const reports = (sample?.reports ?? []) as readonly (RTCStats & Readonly<Record<string, unknown>>)[];
  const idOf = (value: unknown): string => (typeof value === 'string' ? value : '');
  const transport = reports.find(({ type }) => type === 'transport');
  const pairId = idOf(transport?.['selectedCandidatePairId']);
  const pair = reports.find((each) => (pairId === '' ? each['selected'] === true : each.id === pairId));
  const local = reports.find(({ id }) => id === idOf(pair?.['localCandidateId']));
  return local?.['candidateType'] === 'relay' && typeof local['url'] === 'string' ? local['url'] : undefined;
}

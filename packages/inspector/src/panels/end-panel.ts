import { type TemplateResult, html } from 'lit/html.js';
import { type Termination, describeTermination, terminationRules } from 'rx-sora';
import { summaryOf } from '../model/entry-text.ts';
import { copyButton } from '../view/copy-button.ts';
import { type Fact, factsList } from '../view/facts-list.ts';
import { jsonText, jsonView } from '../view/json.ts';
import type { Panel, PanelContext } from '../view/panel.ts';

/** Entries before the end that are shown. */
const BEFORE = 10;

/** Why the session ended, by which rule, and what else was seen. */
export class EndPanel implements Panel {
  render(context: PanelContext): TemplateResult {
    const { inspection, t, locale, redact } = context;
    const { termination } = inspection;
    if (termination === null) return html`<p>${t.end.alive}</p>`;
    return html`
      <section>
        <h3>${t.end.why}</h3>
        <p class="verdict">${redact(describeTermination(termination, locale))}</p>
        ${factsList(facts(termination, context), context)}
      </section>
      <section>
        <h3>${t.end.trailing}</h3>
        ${trailing(termination, context)}
      </section>
      <section>
        <h3>${t.end.before}</h3>
        ${entriesBefore(context)}
      </section>
      <section>
        <h3>${t.end.record} ${copyButton('Termination', () => jsonText(redact(termination)), context)}</h3>
        ${jsonView(redact(termination), t.end.record)}
      </section>
    `;
  }
}

function facts(termination: Termination, { inspection, t }: PanelContext): readonly Fact[] {
  const { end } = t;
  const { fields } = end;
  const { kind, phase, switched, initiator, retry, sent, startedAt, connectedAt, causeAt, endedAt } = termination;
  const rules = terminationRules(inspection.log.entries, termination);
  const via = sent?.via === 'websocket' ? 'WebSocket' : 'DataChannel';
  return [
    { name: fields.kind, value: kind },
    { name: fields.rule, value: rules === '' ? undefined : rules },
    { name: fields.initiator, value: end.initiators[initiator] },
    { name: fields.retry, value: end.retries[retry] },
    { name: fields.phase, value: t.states[phase] },
    { name: fields.switched, value: switched === null ? t.none : switched ? t.modes.datachannel : t.modes.both },
    { name: fields.sent, value: sent === null ? end.nothingSent : end.sent(sent.reason, via, sent.ok) },
    { name: fields.startedAt, value: new Date(startedAt).toISOString() },
    { name: fields.connectedAt, value: connectedAt === null ? end.neverConnected : end.afterMs(connectedAt) },
    { name: fields.causeAt, value: end.afterMs(causeAt) },
    { name: fields.endedAt, value: end.afterMs(endedAt) },
  ];
}

const trailing = ({ trailing: entries }: Termination, { t, redact }: PanelContext): TemplateResult =>
  entries.length === 0
    ? html`<p>${t.end.noTrailing}</p>`
    : table(
        t,
        entries.map(({ at, source, what, detail }) => [String(Math.round(at)), source, what, String(redact(detail ?? ''))]),
      );

function entriesBefore({ inspection, t }: PanelContext): TemplateResult {
  const { entries } = inspection.log;
  const ending = entries.findLastIndex(({ source, what }) => source === 'session' && what === 'ending');
  const until = ending < 0 ? entries.length : ending + 1;
  const shown = entries.slice(Math.max(0, until - BEFORE), until);
  if (shown.length === 0) return html`<p>${t.timeline.empty}</p>`;
  return table(
    t,
    shown.map((entry) => [String(Math.round(entry.at)), t.sources[entry.source], entry.what, summaryOf(entry)]),
  );
}

const table = ({ columns }: PanelContext['t'], rows: readonly (readonly string[])[]): TemplateResult =>
  html`<div class="scroller" tabindex="0" role="group" aria-label=${columns.detail}>
    <table>
      <thead>
        <tr>
          ${[columns.at, columns.source, columns.what, columns.detail].map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;

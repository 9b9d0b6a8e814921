import { type TemplateResult, html, nothing } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FaultRule, LabLogEntry, ListedFault } from 'rx-sora-lab';
import type { AppContext } from '../app-context.ts';
import { FaultButtons } from '../faults/fault-buttons.ts';
import { check } from '../form/form-view.ts';
import { jsonOf } from '../json-of.ts';
import { type ListedConnection, lab } from './lab-client.ts';

/** Lines of the log that are drawn. */
const LOG_LINES = 200;

const FIRST_RULE = '{ "fault": { "kind": "websocket-close", "code": 4490 }, "at": "connected", "times": 1 }';

/** What the lab itself knows and offers: every connection, the rules, the HTTP API, the log. */
export class ServerView {
  readonly #faultsOfAll = new FaultButtons();
  readonly #faultsToCome = new FaultButtons();
  readonly #faults = new Map<string, FaultButtons>();
  readonly #open = new Set<string>();
  #rule = FIRST_RULE;
  #target = '';
  #once = true;
  /** What the user has written; null until then. */
  #body: string | null = null;
  #answer: string | null = null;

  render(context: AppContext): TemplateResult {
    const { t, server } = context;
    return html`<section class="server" aria-labelledby="server-title">
      <h2 id="server-title">${t.server.title}</h2>
      ${this.#urls(context)} ${this.#connections(context)} ${this.#rules(context)} ${this.#api(context)}
      <h3>${t.server.log}</h3>
      <p>${check('log', t.server.withMessages, context)} <a href="/lab/log">${t.server.allOfIt}</a></p>
      <ol class="log" tabindex="0" aria-label=${t.server.entries}>
        ${repeat(visible(server.log, context), ({ sequence }) => sequence, lineOf)}
      </ol>
    </section>`;
  }

  #urls({ t, server }: AppContext): TemplateResult {
    const { origin } = location;
    return html`<h3>${t.server.urls}</h3>
      <dl class="facts">
        ${(server.facts?.urls ?? []).map((url) => fact('Signaling', url))} ${fact(t.server.api, `POST ${origin}/ x-sora-target`)}
        ${fact('Control', `${origin}/lab`)}
      </dl>`;
  }

  #connections(context: AppContext): TemplateResult {
    const { t, server } = context;
    const { connections } = server;
    const all = { name: t.faults.all, alive: () => ({}), next: {}, once: true };
    return html`<h3>${t.server.connections} <span class="count">${connections.length}</span></h3>
      ${
        connections.length === 0
          ? html`<p>${t.server.nobody}</p>`
          : html`<ul class="connections">
                ${repeat(
                  connections,
                  ({ connectionId }) => connectionId,
                  (connection) => this.#connection(connection, context),
                )}
              </ul>
              <h4>${all.name}</h4>
              ${this.#breakable('*', all.name, connections, () => this.#faultsOfAll.render(all, context), context)}`
      }`;
  }

  #connection(connection: ListedConnection, context: AppContext): TemplateResult {
    const { t } = context;
    const { connectionId, clientId, channelId } = connection;
    const short = connectionId.slice(0, 6);
    const { facts } = t.server;
    let faults = this.#faults.get(connectionId);
    if (faults === undefined) this.#faults.set(connectionId, (faults = new FaultButtons()));
    const buttons = faults;
    const target = { name: short, alive: () => ({ connectionId }), next: { channelId, clientId }, once: true };
    return html`<li>
      <h4>${clientId === connectionId ? short : `${clientId} (${short})`}</h4>
      <dl class="facts">${(Object.keys(facts) as (keyof typeof facts)[]).map((name) => fact(facts[name], connection[name]))}</dl>
      ${this.#breakable(connectionId, short, [connection], () => buttons.render(target, context), context)}
    </li>`;
  }

  /** A button that disconnects, and the faults behind a switch. */
  #breakable(
    key: string,
    name: string,
    connections: readonly ListedConnection[],
    faults: () => TemplateResult,
    { t, perform, changed }: AppContext,
  ): TemplateResult {
    const isOpen = this.#open.has(key);
    return html`<div class="line">
        <button type="button" aria-label="${t.disconnect}, ${name}" @click=${() => perform(() => disconnect(connections, t))}>
          ${t.disconnect}
        </button>
        <button
          type="button"
          aria-label="${t.faults.title}, ${name}"
          aria-expanded=${isOpen}
          @click=${() => {
            if (!this.#open.delete(key)) this.#open.add(key);
            changed();
          }}
        >
          ${t.faults.title}
        </button>
      </div>
      ${isOpen ? faults() : nothing}`;
  }

  #rules(context: AppContext): TemplateResult {
    const { t, server, perform } = context;
    return html`<h3>${t.server.rules}</h3>
      ${server.rules.length === 0 ? html`<p>${t.server.noRules}</p>` : nothing}
      <ul class="rules">
        ${repeat(
          server.rules,
          ({ id }) => id,
          (rule) => ruleLine(rule, context),
        )}
      </ul>
      <details>
        <summary>${t.server.addFault}</summary>
        <fieldset>
          <legend>${t.server.howLong}</legend>
          ${this.#duration(true, t.server.once, context)} ${this.#duration(false, t.server.always, context)}
        </fieldset>
        ${this.#faultsToCome.render({ name: t.faults.next, alive: () => null, next: {}, once: this.#once }, context)}
      </details>
      <form
        class="line"
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          perform(() => lab.add(jsonOf(this.#rule, t) as FaultRule).then(() => t.server.ruleAdded));
        }}
      >
        <label class="wide"
          ><span>${t.server.anyRule}</span
          ><textarea
            rows="2"
            spellcheck="false"
            .value=${live(this.#rule)}
            @input=${({ currentTarget }: Event) => (this.#rule = (currentTarget as HTMLTextAreaElement).value)}
          ></textarea>
        </label>
        <button type="submit">${t.server.addRule}</button>
      </form>`;
  }

  #duration(once: boolean, label: string, { changed }: AppContext): TemplateResult {
    return html`<label class="check"
      ><input
        type="radio"
        name="once"
        .checked=${live(this.#once === once)}
        @change=${() => {
          this.#once = once;
          changed();
        }}
      /><span>${label}</span></label
    >`;
  }

  #api(context: AppContext): TemplateResult {
    const { t, server, form, perform, changed } = context;
    const targets = server.facts?.targets ?? [];
    if (this.#target === '') this.#target = targets[0] ?? '';
    const [first] = server.connections;
    const example = { channel_id: first?.channelId ?? form['channelId'] ?? '', connection_id: first?.connectionId ?? '' };
    const body = this.#body ?? JSON.stringify(example);
    return html`<h3>${t.server.api}</h3>
      <form
        class="stack"
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          perform(async () => {
            this.#answer = null;
            this.#answer = JSON.stringify(await lab.api(this.#target, jsonOf(body, t)), null, 2);
            return this.#target;
          });
        }}
      >
        <div class="line">
          <label
            ><span>${t.server.target}</span
            ><select
              @change=${({ currentTarget }: Event) => {
                this.#target = (currentTarget as HTMLSelectElement).value;
                changed();
              }}
            >
              ${targets.map((target) => html`<option .selected=${target === this.#target}>${target}</option>`)}
            </select></label
          >
          <label class="wide"
            ><span>${t.server.body}</span
            ><textarea
              rows="1"
              spellcheck="false"
              .value=${live(body)}
              @input=${({ currentTarget }: Event) => (this.#body = (currentTarget as HTMLTextAreaElement).value)}
            ></textarea>
          </label>
          <button type="submit">${t.server.call}</button>
        </div>
        ${this.#answer === null ? nothing : html`<pre tabindex="0" role="group" aria-label=${t.server.answer}>${this.#answer}</pre>`}
      </form>`;
  }
}

const fact = (name: string, value: string): TemplateResult =>
  html`<div>
    <dt>${name}</dt>
    <dd class="code">${value}</dd>
  </div>`;

/** Ends connections as Sora's API does. */
async function disconnect(connections: readonly ListedConnection[], t: AppContext['t']): Promise<string> {
  for (const { channelId, connectionId } of connections) {
    await lab.api('DisconnectConnection', { channel_id: channelId, connection_id: connectionId });
  }
  return t.server.disconnected(connections.length);
}

const ruleLine = ({ id, used, ...rule }: ListedFault, { t, perform }: AppContext): TemplateResult =>
  html`<li>
    <span class="code">${JSON.stringify(rule)}</span> <span>${t.server.used(used)}</span>
    <button
      type="button"
      aria-label="${t.server.remove} ${rule.fault.kind}"
      @click=${() => perform(() => lab.remove(id).then(() => t.faults.removed(rule.fault.kind)))}
    >
      ${t.server.remove}
    </button>
  </li>`;

/** The latest entries, newest first; messages of clients only where they are wanted. */
function visible(log: readonly LabLogEntry[], { form }: AppContext): readonly LabLogEntry[] {
  const isWanted = ({ kind, transport }: LabLogEntry): boolean => form['log'] === '1' || kind !== 'message' || transport === 'http';
  const found: LabLogEntry[] = [];
  for (let index = log.length - 1; index >= 0 && found.length < LOG_LINES; index -= 1) {
    const entry = log[index];
    if (entry !== undefined && isWanted(entry)) found.push(entry);
  }
  return found;
}

function lineOf(entry: LabLogEntry): TemplateResult {
  const { at, kind, connectionId, socket, node, direction, transport, label, type, detail = {} } = entry;
  const who = connectionId === undefined ? (socket === undefined ? node : `#${socket}`) : connectionId.slice(0, 6);
  const arrow = direction === undefined ? '' : direction === 'sent' ? '← ' : '→ ';
  const where = kind === 'message' ? ` (${label ?? transport ?? ''})` : label === undefined ? '' : ` ${label}`;
  const more = Object.entries(detail)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return html`<li class=${kind}>
    <time>${new Date(at).toTimeString().slice(0, 8)}</time> ${who}
    ${arrow}${kind === 'fault' ? 'fault ' : ''}${type}${where}${more.join('')}
  </li>`;
}

import { type TemplateResult, html, nothing } from 'lit/html.js';
import { type JsonObject, type JsonValue, SoraRpcError, rpc } from 'rx-sora';
import type { Inspection } from '../model/inspection.ts';
import { jsonView } from '../view/json.ts';
import type { Panel, PanelContext } from '../view/panel.ts';

/** A call that was made here. */
interface Call {
  readonly at: number;
  readonly method: string;
  readonly isNotification: boolean;
  tookMs?: number;
  result?: unknown;
  error?: unknown;
}

/** Parameters to begin with, of the methods that the vendor documents. */
const TEMPLATES: Readonly<Record<string, JsonValue>> = {
  '2025.2.0/RequestSimulcastRid': { rid: 'r0' },
  '2025.2.0/RequestSpotlightRid': { spotlight_focus_rid: 'r1', spotlight_unfocus_rid: 'r0' },
  '2025.2.0/ResetSpotlightRid': {},
  '2025.2.0/PutSignalingNotifyMetadata': { metadata: {}, push: true },
  '2025.2.0/PutSignalingNotifyMetadataItem': { key: 'name', value: 'value', push: true },
};

const templateOf = (method: string): string => JSON.stringify(TEMPLATES[method] ?? {}, null, 2);

/** Calls that are listed, newest first. */
const SHOWN = 20;

/** Calls methods of the server. */
export class RpcPanel implements Panel {
  #method = '';
  #params = '{}';
  #timeoutMs = 10_000;
  #isNotification = false;
  #problem = '';
  #inspection: Inspection | undefined;
  #calls: readonly Call[] = [];

  render(context: PanelContext): TemplateResult {
    const { inspection, t } = context;
    if (this.#inspection !== inspection) {
      this.#inspection = inspection;
      this.#calls = [];
      this.#method = '';
    }
    const methods = inspection.connected?.rpcMethods ?? [];
    return html`
      ${methods.length === 0 || inspection.session === null ? html`<p>${t.rpc.unavailable}</p>` : this.#form(methods, context)}
      ${this.#problem === '' ? nothing : html`<p class="bad" role="alert">${this.#problem}</p>`}
      ${
        this.#calls.length === 0
          ? nothing
          : html`<h3>${t.rpc.history}</h3>
              <ol class="calls">
                ${this.#calls.map((call) => this.#call(call, context))}
              </ol>`
      }
    `;
  }

  #form(methods: readonly string[], context: PanelContext): TemplateResult {
    const { t, changed } = context;
    if (!methods.includes(this.#method)) {
      this.#method = methods[0] ?? '';
      this.#params = templateOf(this.#method);
    }
    const valueOf = ({ currentTarget }: Event): string => (currentTarget as HTMLInputElement).value;
    return html`<form class="stack" @submit=${(event: SubmitEvent) => this.#submit(event, context)}>
      <label
        ><span>${t.rpc.method}</span
        ><select
          @change=${(event: Event) => {
            this.#method = valueOf(event);
            this.#params = templateOf(this.#method);
            changed();
          }}
        >
          ${methods.map((method) => html`<option .selected=${method === this.#method}>${method}</option>`)}
        </select></label
      >
      <label
        ><span>${t.rpc.params}</span
        ><textarea
          rows="4"
          spellcheck="false"
          .value=${this.#params}
          @input=${(event: Event) => (this.#params = valueOf(event))}
        ></textarea>
      </label>
      <div class="line">
        <label
          ><span>${t.rpc.timeout}</span
          ><input
            type="number"
            min="0"
            max="2147483647"
            .value=${String(this.#timeoutMs)}
            @input=${(event: Event) => (this.#timeoutMs = Number(valueOf(event)))}
        /></label>
        <label class="check"
          ><input
            type="checkbox"
            .checked=${this.#isNotification}
            @change=${({ currentTarget }: Event) => (this.#isNotification = (currentTarget as HTMLInputElement).checked)}
          /><span>${t.rpc.notification}</span></label
        >
        <button type="submit">${t.rpc.call}</button>
      </div>
    </form>`;
  }

  #submit(event: SubmitEvent, context: PanelContext): void {
    event.preventDefault();
    const { inspection, t, changed } = context;
    const { session } = inspection;
    if (session === null) return;
    this.#problem = '';
    let params: JsonObject | readonly JsonValue[] | undefined;
    try {
      params = this.#params.trim() === '' ? undefined : (JSON.parse(this.#params) as JsonObject);
    } catch (error) {
      this.#problem = t.rpc.notJson(error instanceof Error ? error.message : String(error));
      changed();
      return;
    }
    const startedAt = performance.now();
    const call: Call = { at: inspection.lastAt, method: this.#method, isNotification: this.#isNotification };
    this.#calls = [call, ...this.#calls.slice(0, SHOWN - 1)];
    const settled = (outcome: Pick<Call, 'result' | 'error'>): void => {
      Object.assign(call, outcome, { tookMs: Math.round(performance.now() - startedAt) });
      changed();
    };
    rpc(session, this.#method as string & Record<never, never>, params, {
      timeoutMs: this.#timeoutMs,
      notification: this.#isNotification,
    }).then(
      (result: unknown) => settled({ result: result ?? null }),
      (error: unknown) => settled({ error: error instanceof SoraRpcError ? plain(error) : String(error) }),
    );
    changed();
  }

  #call(call: Call, { t, redact }: PanelContext): TemplateResult {
    const { method, tookMs, isNotification, error } = call;
    const time = tookMs === undefined ? t.rpc.pending : t.rpc.took(tookMs);
    return html`<li>
      <span class="what">${method}</span> <span class="quiet">${time}</span>
      ${
        error !== undefined
          ? html`<div class="bad">${jsonView(redact(error), method)}</div>`
          : tookMs === undefined
            ? nothing
            : isNotification
              ? html`<p>${t.rpc.notified}</p>`
              : jsonView(resultOf(call, redact), method)
      }
    </li>`;
  }
}

/** A result may be the metadata that was stored: the policy knows it by the message around it. */
function resultOf({ method, result }: Call, redact: PanelContext['redact']): unknown {
  const masked = redact({ jsonrpc: '2.0', method, result });
  return typeof masked === 'object' && masked !== null && 'result' in masked ? masked.result : masked;
}

const plain = ({ code, message, data }: SoraRpcError): object => ({ code, message, ...(data !== undefined && { data }) });

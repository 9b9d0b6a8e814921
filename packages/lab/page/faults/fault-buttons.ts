import { type TemplateResult, html } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import type { Fault, FaultKind, FaultMatch } from 'rx-sora-lab';
import type { AppContext } from '../app-context.ts';
import { jsonOf } from '../json-of.ts';
import { lab } from '../server/lab-client.ts';
import { FAULT_DEFAULTS, FAULT_GROUPS, groupOf } from './fault-defaults.ts';

/** Whom faults are for. */
export interface FaultTarget {
  /** In the words of the page. */
  readonly name: string;
  /** Those that are alive; null where there are none. Asked when a button is pressed: a connection may be there that is not drawn yet. */
  readonly alive: () => FaultMatch | null;
  /** Those to come. */
  readonly next: FaultMatch;
  /** Whether a fault is for the next connection alone, or for each until it is removed. */
  readonly once: boolean;
}

/** Faults that a connection which is alive takes on, beside the actions. */
const LIVE_SHAPING: readonly FaultKind[] = [
  'ping-withheld',
  'pong-ignored',
  'disconnect-ignored',
  'disconnect-delayed',
  'end-without',
  'slow-channel-close',
  'rpc-silent',
  'rpc-delayed',
  'rpc-error',
  'rpc-duplicate',
];

/** A button for every fault of the lab, and the last one as JSON, to be changed and injected again. */
export class FaultButtons {
  #edited = '';

  render(target: FaultTarget, context: AppContext): TemplateResult {
    const { t, kinds, perform } = context;
    return html`<div role="group" aria-label=${t.faults.of(target.name)} class="faults">
      ${FAULT_GROUPS.map(
        ([group, each]) =>
          html`<p><strong>${t.faults.groups[group]}</strong></p>
            <div class="buttons">
              ${each.map(
                (kind) =>
                  html`<button
                    type="button"
                    title=${kinds.get(kind) ?? ''}
                    aria-label="${kind}, ${target.name}"
                    @click=${() => {
                      this.#edited = JSON.stringify(FAULT_DEFAULTS[kind]);
                      perform(() => inject(FAULT_DEFAULTS[kind], target, context));
                    }}
                  >
                    ${kind}
                  </button>`,
              )}
            </div>`,
      )}
      <div class="line">
        <label class="wide"
          ><span>${t.faults.edit}</span
          ><input
            class="code"
            spellcheck="false"
            autocomplete="off"
            .value=${live(this.#edited)}
            @input=${({ currentTarget }: Event) => (this.#edited = (currentTarget as HTMLInputElement).value)}
        /></label>
        <button type="button" @click=${() => perform(() => inject(jsonOf(this.#edited, t) as Fault, target, context))}>
          ${t.faults.inject}
        </button>
      </div>
    </div>`;
  }
}

/** Injects a fault now where that makes sense and somebody is alive, otherwise into the next connection. Resolves with what was done. */
async function inject(fault: Fault, { alive, next, once }: FaultTarget, { t }: AppContext): Promise<string> {
  const { kind } = fault;
  const living = alive();
  const isForLiving = groupOf(kind) === 'action' || LIVE_SHAPING.includes(kind);
  if (isForLiving && living !== null) {
    const { connections } = await lab.inject(fault, living);
    return t.faults.done(kind, connections);
  }
  // Before `connect` the lab knows nothing of a client that it could match.
  const match = groupOf(kind) === 'opening' ? {} : next;
  // A closed port is no matter of one connection; its own limit opens it again.
  await lab.add({ fault, match, ...(once && kind !== 'refused' && { times: 1 }) });
  return t.faults.added(kind);
}

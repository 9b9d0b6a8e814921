import { type TemplateResult, html, nothing } from 'lit/html.js';
import type { Panel, PanelContext } from '../view/panel.ts';

const DIRECTIONS = ['send', 'receive'] as const;
const KINDS = ['video', 'audio'] as const;

/** A codec with the parameters of all its rows. */
interface CodecRow {
  readonly mimeType: string;
  readonly clockRate: number;
  readonly channels: number | undefined;
  readonly parameters: readonly string[];
}

/** What the browser can send and receive, and what is in use. */
export class CodecsPanel implements Panel {
  /** They do not change while a page lives. */
  #capabilities: ReadonlyMap<string, RTCRtpCapabilities | null> | undefined;

  render({ inspection, t }: PanelContext): TemplateResult {
    this.#capabilities ??= capabilities();
    const used = new Set(
      [...(inspection.sample?.inbound ?? []), ...(inspection.sample?.outbound ?? [])].map(({ codec }) => codec?.toLowerCase()),
    );
    const tables = [...this.#capabilities].filter((entry): entry is [string, RTCRtpCapabilities] => entry[1] !== null);
    if (tables.length === 0) return html`<p>${t.codecs.unavailable}</p>`;
    return html`${tables.map(([key, { codecs, headerExtensions }]) => {
      const [direction, kind] = key.split(' ') as [(typeof DIRECTIONS)[number], (typeof KINDS)[number]];
      const caption = t.codecs.caption(t.codecs[direction], t.media[kind]);
      return html`<section>
        <h3>${caption}</h3>
        <ul class="codecs">
          ${rowsOf(codecs).map(
            ({ mimeType, clockRate, channels, parameters }) =>
              html`<li>
                <span class="what">${mimeType}</span>
                <span class="quiet">${clockRate} Hz${channels === undefined ? nothing : ` × ${channels}`}</span>
                ${used.has(mimeType.toLowerCase()) ? html`<span class="badge">${t.codecs.inUse}</span>` : nothing}
                ${
                  parameters.length === 0
                    ? nothing
                    : html`<ul aria-label=${t.codecs.parameters}>
                        ${parameters.map((line) => html`<li class="code">${line}</li>`)}
                      </ul>`
                }
              </li>`,
          )}
        </ul>
        <details>
          <summary>${t.codecs.headerExtensions} (${headerExtensions.length})</summary>
          <ul>
            ${headerExtensions.map(({ uri }) => html`<li class="code">${uri}</li>`)}
          </ul>
        </details>
      </section>`;
    })}`;
  }
}

/** @source W3C WebRTC 5.2 and 5.3, getCapabilities */
export function capabilities(): ReadonlyMap<string, RTCRtpCapabilities | null> {
  const globals: Partial<typeof globalThis> = globalThis;
  const { RTCRtpSender: sender, RTCRtpReceiver: receiver } = globals;
  return new Map(
    DIRECTIONS.flatMap((direction) =>
      KINDS.map((kind) => [`${direction} ${kind}`, (direction === 'send' ? sender : receiver)?.getCapabilities(kind) ?? null] as const),
    ),
  );
}

function rowsOf(codecs: RTCRtpCapabilities['codecs']): readonly CodecRow[] {
  const rows = new Map<string, CodecRow>();
  for (const { mimeType, clockRate, channels, sdpFmtpLine } of codecs) {
    const key = `${mimeType} ${clockRate}`;
    const { parameters = [] } = rows.get(key) ?? {};
    rows.set(key, { mimeType, clockRate, channels, parameters: sdpFmtpLine === undefined ? parameters : [...parameters, sdpFmtpLine] });
  }
  return [...rows.values()];
}

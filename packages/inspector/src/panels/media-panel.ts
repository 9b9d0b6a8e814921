import { type TemplateResult, html, nothing } from 'lit/html.js';
import type { Measure, OutboundStats } from 'rx-sora';
import { type ReceivedRow, gradeOf, receivedRows, sentRows } from '../model/media-rows.ts';
import { kilobits, measure, milliseconds, percent } from '../view/measure.ts';
import type { Panel, PanelContext } from '../view/panel.ts';

type Cell = readonly [name: string, content: TemplateResult | string];

/** What is known of each stream of media, received and sent. */
export class MediaPanel implements Panel {
  render(context: PanelContext): TemplateResult {
    const { inspection, t } = context;
    const received = receivedRows(inspection.sample, inspection.remoteStreams, inspection.layers);
    const sent = sentRows(inspection.sample);
    return html`
      <section>
        <h3>${t.media.received}</h3>
        ${
          received.length === 0
            ? html`<p>${t.media.none}</p>`
            : html`<ul class="streams">
                ${received.map((row) => receivedStream(row, context))}
              </ul>`
        }
      </section>
      <section>
        <h3>${t.media.sent}</h3>
        ${
          sent.length === 0
            ? html`<p>${t.media.none}</p>`
            : html`<ul class="streams">
                ${sent.map((row) => sentStream(row, context))}
              </ul>`
        }
      </section>
    `;
  }
}

function receivedStream({ stats, connectionId, layer }: ReceivedRow, { t }: PanelContext): TemplateResult {
  const { fields } = t.media;
  const isVideo = stats.kind === 'video';
  const common: readonly Cell[] = [
    [fields.codec, stats.codec ?? '–'],
    [fields.bitrate, kilobits(stats.bitsPerSecond)],
    [fields.jitterBuffer, buffer(stats.jitterBufferDelayMs, t)],
    [fields.jitter, milliseconds(stats.jitterMs)],
    [fields.loss, percent(stats.lossRatio)],
  ];
  const own: readonly Cell[] = isVideo
    ? [
        [fields.layer, layer?.currentRid ?? t.media.layerUnknown],
        [fields.size, sizeOf(stats)],
        [fields.frameRate, measure(stats.framesPerSecond, 'fps', { digits: 1 })],
        [fields.decode, milliseconds(stats.decodeTimeMs)],
        [fields.freezes, measure(stats.freezes)],
      ]
    : [[fields.level, level(stats.audioLevel, fields.level)]];
  const title = `${isVideo ? t.media.video : t.media.audio}${connectionId === null ? '' : ` ${t.media.of(connectionId)}`}`;
  return stream(title, [...common, ...own]);
}

function sentStream(stats: OutboundStats, { t }: PanelContext): TemplateResult {
  const { fields } = t.media;
  const isVideo = stats.kind === 'video';
  const common: readonly Cell[] = [
    [fields.codec, stats.codec ?? '–'],
    [fields.bitrate, kilobits(stats.bitsPerSecond)],
    [fields.roundTrip, milliseconds(stats.rttMs)],
    [fields.loss, percent(stats.lossRatio)],
  ];
  const own: readonly Cell[] = isVideo
    ? [
        [fields.size, sizeOf(stats)],
        [fields.frameRate, measure(stats.framesPerSecond, 'fps', { digits: 1 })],
        [fields.encode, milliseconds(stats.encodeTimeMs)],
        [fields.limitation, stats.limitation ?? '–'],
        ...(stats.active === undefined ? [] : [[fields.active, stats.active ? t.yes : t.no] as const]),
      ]
    : [[fields.level, level(stats.audioLevel, fields.level)]];
  const title = `${isVideo ? t.media.video : t.media.audio}${stats.rid === undefined ? '' : ` ${t.media.layer(stats.rid)}`}`;
  return stream(title, [...common, ...own]);
}

const stream = (title: string, cells: readonly Cell[]): TemplateResult =>
  html`<li>
    <h4>${title}</h4>
    <dl class="cells">
      ${cells.map(
        ([name, content]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${content}</dd>
          </div>`,
      )}
    </dl>
  </li>`;

const sizeOf = ({ width, height }: { readonly width: Measure; readonly height: Measure }): string =>
  typeof width === 'number' && typeof height === 'number' ? `${width}×${height}` : '–';

function buffer(delayMs: Measure, { media: { grades } }: PanelContext['t']): TemplateResult | string {
  if (typeof delayMs !== 'number') return '–';
  const grade = gradeOf(delayMs);
  return html`<span class="grade ${grade}">${milliseconds(delayMs)}${grade === 'short' ? nothing : ` (${grades[grade]})`}</span>`;
}

/** The square root, because loudness is heard that way. */
const level = (value: Measure, name: string): TemplateResult | string =>
  typeof value === 'number' ? html`<meter min="0" max="1" .value=${Math.sqrt(value)} aria-label=${name}></meter>` : '–';

import type { RemoteStream } from 'rx-sora';
import { element, made } from './element.ts';
import { nameOf } from './members.ts';

const tiles = element('section', 'tiles');
const self = element('video', 'self');
const figures = new Map<string, HTMLElement>();

/** One's own picture. */
export function showSelf(stream: MediaStream | null): void {
  self.srcObject = stream;
  self.closest('figure')?.toggleAttribute('hidden', stream === null);
}

/** A tile for everybody who sends. */
export function showTiles(streams: readonly RemoteStream[]): void {
  for (const [id, figure] of figures) {
    if (streams.some(({ connectionId }) => connectionId === id)) continue;
    figure.remove();
    figures.delete(id);
  }
  for (const { connectionId, stream } of streams) {
    if (figures.has(connectionId)) continue;
    const figure = made('figure');
    const video = made('video');
    video.autoplay = true;
    video.playsInline = true;
    video.srcObject = stream;
    const caption = made('figcaption', nameOf(connectionId));
    caption.dataset['connectionId'] = connectionId;
    figure.append(video, caption);
    figures.set(connectionId, figure);
    tiles.append(figure);
  }
}

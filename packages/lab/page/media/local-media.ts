import { type Observable, of, tap } from 'rxjs';
import { displayMedia, userMedia } from 'rx-sora/media';
import { type FormState, type Side, sideValue, valueOf } from '../form/form-state.ts';
import { fakeMedia } from './fake-media.ts';

/** Where the media of a side come from. */
export const MEDIA_SOURCES = ['fake', 'camera', 'screen', 'none'] as const;

export const SIZES: readonly string[] = ['320x180', '640x360', '960x540', '1280x720', '1920x1080'];
export const FRAME_RATES: readonly string[] = ['5', '10', '15', '30', '60'];
export const CONTENT_HINTS: readonly string[] = ['motion', 'detail', 'text'];

/** The tone of each side, in Hz: one can hear whose it is. */
const TONES: Readonly<Record<Side, number>> = { a: 440, b: 660 };

/** The media that a side sends; null where it sends none. Cold; the tracks stop with the subscription. Errors where a device cannot be had. */
export function localMedia(state: FormState, side: Side): Observable<MediaStream | null> {
  if (sideValue(state, side, 'role') === 'recvonly') return of(null);
  const [width = 640, height = 360] = valueOf(state, 'size').split('x').map(Number);
  const frameRate = Number(valueOf(state, 'frameRate'));
  const hint = valueOf(state, 'contentHint');
  return sourceOf(sideValue(state, side, 'media'), {
    name: sideValue(state, side, 'clientId'),
    width,
    height,
    frameRate,
    toneHz: TONES[side],
  }).pipe(
    tap((stream) => {
      for (const track of stream?.getVideoTracks() ?? []) track.contentHint = hint;
    }),
  );
}

function sourceOf(source: string, settings: Parameters<typeof fakeMedia>[0]): Observable<MediaStream | null> {
  const { width, height, frameRate } = settings;
  switch (source) {
    case 'camera':
      return userMedia({ audio: true, video: { width, height, frameRate } });
    case 'screen':
      return displayMedia({ audio: true, video: { frameRate } });
    case 'none':
      return of(null);
    default:
      return fakeMedia(settings);
  }
}

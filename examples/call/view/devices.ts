import type { Devices } from 'rx-sora/media';
import { type Observable, fromEvent, map, merge, startWith } from 'rxjs';
import { element } from './element.ts';

/** The devices of choice as constraints: any camera and microphone at first. */
export interface Choice {
  readonly video: MediaTrackConstraints;
  readonly audio: MediaTrackConstraints;
}

const camera = element('select', 'camera');
const microphone = element('select', 'microphone');

const chosen = ({ value }: HTMLSelectElement): MediaTrackConstraints => (value === '' ? {} : { deviceId: { exact: value } });

/** What the user has chosen, then every change. */
export const choice$: Observable<Choice> = merge(fromEvent(camera, 'change'), fromEvent(microphone, 'change')).pipe(
  startWith(null),
  map(() => ({ video: { width: 640, height: 360, ...chosen(camera) }, audio: chosen(microphone) })),
);

/** What there is to choose from. */
export function showDevices({ cameras, microphones }: Devices): void {
  for (const [select, list] of [
    [camera, cameras],
    [microphone, microphones],
  ] as const) {
    const { value } = select;
    select.replaceChildren(...list.map(({ label, deviceId }, index) => new Option(label === '' ? `Device ${index + 1}` : label, deviceId)));
    if (list.some(({ deviceId }) => deviceId === value)) select.value = value;
  }
}

/** A track whose kind is known. */
export type Track = MediaStreamTrack & { readonly kind: 'audio' | 'video' };

export const tracksOf = (stream: MediaStream): Track[] =>
  stream.getTracks().filter((track): track is Track => /^(audio|video)$/.test(track.kind));

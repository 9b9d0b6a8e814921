// Everything between Angular and the SDK. The components see signals and methods only.
import { Directive, ElementRef, computed, effect, inject, input } from '@angular/core';
import { type Termination, describeTermination, replaceTrack, terminationTexts } from 'rx-sora';
import { type SoraCall, type SoraOptions, healthOf, injectCall, injectLatest, provideSora } from 'rx-sora/angular';
import { type SoraMediaError, devices, playback, userMedia } from 'rx-sora/media';
import { catchError, map, of } from 'rxjs';

/** The factory runs in the browser only, where there is a location. */
export const provideCalls = () => provideSora(() => ({ ...CALL, signalingUrl: `${location.origin.replace('http', 'ws')}/signaling` }));
const CALL: SoraOptions = { role: 'sendrecv', dataChannelSignaling: true, dataChannels: [{ label: '#chat', direction: 'sendrecv' }] };

export const sentenceOf = (t: Termination, language: 'en' | 'ja') => describeTermination(t, terminationTexts[language]);

export const injectDevices = () => injectLatest(devices, null);

/** A call with a camera and a microphone, which are off once it is over. The first answer of the devices begins it; another choice goes on in the same call. */
export function injectRoomCall(room: () => string, name: () => string, wanted: () => MediaStreamConstraints) {
  const media = injectLatest(() => (isOver() ? null : opened(wanted())), null);
  const first = computed(media, { equal: (before) => before !== null });
  const call: SoraCall = injectCall(() => {
    const { stream } = first() ?? {};
    if (stream === undefined) return null;
    return { channelId: room(), signalingNotifyMetadata: { name: name() }, ...(stream ? { stream } : { role: 'recvonly' }) };
  });
  const isOver = computed(() => call.step()?.kind === 'over');
  effect(() => {
    const [session, sent] = [call.session(), first()?.stream];
    for (const track of media()?.stream?.getTracks() ?? []) {
      if (session && sent?.getTracks().includes(track) === false)
        replaceTrack(session, track.kind as 'audio', track).catch(() => undefined);
    }
  });
  return { call, media, health: healthOf(call) };
}

const opened = (constraints: MediaStreamConstraints) =>
  userMedia(constraints).pipe(
    map((stream) => ({ stream, problem: null })),
    catchError(({ code }: SoraMediaError) => of({ stream: null, problem: code })),
  );

@Directive({ selector: 'video[appStream]', exportAs: 'appStream' })
export class StreamDirective {
  readonly appStream = input.required<MediaStream>();
  readonly #video = inject<ElementRef<HTMLVideoElement>>(ElementRef).nativeElement;
  readonly playback = injectLatest(() => playback(this.#video, this.appStream()), null);
}

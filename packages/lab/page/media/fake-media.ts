import { Observable, Subscription, asyncScheduler, interval, startWith } from 'rxjs';
import { drawColourBars } from './colour-bars.ts';

/** What fake media look and sound like. */
export interface FakeMediaSettings {
  /** Written into the picture. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  /** Of the tone, in Hz. */
  readonly toneHz: number;
}

/** Loud enough to be measured, quiet enough to be borne. */
const GAIN = 0.1;

/**
 * A stream without devices: colour bars with a clock, and a tone. Cold; emits one MediaStream, does not complete, and stops it with the subscription.
 *
 * A timer draws, because browsers stop animation frames of a page that is not looked at.
 */
export function fakeMedia(settings: FakeMediaSettings): Observable<MediaStream> {
  return new Observable((subscriber) => {
    const { name, width, height, frameRate, toneHz } = settings;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    if (context === null) {
      subscriber.error(new Error('the browser has no canvas'));
      return;
    }
    let frame = 0;
    const drawing = new Subscription();
    drawing.add(
      interval(1000 / frameRate)
        .pipe(startWith(0))
        .subscribe(() => drawColourBars(context, { name, at: new Date(asyncScheduler.now()), frame: frame++ })),
    );
    const { track, stop } = tone(toneHz);
    const stream = new MediaStream([...canvas.captureStream(frameRate).getVideoTracks(), track]);
    subscriber.add(drawing);
    subscriber.add(() => {
      for (const each of stream.getTracks()) each.stop();
      stop();
    });
    subscriber.next(stream);
  });
}

function tone(hz: number): { readonly track: MediaStreamTrack; readonly stop: () => void } {
  const audio = new AudioContext();
  const oscillator = new OscillatorNode(audio, { frequency: hz });
  const destination = new MediaStreamAudioDestinationNode(audio, { channelCount: 2 });
  oscillator.connect(new GainNode(audio, { gain: GAIN })).connect(destination);
  oscillator.start();
  const [track] = destination.stream.getAudioTracks();
  if (track === undefined) throw new Error('the browser made no audio track');
  return { track, stop: () => void audio.close() };
}

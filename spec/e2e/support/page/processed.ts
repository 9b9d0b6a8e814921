import { type ConnectOptions, createSession, replaceTrack, type Session } from 'rx-sora';
import { userMedia } from 'rx-sora/media';
import { type Subscription, Observable, ReplaySubject, firstValueFrom, interval, map, share } from 'rxjs';

/** A processor as the vendor's packages have it: draws the camera into a smaller canvas. */
class ShrinkingProcessor {
  readonly #video = document.createElement('video');
  #drawing: Subscription | null = null;

  async startProcessing(track: MediaStreamTrack): Promise<MediaStreamTrack> {
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 120 });
    Object.assign(this.#video, { srcObject: new MediaStream([track]), muted: true });
    await this.#video.play();
    this.#drawing = interval(50).subscribe(() => canvas.getContext('2d')?.drawImage(this.#video, 0, 0, canvas.width, canvas.height));
    return canvas.captureStream(20).getVideoTracks()[0]!;
  }

  stopProcessing(): void {
    this.#drawing?.unsubscribe();
    this.#video.srcObject = null;
  }

  get isProcessing(): boolean {
    return this.#drawing?.closed === false;
  }
}

/** As in the guide. */
function processed(start: () => Promise<MediaStreamTrack>, stop: () => void): Observable<MediaStreamTrack> {
  return new Observable((subscriber) => {
    start().then(
      (track) => {
        subscriber.add(() => {
          track.stop();
          stop();
        });
        subscriber.next(track);
      },
      (error: unknown) => subscriber.error(error),
    );
  });
}

const processor = new ShrinkingProcessor();
const shared = { connector: () => new ReplaySubject<MediaStreamTrack>(1) };
const stream$ = userMedia({ video: { width: 320, height: 240, frameRate: 20 } });
const camera$ = stream$.pipe(
  map((stream) => stream.getVideoTracks()[0]!),
  share(shared),
);
let session: Session;
let camera: MediaStreamTrack;
let holding: Subscription;
let processing: Subscription;

const bench = {
  /** Sends the camera as it is, and gives the `connectionId`. */
  send: async (options: ConnectOptions): Promise<string> => {
    holding = camera$.subscribe();
    camera = await firstValueFrom(camera$);
    session = createSession({ ...options, stream: await firstValueFrom(stream$) });
    return (await session.connect()).connectionId;
  },
  /** Sends what the processor makes of it. */
  process: async (): Promise<void> => {
    const processed$ = processed(
      () => processor.startProcessing(camera),
      () => processor.stopProcessing(),
    ).pipe(share(shared));
    processing = processed$.subscribe();
    await replaceTrack(session, 'video', await firstValueFrom(processed$));
  },
  /** Sends the camera as it is again. */
  unprocess: async (): Promise<void> => {
    await replaceTrack(session, 'video', camera);
    processing.unsubscribe();
  },
  /** Leaves, and says what is still open. */
  leave: async (): Promise<{ readonly camera: string; readonly isProcessing: boolean }> => {
    await session.disconnect();
    processing.unsubscribe();
    holding.unsubscribe();
    return { camera: camera.readyState, isProcessing: processor.isProcessing };
  },
};

/** What a page that sends a processed camera offers. */
export type ProcessedBench = typeof bench;

Object.assign(globalThis, { bench });

import { Observable, ReplaySubject, share } from 'rxjs';
import { withMediaErrors } from './media-error.ts';

/** How a stream is obtained, and what its end means. */
export interface Capture {
  /** Called synchronously on subscription: some browsers look for the user's gesture on the stack. */
  readonly obtain: () => PromiseLike<MediaStream>;
  /** The tracks whose end ends the capture. */
  readonly essential: (stream: MediaStream) => readonly MediaStreamTrack[];
  /** The error for an essential track that its source ended, or null where that is the regular end. */
  readonly onEnded: (track: MediaStreamTrack) => Error | null;
}

/**
 * A stream of local media that all subscribers share: obtained with the first, replayed to later ones, stopped with the last. A stream that
 * comes after the last subscriber has gone is stopped at once.
 *
 * @source W3C Media Capture and Streams, MediaStreamTrack: a source that ends fires `ended`, `stop()` does not
 */
export function capture({ obtain, essential, onEnded }: Capture): Observable<MediaStream> {
  return new Observable<MediaStream>((subscriber) => {
    obtain()
      .then((stream) => {
        // As they are now: an application may put other tracks into the stream and take these out, as replacing a track in a session does.
        const tracks = stream.getTracks();
        const stop = (): void => {
          for (const track of tracks) track.stop();
        };
        subscriber.add(stop);
        if (subscriber.closed) return;
        for (const track of essential(stream)) {
          const end = (): void => {
            // Before anybody learns of it: a subscriber that asks for the device again must find it free.
            stop();
            const error = onEnded(track);
            if (error) subscriber.error(error);
            else subscriber.complete();
          };
          // It may have ended on its way here, and then there is no event to come.
          if (track.readyState === 'ended') {
            end();
            return;
          }
          track.addEventListener('ended', end);
          subscriber.add(() => {
            track.removeEventListener('ended', end);
          });
        }
        subscriber.next(stream);
      })
      // Also for what is no stream, as of a getUserMedia that was replaced.
      .then(undefined, (error: unknown) => subscriber.error(error));
  }).pipe(
    withMediaErrors(),
    share({ connector: () => new ReplaySubject(1), resetOnComplete: true, resetOnError: true, resetOnRefCountZero: true }),
  );
}

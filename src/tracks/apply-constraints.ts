import { concat, defer, from, lastValueFrom } from 'rxjs';

/**
 * Applies constraints to the tracks of a live stream, one track after another: `audio` to the audio tracks, `video` to the video tracks. A kind
 * that is true, false or missing is left alone. Rejects with what the first track that cannot said; those before it are changed then.
 *
 * @example
 * ```ts
 * await applyMediaStreamConstraints(stream, { video: { frameRate: 10 } });
 * ```
 * @source W3C Media Capture and Streams 10, applyConstraints
 */
export async function applyMediaStreamConstraints(stream: MediaStream, constraints: MediaStreamConstraints): Promise<void> {
  const tracks = [...stream.getAudioTracks(), ...stream.getVideoTracks()];
  const changes = tracks.map((track) => {
    const wanted = constraints[track.kind as 'audio' | 'video'];
    return defer(() => (typeof wanted === 'object' ? from(track.applyConstraints(wanted)) : from([])));
  });
  await lastValueFrom(concat(...changes), { defaultValue: undefined });
}

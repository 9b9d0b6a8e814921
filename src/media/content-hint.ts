import type { MediaStreamTrackLike } from '../platform/w3c.ts';

/** Tells the browser what a track is, where the application has said so. Gives the track back. @source W3C mst-content-hint 3 */
export function hint<Track extends MediaStreamTrackLike>(track: Track, hints: Readonly<Record<string, string | undefined>>): Track {
  const contentHint = hints[track.kind];
  if (contentHint !== undefined) track.contentHint = contentHint;
  return track;
}

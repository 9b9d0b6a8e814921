import type { InboundStats } from './inbound-stats.ts';
import { type Measure, combine } from './stats-change.ts';

/**
 * How far sound and picture of one sender are apart, in milliseconds: positive where the sound is ahead. Null while one of them does not play
 * yet, undefined where the runtime does not tell.
 *
 * @param audio the row of the sender's sound, found by its `trackIdentifier`
 * @param video the row of its picture in the same sample; of another sender it is on another clock, and the result means nothing
 * @example
 * ```ts
 * stats(session).subscribe(({ inbound }) => {
 *   const audio = inbound.find(({ kind }) => kind === 'audio');
 *   const video = inbound.find(({ kind }) => kind === 'video');
 *   if (audio && video) console.log(avOffsetMs(audio, video)); // of one sender
 * });
 * ```
 * @source W3C webrtc-stats, estimatedPlayoutTimestamp
 */
export function avOffsetMs(audio: Pick<InboundStats, 'playoutTimeMs'>, video: Pick<InboundStats, 'playoutTimeMs'>): Measure {
  return combine([audio.playoutTimeMs, video.playoutTimeMs], ([heard = 0, seen = 0]) => heard - seen);
}

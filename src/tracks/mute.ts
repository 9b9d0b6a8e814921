/**
 * Switches the tracks of a kind off, or on again: silence or black is sent, no negotiation is needed, and the microphone or camera stays in
 * use. A track that replaces a muted one is not muted by this.
 *
 * @example
 * ```ts
 * setMuted(stream, 'audio', true);
 * ```
 * @source W3C Media Capture and Streams 4.3.1, enabled
 */
export function setMuted(stream: Pick<MediaStream, 'getTracks'>, kind: 'audio' | 'video', muted: boolean): void {
  for (const track of stream.getTracks()) if (track.kind === kind) track.enabled = !muted;
}

import type { InboundStats, OutboundStats, ReceivedLayer, RemoteStream, StatsSample } from 'rx-sora';

/** One stream of media that is received, with what is known of it from all sides. */
export interface ReceivedRow {
  readonly stats: InboundStats;
  /** Whose it is; null where no remote stream has the track. */
  readonly connectionId: string | null;
  /** Only of simulcast. */
  readonly layer: ReceivedLayer | null;
}

/** What is received, video first, in the order of the remote streams. */
export function receivedRows(
  sample: StatsSample | null,
  streams: readonly RemoteStream[],
  layers: readonly ReceivedLayer[],
): readonly ReceivedRow[] {
  const ownerOf = (trackId: string | undefined): string | null =>
    streams.find(({ tracks }) => tracks.some(({ id }) => id === trackId))?.connectionId ?? null;
  const place = ({ connectionId }: ReceivedRow): number => {
    const index = streams.findIndex((stream) => stream.connectionId === connectionId);
    return index < 0 ? streams.length : index;
  };
  const rows = (sample?.inbound ?? []).map((stats): ReceivedRow => {
    const connectionId = ownerOf(stats.trackIdentifier);
    const layer = stats.kind === 'video' ? layers.find(({ senderConnectionId }) => senderConnectionId === connectionId) : undefined;
    return { stats, connectionId, layer: layer ?? null };
  });
  const isVideo = ({ stats: { kind } }: ReceivedRow): number => (kind === 'video' ? 0 : 1);
  return rows.sort((a, b) => isVideo(a) - isVideo(b) || place(a) - place(b));
}

/** What is sent, video first, the smallest layer first. */
export function sentRows(sample: StatsSample | null): readonly OutboundStats[] {
  const isVideo = ({ kind }: OutboundStats): number => (kind === 'video' ? 0 : 1);
  return [...(sample?.outbound ?? [])].sort((a, b) => isVideo(a) - isVideo(b) || (a.rid ?? '').localeCompare(b.rid ?? ''));
}

/** How long a jitter buffer is, as one can hear or see it. */
export type BufferGrade = 'short' | 'noticeable' | 'long' | 'veryLong';

/** Grades of a delay in the jitter buffer, in milliseconds: 100, 300 and 500 are the borders that users of Sora know. */
export function gradeOf(delayMs: number): BufferGrade {
  if (delayMs < 100) return 'short';
  if (delayMs < 300) return 'noticeable';
  return delayMs < 500 ? 'long' : 'veryLong';
}

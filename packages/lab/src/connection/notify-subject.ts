import type { Agreement } from '../agreement.ts';
import type { NotifyMetadata, NotifySubject } from '../wire/notify-message.ts';

const MINUTE_MS = 60_000;

/** What notify messages tell about a connection now. `connectedAt` in Unix milliseconds; 0 before the media path was up. */
export function notifySubjectOf(agreement: Agreement, sessionId: string, metadata: NotifyMetadata, connectedAt: number): NotifySubject {
  const { role, clientId, bundleId, connectionId, audio, video } = agreement;
  return {
    role,
    sessionId,
    clientId,
    bundleId,
    connectionId,
    audio: audio !== false,
    video: video !== false,
    metadata,
    minutes: connectedAt === 0 ? 0 : Math.floor((Date.now() - connectedAt) / MINUTE_MS),
  };
}

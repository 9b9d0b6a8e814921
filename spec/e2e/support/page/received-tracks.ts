import { type Session, stats } from 'rx-sora';
import { combineLatest, map, type Observable } from 'rxjs';

/** What has come in of one remote track so far. */
export interface ReceivedTrack {
  readonly kind: string;
  /** Whose it is. */
  readonly connectionId: string;
  readonly framesDecoded: number;
  readonly frameWidth: number;
  /** Of all that was played, in the unit of the standard: above 0 is audible. @source W3C webrtc-stats, totalAudioEnergy */
  readonly audioEnergy: number;
}

export type Inbound = RTCInboundRtpStreamStats & { readonly totalAudioEnergy?: number };

export const isInbound = (report: RTCStats): report is Inbound => report.type === 'inbound-rtp';

/** The tracks that a session receives, anew with every sample of its statistics. */
export const receivedTracks = (session: Session): Observable<readonly ReceivedTrack[]> =>
  combineLatest([stats(session, 200), session.remoteStreams$]).pipe(
    map(([{ reports }, streams]) =>
      reports.filter(isInbound).flatMap((report) => {
        const from = streams.find(({ tracks }) => tracks.some(({ id }) => id === report.trackIdentifier));
        if (from === undefined) return [];
        const { kind, framesDecoded = 0, frameWidth = 0, totalAudioEnergy = 0 } = report;
        return [{ kind, connectionId: from.connectionId, framesDecoded, frameWidth, audioEnergy: totalAudioEnergy }];
      }),
    ),
  );

/** Plays a track, as an application would. */
export function playTrack(track: MediaStreamTrack): void {
  const element = document.createElement(track.kind === 'video' ? 'video' : 'audio');
  element.autoplay = true;
  element.srcObject = new MediaStream([track]);
  document.body.append(element);
}

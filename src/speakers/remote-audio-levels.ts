import { type Observable, concat, defer, exhaustMap, interval, last, map, of, scan, takeUntil } from 'rxjs';
import { quietly } from '../platform/quietly.ts';
import type { RtpReceiverLike, TransceiverLike } from '../platform/w3c.ts';
import { longestDelayMs, numberFrom } from '../session/option-check.ts';
import { internalsOf } from '../session/internals.ts';
import type { Session } from '../session/session.ts';
import { audioLevel } from '../stats/inbound-stats.ts';
import { reading } from '../stats/reading.ts';
import { type StatsEntry, changeOf, value } from '../stats/stats-change.ts';
import { byId } from '../stats/stats-report.ts';

/** How loud one remote track is. */
export interface RemoteAudioLevel {
  /** The connection that sends it. */
  readonly connectionId: string;
  readonly track: MediaStreamTrack;
  /** From 0, silence, to 1, full scale; null as long as the runtime does not tell. */
  readonly level: number | null;
}

/** The levels of one moment. */
export interface AudioLevelSample {
  /** Milliseconds on the session's clock. */
  readonly at: number;
  /** One per remote audio track. */
  readonly levels: readonly RemoteAudioLevel[];
}

/**
 * How loud the remote streams are, at once and every `periodMs`: for the meters in their tiles. Who speaks is what `activeSpeakers()` says.
 *
 * What the packets say of themselves is read, which costs next to nothing; statistics are asked only where they do not. A track of which nothing has
 * been played for 300 ms is silent. Cold: each subscription samples by itself; ends with the session, never errors. For a local stream there is
 * `audioLevel()` in `rx-sora/media`.
 *
 * @throws SoraOptionsError for a period below 1
 * @example
 * ```ts
 * remoteAudioLevels(session).subscribe(({ levels }) => levels.forEach(({ connectionId, level }) => console.log(connectionId, level)));
 * ```
 * @source W3C WebRTC 5.3, getSynchronizationSources; RFC 6464; W3C webrtc-stats, totalAudioEnergy
 */
export function remoteAudioLevels(session: Session, periodMs = 100): Observable<AudioLevelSample> {
  const reading$ = reading(session).pipe(map(({ reports }) => byId(reports)));
  numberFrom(1, longestDelayMs)(periodMs, 'periodMs');
  return defer(() => {
    const hearing = createHearing();
    function take(): Observable<Heard> {
      const now = hear(session, hearing);
      const isTold = now.tracks.every(({ level }) => level !== null);
      return isTold ? of(now) : reading$.pipe(map((entries) => ({ ...now, entries })));
    }
    return concat(of(hear(session, hearing)), interval(periodMs).pipe(exhaustMap(take)));
  }).pipe(
    scan((before, now) => ({ ...now, before: before.entries })),
    map(sampleOf),
    takeUntil(session.termination$.pipe(last())), // like every stream: after the value was emitted
  );
}

interface HeardTrack extends RemoteAudioLevel {
  readonly mid: string | null;
}

interface Heard {
  readonly at: number;
  readonly tracks: readonly HeardTrack[];
  /** The statistics, where packets did not tell, and those of the sample before. */
  readonly entries: ReadonlyMap<string, StatsEntry> | null;
  readonly before: ReadonlyMap<string, StatsEntry> | null;
}

/** So long after its last frame a track is silent: packets of a sender that saves them while nobody speaks come every 400 ms, and are silence. */
const SILENT_MS = 300;

/** The level of a receiver as its packets tell it; null where they do not. */
type Hearing = (receiver: RtpReceiverLike, at: number) => number | null;

function createHearing(): Hearing {
  const played = new WeakMap<RtpReceiverLike, { readonly timestamp: number; readonly at: number }>();
  return (receiver, at) => {
    const sources = quietly(() => receiver.getSynchronizationSources?.() ?? null, null);
    if (sources === null) return null;
    const [first, ...others] = sources;
    if (first === undefined) return 0;
    const latest = others.reduce((a, b) => (b.timestamp > a.timestamp ? b : a), first);
    if (typeof latest.audioLevel !== 'number') return null;
    const before = played.get(receiver);
    if (before === undefined || latest.timestamp !== before.timestamp) played.set(receiver, { timestamp: latest.timestamp, at });
    else if (at - before.at >= SILENT_MS) return 0;
    return latest.audioLevel;
  };
}

function hear(session: Session, hearing: Hearing): Heard {
  const live = internalsOf(session).live();
  const at = live?.now() ?? 0;
  const transceivers = quietly(() => live?.peerConnection()?.getTransceivers?.() ?? [], []);
  const ofTrack = new Map<unknown, TransceiverLike>(transceivers.map((each) => [each.receiver?.track, each]));
  const tracks = (live?.remoteStreams() ?? []).flatMap(({ connectionId, tracks: all }) =>
    all
      .filter(({ kind }) => kind === 'audio')
      .map((track): HeardTrack => {
        const transceiver = ofTrack.get(track);
        const receiver = transceiver?.receiver;
        return { connectionId, track, mid: transceiver?.mid ?? null, level: receiver === undefined ? null : hearing(receiver, at) };
      }),
  );
  return { at, tracks, entries: null, before: null };
}

function sampleOf({ at, tracks, entries, before }: Heard): AudioLevelSample {
  return {
    at,
    levels: tracks.map(({ connectionId, track, mid, level }) => ({
      connectionId,
      track,
      level: level ?? (entries === null ? null : levelByStatistics({ track, mid }, entries, before)),
    })),
  };
}

/** How loud it was since the sample before; without one, how loud it is. */
function levelByStatistics(
  { track, mid }: Pick<HeardTrack, 'track' | 'mid'>,
  entries: ReadonlyMap<string, StatsEntry>,
  before: ReadonlyMap<string, StatsEntry> | null,
): number | null {
  for (const [id, entry] of entries) {
    if (entry['type'] !== 'inbound-rtp' || entry['kind'] !== 'audio') continue;
    if (entry['trackIdentifier'] !== track.id && (mid === null || entry['mid'] !== mid)) continue;
    const change = changeOf(entry, before?.get(id));
    return audioLevel(change) ?? value(change, 'audioLevel') ?? null;
  }
  return null;
}

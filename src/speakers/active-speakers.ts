import { type Observable, defaultIfEmpty, distinctUntilChanged, map, scan } from 'rxjs';
import { delayMs, groupOf, longestDelayMs, numberFrom } from '../session/option-check.ts';
import type { Session } from '../session/session.ts';
import { type AudioLevelSample, remoteAudioLevels } from './remote-audio-levels.ts';

/** Somebody who speaks. */
export interface ActiveSpeaker {
  readonly connectionId: string;
  readonly track: MediaStreamTrack;
  /** How loud it is, over about half a second, from 0 to 1; that of the moment of the change. */
  readonly level: number;
}

/** When somebody counts as speaking. Every member has a default. */
export interface ActiveSpeakerOptions {
  /** The level from which on somebody speaks, from 0 to 1. Default: 0.02, 34 dB below full scale. */
  readonly threshold?: number | undefined;
  /** Milliseconds of silence after which somebody has stopped. Default: 1000. */
  readonly holdMs?: number | undefined;
  /** Milliseconds from sample to sample. Default: 100. */
  readonly periodMs?: number | undefined;
}

const check = groupOf<ActiveSpeakerOptions>({ threshold: numberFrom(0, 1), holdMs: delayMs, periodMs: numberFrom(1, longestDelayMs) });

/**
 * Who speaks, the loudest first: now and after every change of who it is, or of their order.
 *
 * Who has been loud stays for `holdMs`, so that a pause between words ends nothing, and takes the place of somebody else only when clearly louder.
 * A state, sampled while somebody listens. Cold; ends with the session, never errors. The server knows too: `spotlight()` is whom it puts into focus.
 *
 * @throws SoraOptionsError for a wrong option
 * @example
 * ```ts
 * activeSpeakers(session).subscribe(([loudest]) => console.log(loudest?.connectionId));
 * ```
 * @source W3C WebRTC 5.3, getSynchronizationSources; RFC 6464
 */
export function activeSpeakers(session: Session, options: ActiveSpeakerOptions = {}): Observable<readonly ActiveSpeaker[]> {
  const { threshold = 0.02, holdMs = 1000, periodMs } = check(options, '');
  return remoteAudioLevels(session, periodMs).pipe(
    scan((before, sample) => after(before, sample, threshold, holdMs), NOBODY),
    map(({ speaking }) => speaking),
    defaultIfEmpty<readonly Voice[], readonly Voice[]>([]),
    distinctUntilChanged((a, b) => a.length === b.length && a.every(({ track }, index) => track === b[index]?.track)),
    map((speaking) => speaking.map(({ connectionId, track, level }): ActiveSpeaker => ({ connectionId, track, level }))),
  );
}

/** A track that is listened to. */
interface Voice extends ActiveSpeaker {
  /** When it was last as loud as somebody who speaks. */
  readonly loudAt: number;
}

interface Voices {
  readonly at: number;
  readonly all: ReadonlyMap<MediaStreamTrack, Voice>;
  /** Those who speak, in their order. */
  readonly speaking: readonly Voice[];
}

const NOBODY: Voices = { at: 0, all: new Map(), speaking: [] };

/** How fast a level follows what is heard. */
const FOLLOWS_MS = 300;
/** How much louder somebody has to be to come before somebody else. */
const CLEARLY = 1.5;

function after(before: Voices, { at, levels }: AudioLevelSample, threshold: number, holdMs: number): Voices {
  const share = 1 - Math.exp(-(at - before.at) / FOLLOWS_MS);
  const all = new Map<MediaStreamTrack, Voice>();
  for (const { connectionId, track, level: heard } of levels) {
    const known = before.all.get(track);
    const now = heard ?? 0;
    const level = known === undefined ? now : known.level + (now - known.level) * share;
    // The level follows slowly, so a short noise begins nothing; for somebody who speaks any loud moment counts.
    const isLoud = now >= threshold && (level >= threshold || (known !== undefined && before.speaking.includes(known)));
    all.set(track, { connectionId, track, level, loudAt: isLoud ? at : (known?.loudAt ?? Number.NEGATIVE_INFINITY) });
  }
  const isSpeaking = (voice: Voice | undefined): voice is Voice => voice !== undefined && at - voice.loudAt < holdMs;
  const stayed = before.speaking.map(({ track }) => all.get(track)).filter((voice) => isSpeaking(voice));
  const came = [...all.values()].filter((voice) => isSpeaking(voice) && !stayed.includes(voice)).sort((a, b) => b.level - a.level);
  return { at, all, speaking: ordered([...stayed, ...came]) };
}

/** Moves forward who is clearly louder than those before; everybody else keeps the place. */
function ordered(voices: readonly Voice[]): readonly Voice[] {
  const order: Voice[] = [];
  for (const voice of voices) {
    const quieter = order.findIndex(({ level }) => voice.level > level * CLEARLY);
    order.splice(quieter < 0 ? order.length : quieter, 0, voice);
  }
  return order;
}

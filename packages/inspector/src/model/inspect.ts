import { type Session, networkStatus, receivedLayers, roster, spotlight, stats, timeline } from 'rx-sora';
import { type Observable, defer, map, merge, startWith, tap } from 'rxjs';
import { Inspection } from './inspection.ts';

/** How a session is followed. */
export interface InspectSettings {
  /** Entries of the timeline that are kept. */
  readonly capacity: number;
  /** From one sample of statistics to the next, in milliseconds. */
  readonly periodMs: number;
  /** Whether what messages say is kept, asked for each message. */
  readonly payloads: () => boolean;
}

/**
 * Follows a session: emits its inspection at once and after every change, always the same object. Cold; whatever it asked of the session ends with the
 * subscription. Completes when the session has ended, never errors.
 */
export function inspect(session: Session, { capacity, periodMs, payloads }: InspectSettings): Observable<Inspection> {
  return defer(() => {
    const inspection = new Inspection(capacity, session);
    const into =
      <Name extends keyof Inspection>(name: Name) =>
      (value: Inspection[Name]): void => {
        inspection[name] = value;
      };
    // The timeline goes first: the time of a message is that of its entry.
    return merge(
      timeline(session).pipe(tap((entry) => inspection.takeEntry(entry))),
      session.state$.pipe(tap(into('state'))),
      session.connected$.pipe(tap(into('connected'))),
      session.termination$.pipe(tap(into('termination'))),
      session.remoteStreams$.pipe(tap(into('remoteStreams'))),
      session.dataChannels$.pipe(tap(into('channels'))),
      roster(session).pipe(tap(into('roster'))),
      receivedLayers(session).pipe(tap(into('layers'))),
      spotlight(session).pipe(tap(into('focused'))),
      networkStatus(session).pipe(tap(into('network'))),
      stats(session, periodMs).pipe(tap((sample) => inspection.takeSample(sample))),
      session.messages().pipe(
        tap(({ label, data, senderConnectionId }) =>
          inspection.takeMessage({
            direction: 'received',
            label,
            bytes: data.length,
            ...(senderConnectionId !== undefined && { senderConnectionId }),
            ...(payloads() && { text: readable(data) }),
          }),
        ),
      ),
    ).pipe(
      map(() => inspection),
      startWith(inspection),
    );
  });
}

/** Characters of a message that are kept. */
const LONGEST = 2000;

/** Bytes as text where they are UTF-8, otherwise as hexadecimal numbers. */
function readable(data: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data);
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  } catch {
    const shown = data.subarray(0, LONGEST / 4);
    const bytes = Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return shown.length < data.length ? `${bytes} …` : bytes;
  }
}

import { concatMap, map, merge, of, scan, type Observable } from 'rxjs';
import type { Session } from '../session/session.ts';
import { type TimelineEntry, timeline } from '../timeline/timeline.ts';
import { type Outlet, outletOf } from '../redaction/outlet.ts';
import { internalsOf } from '../session/internals.ts';
import type { DataChannelEvent, PeerConnectionEvent, WebSocketEvent } from '../model/session-event.ts';
import type { Termination } from '../termination/reason.ts';
import { version } from '../version.ts';
import { FORMAT, Recording, type RecordedContent, type RecordedInput, type RecordedLine } from './recording.ts';

/**
 * Records a session, from before its `connect()` to its end, as redacted JSON Lines: the timeline, and between its entries what the native
 * objects told. Descriptions are reduced to what they negotiate, messages of the application to their size; tokens, metadata and credentials
 * never enter. `replay()` runs it again. A policy of one's own (`ConnectOptions.redaction`) that hides what the session acts on makes a recording that cannot be
 * replayed.
 *
 * The recording is kept in memory; subscribe to its `lines$` to store them as they come.
 *
 * @param session a session that has not begun to connect
 * @example
 * ```ts
 * const session = createSession(options);
 * const recording = record(session);
 * session.termination$.subscribe(() => report({ recording: recording.toString() }));
 * await session.connect();
 * ```
 */
export function record(session: Session): Recording {
  return new Recording(recordedLines(session).pipe(map((line) => JSON.stringify(line))));
}

/** The lines of a recording, as they come. Hot as the session is; completes with it. */
function recordedLines(session: Session): Observable<RecordedLine> {
  const { webSocket$, dataChannel$, peerConnection$, termination$ } = session;
  const outlet = outletOf(internalsOf(session).config.redaction);
  const head: RecordedLine = { recording: FORMAT, sdk: `rx-sora ${version}` };
  // The timeline goes first, so that an entry stands before what it is about.
  const happened$ = merge(
    timeline(session),
    webSocket$.pipe(map((event) => webSocketInput(event, outlet))),
    dataChannel$.pipe(map((event) => dataChannelInput(event, outlet))),
    peerConnection$.pipe(map((event) => peerConnectionInput(event, outlet))),
    session.messages().pipe(map(({ label, data }): RecordedInput => ({ at: 0, input: 'data', label, bytes: data.length }))),
  );
  return merge(
    of(head),
    happened$.pipe(
      scan((so: Told, line) => tell(so, line, session), { health: '', at: 0, lines: [] }),
      concatMap(({ lines }) => lines),
    ),
    termination$.pipe(map((termination) => ({ termination: outlet.value(termination) as Termination }))),
  );
}

interface Told {
  /** The states of the peer connection that were recorded last. */
  readonly health: string;
  readonly at: number;
  readonly lines: readonly RecordedLine[];
}

/** The session looks at live states as well as at events (Q02), so they are recorded where they are ahead of the events. */
function tell(so: Told, line: RecordedInput | TimelineEntry, { peerConnection }: Session): Told {
  // What was decoded has no time of its own: it is the one of what was told before.
  const now = 'input' in line && line.input === 'data' ? { ...line, at: so.at } : line;
  const { at } = now;
  const { connectionState = null, iceConnectionState = null } = (peerConnection ?? {}) as Readonly<Record<string, string | undefined>>;
  // The SDK closes it, mostly; where the application did, the end says so.
  const isGone = iceConnectionState === null || (connectionState ?? iceConnectionState) === 'closed';
  const health = `${connectionState ?? ''} ${iceConnectionState ?? ''}`;
  if (isGone || health === so.health) return { health: so.health, at, lines: [now] };
  return { health, at, lines: [{ at, input: 'health', connectionState, iceConnectionState }, now] };
}

function webSocketInput(event: WebSocketEvent, outlet: Outlet): RecordedInput {
  const { at } = event;
  const url = outlet.text(event.url);
  switch (event.kind) {
    case 'message':
      return { at, input: 'websocket', event: 'message', url, content: contentOf(event.data, outlet) };
    case 'close':
      return { at, input: 'websocket', event: 'close', url, code: event.code, reason: outlet.text(event.reason), wasClean: event.wasClean };
    default:
      return { at, input: 'websocket', event: event.kind, url };
  }
}

function dataChannelInput(event: DataChannelEvent, outlet: Outlet): RecordedInput {
  const { at, label } = event;
  switch (event.kind) {
    case 'message': {
      // What the application's channels carry is nobody's business; its size tells enough.
      const content = label.startsWith('#') ? sizeOf(event.data) : contentOf(event.data, outlet);
      return { at, input: 'datachannel', event: 'message', label, content };
    }
    case 'error': {
      const { errorDetail, sctpCauseCode } = event;
      return {
        at,
        input: 'datachannel',
        event: 'error',
        label,
        ...(errorDetail !== undefined && { errorDetail }),
        ...(sctpCauseCode !== undefined && { sctpCauseCode }),
      };
    }
    default:
      return { at, input: 'datachannel', event: event.kind, label };
  }
}

function peerConnectionInput(event: PeerConnectionEvent, outlet: Outlet): RecordedInput {
  const base = { at: event.at, input: 'peer-connection', event: event.kind } as const;
  switch (event.kind) {
    case 'connectionstatechange':
      return { ...base, state: event.connectionState };
    case 'iceconnectionstatechange':
      return { ...base, state: event.iceConnectionState };
    case 'icegatheringstatechange':
      return { ...base, state: event.iceGatheringState };
    case 'signalingstatechange':
      return { ...base, state: event.signalingState };
    case 'icecandidate':
      return { ...base, candidate: outlet.value(event.candidate) };
    case 'track': {
      const { track, streams } = event;
      return { ...base, track: { kind: track.kind, id: outlet.text(track.id ?? ''), streams: streams.map(({ id }) => outlet.text(id)) } };
    }
    case 'datachannel': {
      const { label, ordered = true, protocol = '', maxPacketLifeTime = null, maxRetransmits = null } = event.channel;
      return { ...base, channel: { label, ordered, protocol, maxPacketLifeTime, maxRetransmits } };
    }
  }
}

function contentOf(data: string | Uint8Array, { value }: Outlet): RecordedContent {
  if (typeof data !== 'string') return sizeOf(data);
  try {
    return { json: value(JSON.parse(data)) };
  } catch {
    return sizeOf(data);
  }
}

function sizeOf(data: string | Uint8Array): RecordedContent {
  return typeof data === 'string' ? { characters: data.length } : { bytes: data.length };
}

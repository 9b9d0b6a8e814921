import type { PeerConnectionEvent } from '../model/session-event.ts';
import { release } from '../platform/release.ts';
import type { MediaStreamLike, MediaStreamTrackLike, TransceiverLike } from '../platform/w3c.ts';
import { mediaSections } from '../signaling/sdp.ts';
import { attach } from '../transports/attach.ts';

/** One track of another connection in the channel. */
export interface RemoteTrack {
  readonly track: MediaStreamTrack;
  readonly stream: MediaStream;
  /** The connection that sends it: the id of its stream. */
  readonly connectionId: string;
}

/** What another connection sends. */
export interface RemoteStream {
  readonly connectionId: string;
  readonly stream: MediaStream;
  readonly tracks: readonly MediaStreamTrack[];
}

/** The remote tracks of one session. Nothing here holds a stream whose tracks have been removed. */
export interface RemoteTracks {
  /** Takes a `track` event. Placeholders (stream id `default`), tracks without a stream and one's own media are left out. */
  readonly add: (event: PeerConnectionEvent & { readonly kind: 'track' }) => void;
  /** Takes over what an offer that was just applied says, as not every runtime fires `removetrack` for it. */
  readonly applied: (offerSdp: string) => void;
  readonly streams: () => readonly RemoteStream[];
  readonly detach: () => void;
}

interface Known {
  readonly stream: MediaStreamLike;
  readonly detach: () => void;
  tracks: readonly Sent[];
}

interface Sent {
  readonly track: MediaStreamTrackLike;
  readonly transceiver: TransceiverLike | undefined;
  readonly mid: string | null;
}

/** @source Sora signaling, section on receiving */
export function createRemoteTracks(
  ownId: () => string | null,
  changed: (stream: 'track$' | 'removeTrack$', remote: RemoteTrack) => void,
): RemoteTracks {
  const known = new Map<string, Known>();
  let snapshot: readonly RemoteStream[] = [];

  function update(kind: 'track$' | 'removeTrack$', connectionId: string, stream: MediaStreamLike, track: MediaStreamTrackLike): void {
    snapshot = [...known].map(([id, each]) => ({
      connectionId: id,
      stream: each.stream as MediaStream,
      tracks: each.tracks.map((sent) => sent.track as MediaStreamTrack),
    }));
    changed(kind, { track: track as MediaStreamTrack, stream: stream as MediaStream, connectionId });
  }

  function remove(connectionId: string, track: MediaStreamTrackLike): void {
    const from = known.get(connectionId);
    if (from === undefined || !from.tracks.some((sent) => sent.track === track)) return;
    from.tracks = from.tracks.filter((sent) => sent.track !== track);
    if (from.tracks.length === 0) {
      known.delete(connectionId);
      from.detach();
    }
    update('removeTrack$', connectionId, from.stream, track);
  }

  function add(stream: MediaStreamLike | undefined, track: MediaStreamTrackLike, transceiver: TransceiverLike | undefined): void {
    const connectionId = stream?.id;
    if (stream === undefined || connectionId === undefined || connectionId === 'default' || connectionId === ownId()) return;
    const before = known.get(connectionId);
    if (before?.stream === stream && before.tracks.some((sent) => sent.track === track)) return;
    // A connection that comes back brings a new stream with the same id.
    if (before !== undefined && before.stream !== stream) for (const sent of before.tracks) remove(connectionId, sent.track);
    let from = known.get(connectionId);
    if (from === undefined) {
      const detach = attach(stream, { removetrack: (event: { track: MediaStreamTrackLike }) => remove(connectionId, event.track) });
      known.set(connectionId, (from = { stream, detach, tracks: [] }));
    }
    from.tracks = [...from.tracks, { track, transceiver, mid: transceiver?.mid ?? null }];
    update('track$', connectionId, stream, track);
  }

  return {
    add: ({ streams: [stream], track, transceiver }) => add(stream, track, transceiver),
    applied(offerSdp) {
      if (known.size === 0) return;
      const sections = mediaSections(offerSdp);
      for (const [connectionId, { tracks }] of [...known]) {
        for (const { track, mid, transceiver } of tracks) {
          const section = sections.find((each) => each.mid === mid);
          if (mid === null || section === undefined || (section.sends && section.msid === connectionId)) continue;
          remove(connectionId, track);
          // werift finds a stopped transceiver by its mid and refuses its line for ever; others forget the mid, as the standard says.
          if (transceiver?.stopped === true) release(() => Object.assign(transceiver, { mid: null }));
        }
      }
    },
    streams: () => snapshot,
    detach: () => known.forEach(({ detach }) => detach()),
  };
}

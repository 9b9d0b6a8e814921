import { Subject } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { type RemoteStream, type RemoteTrackChange, remoteStreams, remoteTrackChanges } from '../../src/tracks/remote-tracks.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';
import type { PeerConnectionEvent } from '../../src/transports/peer-connection-event.ts';

const setup = () => {
  const events$ = new Subject<PeerConnectionEvent>();
  const changes: RemoteTrackChange[] = [];
  const streams: (readonly RemoteStream[])[] = [];
  const changes$ = new Subject<RemoteTrackChange>();
  let completed = false;
  remoteTrackChanges(events$, () => 'OWN').subscribe(changes$);
  remoteStreams(changes$).subscribe({ next: (value) => streams.push(value), complete: () => (completed = true) });
  changes$.subscribe((change) => changes.push(change));
  const comes = (track: FakeMediaStreamTrack, stream?: FakeMediaStream): void => {
    stream?.addTrack(track);
    events$.next({ kind: 'track', at: 0, track, streams: stream === undefined ? [] : [stream] });
  };
  return { events$, changes, streams, comes, isOver: () => completed };
};

const words = (changes: readonly RemoteTrackChange[]): string[] => changes.map(({ kind, remote }) => `${kind} ${remote.connectionId}`);

describe('remote tracks', () => {
  test('come and go with the connection they belong to', () => {
    const { changes, streams, comes } = setup();
    const alice = new FakeMediaStream([], 'ALICE');
    const [audio, video] = [new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')];
    comes(audio, alice);
    comes(video, alice);
    alice.loseTrack(audio);
    alice.loseTrack(video);
    expect(words(changes)).toEqual(['added ALICE', 'added ALICE', 'removed ALICE', 'removed ALICE']);
    expect(streams.map((now) => now.map(({ connectionId, tracks }) => [connectionId, tracks]))).toEqual([
      [],
      [['ALICE', [audio]]],
      [['ALICE', [audio, video]]],
      [['ALICE', [video]]],
      [],
    ]);
  });

  test('own ones, placeholders and tracks without a stream are left out', () => {
    const { changes, comes } = setup();
    comes(new FakeMediaStreamTrack('audio'), new FakeMediaStream([], 'OWN'));
    comes(new FakeMediaStreamTrack('audio'), new FakeMediaStream([], 'default'));
    comes(new FakeMediaStreamTrack('audio'));
    expect(changes).toEqual([]);
  });

  test('a connection that comes back brings a new stream object, and the old one is let go', () => {
    const { changes, streams, comes } = setup();
    const [first, second] = [new FakeMediaStream([], 'ALICE'), new FakeMediaStream([], 'ALICE')];
    const [before, after] = [new FakeMediaStreamTrack('video'), new FakeMediaStreamTrack('video')];
    comes(before, first);
    first.loseTrack(before);
    comes(after, second);
    second.loseTrack(after);
    expect(words(changes)).toEqual(['added ALICE', 'removed ALICE', 'added ALICE', 'removed ALICE']);
    expect(streams.at(-1)).toEqual([]);
    expect(first.listenerCount).toBe(0);
  });

  test('a track that is told twice is one', () => {
    const { streams, comes } = setup();
    const alice = new FakeMediaStream([], 'ALICE');
    const audio = new FakeMediaStreamTrack('audio');
    comes(audio, alice);
    comes(audio, alice);
    expect(streams.at(-1)!.map(({ tracks }) => tracks.length)).toEqual([1]);
  });

  test('all ends with the peer connection, and no listener stays', () => {
    const { events$, comes, isOver } = setup();
    const alice = new FakeMediaStream([], 'ALICE');
    comes(new FakeMediaStreamTrack('audio'), alice);
    expect(alice.listenerCount).toBe(1);
    events$.complete();
    expect([isOver(), alice.listenerCount]).toEqual([true, 0]);
  });
});

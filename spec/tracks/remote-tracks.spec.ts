import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type RemoteStream, createRemoteTracks } from '../../src/tracks/remote-tracks.ts';
import { FakeMediaStream, FakeMediaStreamTrack } from '../../src/testing/fake-media.ts';

const setup = () => {
  const changes: string[] = [];
  const streams: (readonly RemoteStream[])[] = [];
  const remote = createRemoteTracks(
    () => 'OWN',
    (kind, { connectionId }) => {
      changes.push(`${kind === 'track$' ? 'added' : 'removed'} ${connectionId}`);
      streams.push(remote.streams());
    },
  );
  const comes = (track: FakeMediaStreamTrack, stream?: FakeMediaStream, mid: string | null = null): void => {
    stream?.addTrack(track);
    const transceiver = { mid, sender: {} };
    remote.add({ source: 'peer-connection', kind: 'track', at: 0, track, streams: stream === undefined ? [] : [stream], transceiver });
  };
  return { changes, streams, comes, remote };
};

/** A media section on which a connection sends. */
const section = (mid: string, msid: string, change: (text: string) => string = (text) => text): string =>
  change(`m=video 9 UDP/TLS/RTP/SAVPF 120\r\na=mid:${mid}\r\na=sendonly\r\na=msid:${msid} t\r\n`);

describe('remote tracks', () => {
  test('come and go with the connection they belong to', () => {
    const { changes, streams, comes } = setup();
    const alice = new FakeMediaStream([], 'ALICE');
    const [audio, video] = [new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')];
    comes(audio, alice);
    comes(video, alice);
    alice.loseTrack(audio);
    alice.loseTrack(video);
    expect(changes).toEqual(['added ALICE', 'added ALICE', 'removed ALICE', 'removed ALICE']);
    expect(streams.map((now) => now.map(({ connectionId, tracks }) => [connectionId, tracks]))).toEqual([
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

  test('a connection that comes back brings a new stream object, and nothing listens to the old one', () => {
    const { changes, streams, comes } = setup();
    const [first, second] = [new FakeMediaStream([], 'ALICE'), new FakeMediaStream([], 'ALICE')];
    const [before, after] = [new FakeMediaStreamTrack('video'), new FakeMediaStreamTrack('video')];
    comes(before, first);
    first.loseTrack(before);
    comes(after, second);
    second.loseTrack(after);
    expect(changes).toEqual(['added ALICE', 'removed ALICE', 'added ALICE', 'removed ALICE']);
    expect(streams.at(-1)).toEqual([]);
    expect(first.listenerCount).toBe(0);
  });

  test('a track that is reported twice is listed once', () => {
    const { streams, comes } = setup();
    const alice = new FakeMediaStream([], 'ALICE');
    const audio = new FakeMediaStreamTrack('audio');
    comes(audio, alice);
    comes(audio, alice);
    expect(streams.at(-1)!.map(({ tracks }) => tracks.length)).toEqual([1]);
  });

  test('a connection that comes back with another stream object of the same id loses its old tracks first', () => {
    const { changes, comes, remote } = setup();
    const [first, second] = [new FakeMediaStream([], 'ALICE'), new FakeMediaStream([], 'ALICE')];
    comes(new FakeMediaStreamTrack('audio'), first);
    comes(new FakeMediaStreamTrack('video'), first);
    comes(new FakeMediaStreamTrack('video'), second);
    expect(changes).toEqual(['added ALICE', 'added ALICE', 'removed ALICE', 'removed ALICE', 'added ALICE']);
    expect(remote.streams().map(({ stream }) => stream)).toEqual([second]);
    expect(first.listenerCount).toBe(0);
  });

  test('detach() removes every listener and leaves the list as it is', () => {
    const { comes, remote } = setup();
    const alice = new FakeMediaStream([], 'ALICE');
    comes(new FakeMediaStreamTrack('audio'), alice);
    expect(alice.listenerCount).toBe(1);
    remote.detach();
    expect([alice.listenerCount, remote.streams().length]).toEqual([0, 1]);
  });
});

describe('an offer that releases a media section, on a runtime that fires no removetrack', () => {
  test.each<[string, string]>([
    ['its port is 0', section('1', 'ALICE', (text) => text.replace('m=video 9', 'm=video 0'))],
    ['it is inactive', section('1', 'ALICE', (text) => text.replace('sendonly', 'inactive'))],
    ['the server only receives on it', section('1', 'ALICE', (text) => text.replace('sendonly', 'recvonly'))],
    ['another connection sends on it', section('1', 'BOB')],
    ['nobody is named on it any more', section('1', 'ALICE', (text) => text.replace(/a=msid.*\r\n/, ''))],
  ])('removes its track where %s, and keeps those of other sections', (_, released) => {
    const { changes, comes, remote } = setup();
    const alice = new FakeMediaStream([], 'ALICE');
    const [audio, video] = [new FakeMediaStreamTrack('audio'), new FakeMediaStreamTrack('video')];
    comes(audio, alice, '0');
    comes(video, alice, '1');
    remote.applied(`v=0\r\n${section('0', 'ALICE')}${released}`);
    expect(changes.slice(2)).toEqual(['removed ALICE']);
    expect(remote.streams().map(({ tracks }) => tracks)).toEqual([[audio]]);
    remote.applied(`v=0\r\n${section('0', 'BOB')}${released}`);
    expect(remote.streams()).toEqual([]);
    expect(alice.listenerCount).toBe(0);
  });

  test('a connection that comes on the section of one who left is listed, and the other is removed', () => {
    const { changes, comes, remote } = setup();
    const track = new FakeMediaStreamTrack('video');
    comes(track, new FakeMediaStream([], 'ALICE'), '1');
    comes(track, new FakeMediaStream([], 'BOB'), '1');
    remote.applied(`v=0\r\n${section('1', 'BOB')}`);
    expect(changes).toEqual(['added ALICE', 'added BOB', 'removed ALICE']);
    expect(remote.streams().map(({ connectionId }) => connectionId)).toEqual(['BOB']);
  });

  test('tracks whose section is unknown, or not in the offer, are kept', () => {
    const { comes, remote } = setup();
    comes(new FakeMediaStreamTrack('video'), new FakeMediaStream([], 'ALICE'));
    comes(new FakeMediaStreamTrack('video'), new FakeMediaStream([], 'BOB'), '7');
    remote.applied(`v=0\r\n${section('0', 'CAROL')}`);
    remote.applied('');
    expect(remote.streams()).toHaveLength(2);
  });
});

describe('who left', () => {
  const gc = (globalThis as { gc?: () => void }).gc ?? (setFlagsFromString('--expose-gc'), runInNewContext('gc') as () => void);

  test('is held by nothing of the SDK: streams and tracks can be collected while the session lives', async () => {
    const remote = createRemoteTracks(
      () => 'OWN',
      () => undefined,
    );
    const references = (() => {
      const stream = new FakeMediaStream([], 'ALICE');
      const track = new FakeMediaStreamTrack('video');
      remote.add({ source: 'peer-connection', kind: 'track', at: 0, track, streams: [stream], transceiver: { mid: '1', sender: {} } });
      return [new WeakRef(stream), new WeakRef(track)];
    })();
    remote.applied(`v=0\r\n${section('1', 'BOB')}`);
    for (let turn = 0; turn < 5; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      gc();
    }
    expect(references.map((reference) => reference.deref())).toEqual([undefined, undefined]);
    expect(remote.streams()).toEqual([]);
  });
});

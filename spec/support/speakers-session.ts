import { NEVER, asyncScheduler, type Observable } from 'rxjs';
import { withInternals } from '../../src/session/internals.ts';
import type { Session } from '../../src/session/session.ts';
import { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
import type { FakeTransceiver } from '../../src/testing/fake-transceiver.ts';
import type { RemoteStream } from '../../src/tracks/remote-tracks.ts';

/** As much of a session as is listened to. */
export interface SpeakersSession {
  readonly session: Session;
  readonly peerConnection: FakePeerConnection;
  /** Somebody comes, with sound. */
  readonly add: (connectionId: string) => FakeTransceiver;
  readonly remove: (connectionId: string) => void;
}

export function speakersSession(termination$: Observable<unknown> = NEVER): SpeakersSession {
  const peerConnection = new FakePeerConnection();
  let streams: readonly RemoteStream[] = [];
  const live = { peerConnection: () => peerConnection, now: () => asyncScheduler.now(), remoteStreams: () => streams };
  return {
    session: withInternals({ termination$ }, { live: () => live } as never),
    peerConnection,
    add(connectionId) {
      const transceiver = peerConnection.addTransceiver('audio');
      const picture = peerConnection.addTransceiver('video');
      const tracks = [transceiver.receiver.track, picture.receiver.track] as unknown as readonly MediaStreamTrack[];
      streams = [...streams, { connectionId, stream: {} as MediaStream, tracks }];
      return transceiver;
    },
    remove(connectionId) {
      streams = streams.filter((each) => each.connectionId !== connectionId);
    },
  };
}

/** What is played now, so loud. */
export function play({ receiver }: FakeTransceiver, audioLevel?: number): void {
  const timestamp = asyncScheduler.now();
  receiver.synchronizationSources = [{ source: 1, timestamp, ...(audioLevel !== undefined && { audioLevel }) }];
}

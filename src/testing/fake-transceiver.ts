import type { FakeMediaStream, FakeMediaStreamTrack } from './fake-media.ts';
import type { FakeDirection } from './fake-sdp.ts';
import { CallScript } from './call-script.ts';
import type { FakeWorld } from './fake-world.ts';
import type { SyncThenable } from './sync-thenable.ts';

/** The methods of a sender that can be scripted. */
export type FakeSenderMethod = 'replaceTrack' | 'setParameters' | 'getParameters';

/** Parameters of a sender; members beyond `encodings` are kept as they are. */
export interface FakeSendParameters {
  encodings: Record<string, unknown>[];
  transactionId?: string;
  [member: string]: unknown;
}

/** An RTCRtpSender that sends nothing. @source W3C WebRTC 5.2 */
export class FakeRtpSender {
  track: FakeMediaStreamTrack | null;
  streams: readonly FakeMediaStream[] = [];
  readonly script: CallScript<FakeSenderMethod>;
  #parameters: FakeSendParameters | null = null;

  constructor(world: FakeWorld, track: FakeMediaStreamTrack | null = null) {
    this.script = new CallScript(world.unheard);
    this.track = track;
  }

  replaceTrack(track: FakeMediaStreamTrack | null): SyncThenable<undefined> {
    return this.script.promise('replaceTrack', () => {
      this.track = track;
      return undefined;
    });
  }

  setStreams(...streams: readonly FakeMediaStream[]): void {
    this.streams = streams;
  }

  getParameters(): FakeSendParameters {
    return this.script.call('getParameters', () => structuredClone(this.#parameters ?? { encodings: [{}] }));
  }

  setParameters(parameters: FakeSendParameters): SyncThenable<undefined> {
    return this.script.promise('setParameters', () => {
      this.#parameters = structuredClone(parameters);
      return undefined;
    });
  }
}

/** Of whom something was played. @source W3C WebRTC 5.3, RTCRtpSynchronizationSource */
export interface FakeSynchronizationSource {
  readonly source: number;
  readonly timestamp: number;
  readonly audioLevel?: number;
}

/** An RTCRtpReceiver that plays nothing. @source W3C WebRTC 5.3 */
export class FakeRtpReceiver {
  readonly track: FakeMediaStreamTrack;
  /** What `getSynchronizationSources()` gives. */
  synchronizationSources: readonly FakeSynchronizationSource[] = [];

  constructor(track: FakeMediaStreamTrack) {
    this.track = track;
  }

  getSynchronizationSources(): readonly FakeSynchronizationSource[] {
    return [...this.synchronizationSources];
  }
}

/** An RTCRtpTransceiver. @source W3C WebRTC 5.4 */
export class FakeTransceiver {
  mid: string | null;
  direction: FakeDirection;
  currentDirection: FakeDirection | null = null;
  stopped = false;
  codecPreferences: readonly unknown[] = [];
  readonly sender: FakeRtpSender;
  readonly receiver: FakeRtpReceiver;
  /** The stream that the far end says its track belongs to. */
  remoteStream: FakeMediaStream | null = null;

  constructor(sender: FakeRtpSender, receiver: FakeRtpReceiver, mid: string | null, direction: FakeDirection) {
    this.sender = sender;
    this.receiver = receiver;
    this.mid = mid;
    this.direction = direction;
  }

  stop(): void {
    this.stopped = true;
    this.direction = 'inactive';
  }

  setCodecPreferences(codecs: readonly unknown[]): void {
    this.codecPreferences = codecs;
  }
}

import { FakeDataChannel, type FakeDataChannelInit } from './fake-data-channel.ts';
import { FakeEventTarget, type FakeListener } from './fake-event-target.ts';
import type { FakeWorld } from './fake-world.ts';
import { SyncThenable } from './sync-thenable.ts';

/** The calls whose end a recording knows, by the step that it would name if they failed. */
export type ReplayStep = 'set-remote-description' | 'create-answer' | 'set-local-description' | 'create-offer' | 'get-stats';

interface Waiting {
  readonly step: ReplayStep;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A peer connection that does nothing by itself: its events, and the ends of its calls, are told by a recording.
 *
 * @source W3C WebRTC 4.4
 */
export class ReplayPeerConnection extends FakeEventTarget {
  connectionState: string | undefined;
  iceConnectionState = 'new';
  iceGatheringState = 'new';
  signalingState = 'stable';
  localDescription: { readonly type: string; readonly sdp: string } | null = null;
  onconnectionstatechange: FakeListener | null = null;
  oniceconnectionstatechange: FakeListener | null = null;
  onicegatheringstatechange: FakeListener | null = null;
  onsignalingstatechange: FakeListener | null = null;
  onicecandidate: FakeListener | null = null;
  ontrack: FakeListener | null = null;
  ondatachannel: FakeListener | null = null;
  /** An error that `addTrack` throws. */
  addTrackThrows: Error | null = null;
  /** An error that `close` throws. */
  closeThrows: Error | null = null;
  readonly channels: FakeDataChannel[] = [];
  readonly #waiting: Waiting[] = [];

  constructor(world: FakeWorld, name: string, connectionState: string | undefined) {
    super(world, 'peer-connection', name, []);
    this.connectionState = connectionState;
  }

  createOffer(): SyncThenable<unknown> {
    return this.#wait('create-offer');
  }

  setRemoteDescription(): SyncThenable<unknown> {
    return this.#wait('set-remote-description');
  }

  createAnswer(): SyncThenable<unknown> {
    return this.#wait('create-answer');
  }

  setLocalDescription(description?: { readonly sdp?: string }): SyncThenable<unknown> {
    const set = this.#wait('set-local-description');
    return set.then((value) => {
      this.localDescription = { type: 'answer', sdp: description?.sdp ?? '' };
      return value;
    });
  }

  getStats(): SyncThenable<unknown> {
    return this.#wait('get-stats');
  }

  addTrack(): object {
    if (this.addTrackThrows) throw this.addTrackThrows;
    return {};
  }

  addTransceiver(): object {
    return {};
  }

  getTransceivers(): [] {
    return [];
  }

  close(): void {
    if (this.closeThrows) throw this.closeThrows;
    this.closeState();
    for (const channel of this.channels) channel.remote.gone();
  }

  /** All states are closed, as no event tells. */
  closeState(): void {
    this.connectionState = this.connectionState === undefined ? undefined : 'closed';
    this.iceConnectionState = 'closed';
    this.signalingState = 'closed';
  }

  /** Lets the calls that make an answer end one after the other; a call named `until` is rejected instead, and nothing after it happens. */
  answer(sdp: string, until: { readonly step: string; readonly error: unknown } | null = null): void {
    for (let next = this.#take(isAnswerStep); next; next = this.#take(isAnswerStep)) {
      if (next.step === until?.step) {
        next.reject(until.error);
        return;
      }
      next.resolve(next.step === 'create-answer' ? { type: 'answer', sdp } : undefined);
    }
  }

  /** Ends the oldest call of a sort; false where there is none. */
  settle(step: ReplayStep, value: unknown): boolean {
    const waiting = this.#take((other) => other === step);
    waiting?.resolve(value);
    return waiting !== undefined;
  }

  /** Rejects the oldest call of a sort. */
  fail(step: ReplayStep, error: unknown): void {
    this.#take((other) => other === step)?.reject(error);
  }

  /** A channel of the far end, still connecting. */
  newChannel(init: FakeDataChannelInit & { readonly label: string }): FakeDataChannel {
    const channel = new FakeDataChannel(init.label, init, this.world, this.channels.length);
    this.channels.push(channel);
    return channel;
  }

  #wait(step: ReplayStep): SyncThenable<unknown> {
    return new SyncThenable<unknown>((resolve, reject) => {
      this.#waiting.push({ step, resolve, reject });
    });
  }

  #take(matches: (step: ReplayStep) => boolean): Waiting | undefined {
    const index = this.#waiting.findIndex(({ step }) => matches(step));
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }
}

function isAnswerStep(step: ReplayStep): boolean {
  return step !== 'create-offer' && step !== 'get-stats';
}

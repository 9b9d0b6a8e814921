import { freshNatives, watchNatives } from './natives.ts';
import type { MakeParty, PartyOptions } from './party.ts';

/** How long one life took, in milliseconds. */
export interface Life {
  /** From the call of `connect()` to `new WebSocket`. */
  readonly socketMs: number;
  /** From the call of `connect()` until its promise resolved. */
  readonly connectMs: number;
  readonly disconnectMs: number;
}

/** What a page offers in which only one of the two SDKs is. */
export interface FreshBench {
  /** Uses the browser's camera, WebSocket and WebRTC once, without an SDK. */
  readonly warmBrowser: (url: string) => Promise<void>;
  /** Connects, waits until the server has told of it and signaling has moved where it moves, disconnects. */
  readonly life: (options: PartyOptions) => Promise<Life>;
  /** Connects, and lets the session stand. */
  readonly open: (options: PartyOptions) => Promise<void>;
  /** From the first event of the WebSocket that tells of the end until the application is told of it, in milliseconds. */
  readonly toldMs: () => Promise<number>;
}

/** How long a session stands before it is ended: until then the server is still busy with the one that came. */
const STANDING_MS = 50;
const standing = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, STANDING_MS));

/** One for the whole page, so that no figure has the opening of a device in it. */
let camera: Promise<MediaStream> | undefined;
const cameraStream = (): Promise<MediaStream> => (camera ??= navigator.mediaDevices.getUserMedia({ audio: true, video: true }));

/** Puts the bench of one SDK into the page. */
export function provideFreshBench(make: MakeParty): void {
  watchNatives();
  let told: Promise<number> | undefined;

  const party = async (options: PartyOptions): Promise<ReturnType<MakeParty>> =>
    make(options, options.role === 'sendrecv' && options.hasMedia ? await cameraStream() : null);

  const bench: FreshBench = {
    async warmBrowser(url) {
      const stream = await cameraStream();
      const socket = new WebSocket(url);
      await new Promise((resolve) => (socket.onopen = resolve));
      socket.close(1000);
      const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
      one.onicecandidate = ({ candidate }) => void other.addIceCandidate(candidate ?? undefined);
      other.onicecandidate = ({ candidate }) => void one.addIceCandidate(candidate ?? undefined);
      for (const track of stream.getTracks()) one.addTrack(track, stream);
      const channel = one.createDataChannel('warm');
      const opened = new Promise((resolve) => (channel.onopen = resolve));
      await one.setLocalDescription();
      await other.setRemoteDescription(one.localDescription as RTCSessionDescriptionInit);
      await other.setLocalDescription();
      await one.setRemoteDescription(other.localDescription as RTCSessionDescriptionInit);
      await opened;
      one.close();
      other.close();
    },
    async life(options) {
      const natives = freshNatives();
      const one = await party(options);
      const moved = options.mode === 'W' ? null : one.switched();
      const joined = new Promise<void>((resolve) => one.onNotify(() => resolve()));
      const began = performance.now();
      await one.connect();
      const connectMs = performance.now() - began;
      await Promise.all([moved, joined]);
      await standing();
      const leaving = performance.now();
      await one.disconnect();
      return { socketMs: natives.socketAt - began, connectMs, disconnectMs: performance.now() - leaving };
    },
    async open(options) {
      const natives = freshNatives();
      const one = await party(options);
      told = new Promise((resolve) => one.onEnd(() => resolve(performance.now() - natives.brokenAt)));
      await one.connect();
      await standing();
    },
    toldMs: () => told ?? Promise.reject(new Error('nobody was opened')),
  };
  Object.assign(globalThis, { bench });
}

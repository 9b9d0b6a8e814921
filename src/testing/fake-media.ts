import { FakeEventTarget, type FakeListener } from './fake-event-target.ts';
import { fakeWorld, type FakeWorld } from './fake-world.ts';
import { SyncThenable } from './sync-thenable.ts';

/** A MediaStreamTrack that carries nothing. @source W3C Media Capture and Streams 4.3 */
export class FakeMediaStreamTrack extends FakeEventTarget {
  readonly kind: 'audio' | 'video';
  readonly id: string;
  label = '';
  enabled = true;
  muted = false;
  contentHint = '';
  readyState: 'live' | 'ended' = 'live';
  onended: FakeListener | null = null;
  onmute: FakeListener | null = null;
  onunmute: FakeListener | null = null;
  /** What `getSettings()` and `applyConstraints()` work on. */
  settings: Record<string, unknown> = {};

  constructor(kind: 'audio' | 'video', id?: string, world: FakeWorld = fakeWorld()) {
    const name = id ?? world.newId(kind);
    super(world, 'media', name, ['ended', 'mute', 'unmute']);
    this.kind = kind;
    this.id = name;
  }

  /** Ends the track on this side, without an event. */
  stop(): void {
    this.note('stop');
    this.readyState = 'ended';
  }

  clone(): FakeMediaStreamTrack {
    return new FakeMediaStreamTrack(this.kind, undefined, this.world);
  }

  getSettings(): Record<string, unknown> {
    return { ...this.settings };
  }

  getConstraints(): Record<string, unknown> {
    return {};
  }

  applyConstraints(constraints: Record<string, unknown> = {}): SyncThenable<undefined> {
    this.note('applyConstraints', constraints);
    Object.assign(this.settings, constraints);
    return SyncThenable.resolved(undefined, this.world.unheard);
  }

  /** The source ends, with the event. */
  end(): void {
    if (this.readyState === 'ended') return;
    this.readyState = 'ended';
    this.fire('ended');
  }

  /** The source starts or stops giving data, with the event. */
  mute(muted: boolean): void {
    if (this.muted === muted) return;
    this.muted = muted;
    this.fire(muted ? 'mute' : 'unmute');
  }
}

/** A MediaStream of such tracks. @source W3C Media Capture and Streams 4.2 */
export class FakeMediaStream extends FakeEventTarget {
  readonly id: string;
  onaddtrack: FakeListener | null = null;
  onremovetrack: FakeListener | null = null;
  readonly #tracks: FakeMediaStreamTrack[];

  constructor(tracks: readonly FakeMediaStreamTrack[] = [], id?: string, world: FakeWorld = fakeWorld()) {
    const name = id ?? world.newId('stream');
    super(world, 'media', name, ['addtrack', 'removetrack']);
    this.id = name;
    this.#tracks = [...tracks];
  }

  get active(): boolean {
    return this.#tracks.some(({ readyState }) => readyState === 'live');
  }

  getTracks(): FakeMediaStreamTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): FakeMediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeMediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }

  getTrackById(id: string): FakeMediaStreamTrack | null {
    return this.#tracks.find((track) => track.id === id) ?? null;
  }

  /** As the application does it: no event. */
  addTrack(track: FakeMediaStreamTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }

  /** As the application does it: no event. */
  removeTrack(track: FakeMediaStreamTrack): void {
    const index = this.#tracks.indexOf(track);
    if (index >= 0) this.#tracks.splice(index, 1);
  }

  clone(): FakeMediaStream {
    return new FakeMediaStream(
      this.#tracks.map((track) => track.clone()),
      undefined,
      this.world,
    );
  }

  /** As a peer connection does it: with the event. */
  gainTrack(track: FakeMediaStreamTrack): void {
    this.addTrack(track);
    this.fire('addtrack', { track });
  }

  /** As a peer connection does it: with the event. */
  loseTrack(track: FakeMediaStreamTrack): void {
    this.removeTrack(track);
    this.fire('removetrack', { track });
  }
}

import { getEventListeners } from 'node:events';
import { SyncThenable } from 'rx-sora/testing';

/** A fake where the W3C's type is asked for. */
export const native = (fake: unknown): never => fake as never;

/** How many listeners a target has for these events. */
export const listenerCount = (target: EventTarget, ...types: readonly string[]): number =>
  types.reduce((sum, type) => sum + getEventListeners(target, type).length, 0);

export class FakeTrack extends EventTarget {
  readonly kind: 'audio' | 'video';
  readonly label: string;
  readyState: 'live' | 'ended' = 'live';

  constructor(kind: 'audio' | 'video', label = `some ${kind}`) {
    super();
    this.kind = kind;
    this.label = label;
  }

  /** By the page: without an event. */
  stop(): void {
    this.readyState = 'ended';
  }

  /** By its source: the device is unplugged, the user stops sharing. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

export class FakeStream extends EventTarget {
  #tracks: readonly FakeTrack[];

  constructor(...tracks: readonly FakeTrack[]) {
    super();
    this.#tracks = tracks;
  }

  /** As an application does it, without an event. */
  replace(old: FakeTrack, by: FakeTrack): void {
    this.#tracks = this.#tracks.map((track) => (track === old ? by : track));
  }

  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }
}

/** One call that the test answers. */
export interface Request<Value> {
  readonly asked: unknown;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls of a method that returns a promise. What it returns settles in the same tick, so that it fits into virtual time. */
export class Requests<Value> {
  readonly all: Request<Value>[] = [];

  readonly call = (asked?: unknown): SyncThenable<Value> =>
    new SyncThenable((resolve, reject) => {
      this.all.push({ asked, resolve, reject });
    });

  get latest(): Request<Value> {
    const latest = this.all.at(-1);
    if (!latest) throw new Error('nothing was asked for');
    return latest;
  }
}

export interface FakeDevice {
  readonly kind: 'videoinput' | 'audioinput' | 'audiooutput';
  readonly deviceId: string;
  readonly label: string;
  readonly groupId: string;
}

export const device = (kind: FakeDevice['kind'], deviceId: string, label = deviceId): FakeDevice => ({
  kind,
  deviceId,
  label,
  groupId: '',
});

/** Answers `enumerateDevices()` at once, the other two when the test says so. */
export class FakeMediaDevices extends EventTarget {
  list: readonly FakeDevice[];
  readonly user = new Requests<FakeStream>();
  readonly display = new Requests<FakeStream>();
  readonly getUserMedia = this.user.call;
  readonly getDisplayMedia = this.display.call;
  enumerateDevices = (): SyncThenable<readonly FakeDevice[]> => SyncThenable.resolved([...this.list]);

  constructor(...list: readonly FakeDevice[]) {
    super();
    this.list = list;
  }

  /** The devices are others now, and the browser says so. */
  change(...list: readonly FakeDevice[]): void {
    this.list = list;
    this.dispatchEvent(new Event('devicechange'));
  }

  get attached(): number {
    return listenerCount(this, 'devicechange', 'rx-sora-capture');
  }
}

export class FakePermissionStatus extends EventTarget {
  state: PermissionState;

  constructor(state: PermissionState) {
    super();
    this.state = state;
  }
}

/** Knows the names that it is given. */
export class FakePermissions {
  readonly #known: ReadonlyMap<string, FakePermissionStatus>;

  constructor(states: Readonly<Record<string, PermissionState>>) {
    this.#known = new Map(Object.entries(states).map(([name, state]) => [name, new FakePermissionStatus(state)]));
  }

  readonly query = ({ name }: { readonly name: string }): SyncThenable<FakePermissionStatus> => {
    const status = this.#known.get(name);
    return status ? SyncThenable.resolved(status) : SyncThenable.rejected(new TypeError(`${name} is not a permission`));
  };

  /** The user or the browser decides otherwise. */
  set(name: string, state: PermissionState): void {
    const status = this.#known.get(name);
    if (!status) throw new Error(`${name} is unknown`);
    status.state = state;
    status.dispatchEvent(new Event('change'));
  }

  get attached(): number {
    return [...this.#known.values()].reduce((sum, status) => sum + listenerCount(status, 'change'), 0);
  }
}

/** What a browser throws. */
export const domError = (name: string, message = ''): DOMException => new DOMException(message, name);

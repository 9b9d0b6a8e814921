import { asyncScheduler } from 'rxjs';
import type { Platform } from '../platform/platform.ts';
import { CallScript } from './call-script.ts';
import { fakeDeflate, fakeInflate, FakeCompressionStream, type FakeCompressionMethod } from './fake-compression.ts';
import type { FakeDataChannelMethod } from './fake-data-channel.ts';
import { FakeEventTarget } from './fake-event-target.ts';
import { FakePeerConnection, type FakePeerConnectionMethod } from './fake-peer-connection.ts';
import { FakeWebSocket, type FakeWebSocketMethod } from './fake-web-socket.ts';
import { fakeWorld, type FakeRecord, type SentFrame } from './fake-world.ts';

/** What kind of runtime is played. */
export interface FakePlatformOptions {
  /** False for a runtime that does not implement `connectionState` (T27). By default it does. */
  readonly connectionState?: boolean;
  /** `handlers` for a runtime whose objects have `on…` properties only. By default both ways are there. */
  readonly events?: 'both' | 'handlers';
  /** False for a runtime without CompressionStream and DecompressionStream. */
  readonly compression?: boolean;
  /** False where there is no page, as in Node. */
  readonly page?: boolean;
  readonly userAgent?: string;
  /** The platform's clock in milliseconds. By default the one of RxJS's `asyncScheduler`, which is virtual inside `TestScheduler.run`. */
  readonly now?: () => number;
}

/** What is still alive of what was made on a platform. All zero after the end of a session. */
export interface FakeLeaks {
  /** Listeners and handlers attached to sockets, channels, peer connections and the page. */
  readonly listeners: number;
  /** Sockets that neither side has closed; an error while one was connecting has closed it. */
  readonly sockets: number;
  /** Peer connections, throw-away ones included, that were not closed. */
  readonly peerConnections: number;
  /** Channels that neither side nor an error has closed; closing the peer connection alone does not count. */
  readonly channels: number;
}

/** A runtime made of fakes, and everything that happened on it. */
export interface FakePlatform {
  /** To be given to the SDK as the option `platform`. */
  readonly platform: Partial<Platform>;
  /** Every socket that was made, in order. */
  readonly sockets: readonly FakeWebSocket[];
  /** Every peer connection that was made, in order, those included that were never given a remote description. */
  readonly peerConnections: readonly FakePeerConnection[];
  /** The last peer connection that was given a remote description. */
  readonly peerConnection: FakePeerConnection | null;
  /** The target of page events. */
  readonly page: FakeEventTarget;
  /** How the methods of all objects of a sort behave next. */
  readonly scripts: {
    readonly webSocket: CallScript<FakeWebSocketMethod>;
    readonly dataChannel: CallScript<FakeDataChannelMethod>;
    readonly peerConnection: CallScript<FakePeerConnectionMethod>;
    readonly compression: CallScript<FakeCompressionMethod>;
    readonly decompression: CallScript<FakeCompressionMethod>;
  };
  /** Every frame that was sent on any transport, in order. */
  readonly sent: readonly SentFrame[];
  /** Everything that was done to the fakes, and that they told, in order. */
  readonly records: readonly FakeRecord[];
  /** Errors that listeners threw. */
  readonly uncaught: readonly unknown[];
  /** Reasons of rejections that nobody listened to. */
  readonly unhandledRejections: readonly unknown[];
  /** What is still alive now. */
  leaks(): FakeLeaks;
}

/**
 * A constructor of one platform: what it makes is listed there, and is numbered from 1. All platforms share the class, as one of its own for each would weigh
 * several kilobytes.
 */
function constructorOver<Given extends readonly unknown[], Instance extends object, Taken extends readonly unknown[]>(
  Shared: new (...taken: Taken) => Instance,
  made: Instance[],
  take: (name: string, ...given: Given) => Readonly<Taken>,
): new (...given: Given) => Instance {
  function Own(...given: Given): Instance {
    const target = new.target as unknown; // a subclass keeps its prototype
    const taken = take(String(made.length + 1), ...given);
    const instance = Reflect.construct<Taken, Instance>(Shared, taken as Taken, target === Own ? Shared : (target as typeof Shared));
    made.push(instance);
    return instance;
  }
  Object.setPrototypeOf(Own, Shared);
  Own.prototype = Shared.prototype as object;
  return Own as unknown as new (...given: Given) => Instance;
}

/**
 * A platform of W3C-shaped fakes for `createSession({ platform })`: every object that the SDK makes on it is listed, can be driven from the
 * far end, and records what was done to it. Nothing on it takes time, so a session runs whole inside `TestScheduler.run`.
 *
 * @example
 * ```ts
 * const fake = createFakePlatform();
 * const sora = new FakeSora(fake, { mode: 'W' });
 * const session = createSession({ signalingUrl, channelId, role: 'recvonly', platform: fake.platform });
 * void session.connect();
 * sora.reach('connected');
 * sora.apply(parseInput('ws.close 1000'));
 * ```
 */
export function createFakePlatform(options: FakePlatformOptions = {}): FakePlatform {
  const { connectionState = true, events = 'both', compression = true, page: hasPage = true, userAgent = 'rx-sora/testing' } = options;
  const now = options.now ?? ((): number => asyncScheduler.now());
  const world = fakeWorld(now, events === 'handlers');
  const sockets: FakeWebSocket[] = [];
  const peerConnections: FakePeerConnection[] = [];
  const page = new FakeEventTarget({ ...world, handlersOnly: false }, 'page', 'page', []);
  const scripts = {
    webSocket: new CallScript<FakeWebSocketMethod>(world.unheard),
    dataChannel: new CallScript<FakeDataChannelMethod>(world.unheard),
    peerConnection: new CallScript<FakePeerConnectionMethod>(world.unheard),
    compression: new CallScript<FakeCompressionMethod>(world.unheard),
    decompression: new CallScript<FakeCompressionMethod>(world.unheard),
  };

  const WebSocket = constructorOver(FakeWebSocket, sockets, (name, url: string) => [url, world, name, scripts.webSocket] as const);
  const RTCPeerConnection = constructorOver(FakePeerConnection, peerConnections, (name, configuration?: object) => {
    const { peerConnection: script, dataChannel: channelScript } = scripts;
    return [configuration, { world, name, connectionStateDefined: connectionState, script, channelScript }] as const;
  });
  const CompressionStream = constructorOver(FakeCompressionStream, [], () => [fakeDeflate, scripts.compression, world] as const);
  const DecompressionStream = constructorOver(FakeCompressionStream, [], () => [fakeInflate, scripts.decompression, world] as const);

  const channels = () => peerConnections.flatMap((peerConnection) => peerConnection.channels);
  return {
    platform: {
      WebSocket,
      RTCPeerConnection,
      CompressionStream: compression ? CompressionStream : undefined,
      DecompressionStream: compression ? DecompressionStream : undefined,
      page: hasPage ? page : null,
      userAgent,
      ...(options.now && { now: options.now }),
    },
    sockets,
    peerConnections,
    get peerConnection() {
      return peerConnections.findLast((peerConnection) => !peerConnection.isThrowAway) ?? null;
    },
    page,
    scripts,
    sent: world.sent,
    records: world.records,
    uncaught: world.uncaught,
    get unhandledRejections() {
      return [...world.unheard].map(({ reason }) => reason);
    },
    leaks: () => ({
      listeners: [...sockets, ...peerConnections, ...channels(), page].reduce((sum, { listenerCount }) => sum + listenerCount, 0),
      sockets: sockets.filter(({ closeCalls, state, CLOSED }) => closeCalls.length === 0 && state !== CLOSED).length,
      peerConnections: peerConnections.filter(({ closeCalls }) => closeCalls.length === 0).length,
      channels: channels().filter(({ closeCalls, closeFired, errorFired }) => closeCalls.length === 0 && !closeFired && !errorFired).length,
    }),
  };
}

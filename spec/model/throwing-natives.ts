import { createSession, timeline } from '../../src/index.ts';
import type { ConnectOptions } from '../../src/session/options.ts';
import type { Session } from '../../src/session/session.ts';
import type { FakePeerConnection } from '../../src/testing/fake-peer-connection.ts';
import type { FakeWebSocket } from '../../src/testing/fake-web-socket.ts';
import type { ScenarioSettings } from '../../src/testing/scenario.ts';
import type { Start } from './scenario-row.ts';

/** Calls and getters that a session needs for its end. */
export const natives = [
  'socket.send',
  'socket.close',
  'socket.readyState',
  'channel.send',
  'channel.close',
  'channel.readyState',
  'peerConnection.close',
  'peerConnection.connectionState',
  'peerConnection.iceConnectionState',
] as const;

export type Native = (typeof natives)[number];

const throws = { throws: new Error('a native call threw') };

/** The state in which a row starts: from then on the calls throw. */
const stateOf = (start: Start): string => (start === 'switched' ? 'connected' : start);

class Objects {
  readonly sockets: FakeWebSocket[] = [];
  readonly peerConnections: FakePeerConnection[] = [];
  readonly #broken: readonly Native[];
  #armed = false;

  constructor(broken: readonly Native[]) {
    this.#broken = broken;
  }

  arm(): void {
    this.#armed = true;
    this.look();
  }

  /** Breaks what has come to be since the last look. */
  look(): void {
    if (!this.#armed) return;
    for (const socket of this.sockets) this.#of('socket', ['send', 'close', 'readyState'], (name) => socket.script.always(name, throws));
    for (const peerConnection of this.peerConnections) {
      this.#of('peerConnection', ['close', 'connectionState', 'iceConnectionState'], (name) => peerConnection.script.always(name, throws));
      for (const { script } of peerConnection.channels) {
        this.#of('channel', ['send', 'close', 'readyState'], (name) => script.always(name, throws));
      }
    }
  }

  #of<Name extends string>(kind: string, names: readonly Name[], script: (name: Name) => void): void {
    for (const name of names) if (this.#broken.some((broken) => broken === `${kind}.${name}`)) script(name);
  }
}

/** The constructor, with every instance that it makes put into the list. */
const listed = <Made extends abstract new (...given: never[]) => object>(made: Made | undefined, list: object[]): Made =>
  new Proxy(made as Made, {
    construct: (target, given, newTarget) => {
      const instance = Reflect.construct(target, given, newTarget) as object;
      list.push(instance);
      return instance;
    },
  });

/** P22: from the start state of the row on, these calls throw on every object. */
export function withThrowing(broken: readonly Native[], start: Start): ScenarioSettings {
  const objects = new Objects(broken);
  return {
    createSession: ({ platform = {}, ...options }: ConnectOptions): Session =>
      createSession({
        ...options,
        platform: {
          ...platform,
          WebSocket: listed(platform.WebSocket, objects.sockets),
          RTCPeerConnection: listed(platform.RTCPeerConnection, objects.peerConnections),
        },
      }),
    onSession: (session) => {
      const { state$, switched$ } = session;
      if (start === 'switched') switched$.subscribe(() => objects.arm());
      else state$.subscribe((state) => state === stateOf(start) && objects.arm());
      timeline(session).subscribe(() => objects.look());
    },
  };
}

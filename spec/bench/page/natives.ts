/** The native objects that the latest connection uses, and when they were made and broke. */
export interface Natives {
  socket: WebSocket | null;
  /** When the socket was made, on the clock of `performance`. */
  socketAt: number;
  /** When the first `error` or `close` of the socket was fired. */
  brokenAt: number;
  channels: Map<string, RTCDataChannel>;
}

let natives: Natives;

export function freshNatives(): Natives {
  natives = { socket: null, socketAt: Number.NaN, brokenAt: Number.NaN, channels: new Map() };
  return natives;
}

freshNatives();

/** Notes what is made from now on. Its listeners are attached first, so they run before those of an SDK. */
export function watchNatives(): void {
  globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
    construct: (target, args) => {
      const mine = natives;
      mine.socketAt = performance.now();
      const socket = Reflect.construct(target, args) as WebSocket;
      mine.socket = socket;
      const broken = (): void => {
        if (Number.isNaN(mine.brokenAt)) mine.brokenAt = performance.now();
      };
      socket.addEventListener('error', broken);
      socket.addEventListener('close', broken);
      return socket;
    },
  });
  globalThis.RTCPeerConnection = new Proxy(globalThis.RTCPeerConnection, {
    construct: (target, args) => {
      const mine = natives;
      const peer = Reflect.construct(target, args) as RTCPeerConnection;
      peer.addEventListener('datachannel', ({ channel }) => mine.channels.set(channel.label, channel));
      return peer;
    },
  });
}

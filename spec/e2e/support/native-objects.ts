/** The constructors that a session uses, and what is still open of everything they made. */
export interface NativeObjects {
  readonly WebSocket: typeof WebSocket;
  readonly RTCPeerConnection: typeof RTCPeerConnection;
  /** Names of objects that are not closed, and of event types that somebody still listens to. Empty when nothing is left. */
  readonly left: () => readonly string[];
}

type Listening = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** The listeners that a target has, by type. Its two methods are shadowed on the object itself. */
function countListeners(target: object): () => readonly string[] {
  const kept: (readonly [string, unknown])[] = [];
  if (!('addEventListener' in target)) return () => [];
  const { addEventListener, removeEventListener } = target as Listening;
  const own: Listening = {
    addEventListener: (type, listener, options) => {
      // One that removes itself keeps nothing of the session.
      if (typeof options !== 'object' || options.once !== true) kept.push([type, listener]);
      addEventListener.call(target, type, listener, options);
    },
    removeEventListener: (type, listener, options) => {
      const index = kept.findIndex(([keptType, keptListener]) => keptType === type && keptListener === listener);
      if (index >= 0) kept.splice(index, 1);
      removeEventListener.call(target, type, listener, options);
    },
  };
  Object.assign(target, own);
  return () => kept.map(([type]) => type);
}

type Left = () => readonly string[];

function leftOf(target: object, name: string, isOpen: () => boolean): Left {
  const listeners = countListeners(target);
  return () => [...(isOpen() ? [name] : []), ...listeners().map((type) => `${name} on${type}`)];
}

/** Wraps both constructors so that everything they make, and every DataChannel that comes, is remembered. */
export function watchNatives(SocketClass: typeof WebSocket, PeerClass: typeof RTCPeerConnection): NativeObjects {
  const found: Left[] = [];

  const watchSocket = (socket: WebSocket): void => {
    found.push(leftOf(socket, `WebSocket ${socket.url}`, () => socket.readyState < socket.CLOSING));
  };
  const watchPeer = (peer: RTCPeerConnection): void => {
    // Before the listeners are counted, as this one stays.
    const addChannel = (channel: RTCDataChannel): void => {
      found.push(leftOf(channel, `channel ${channel.label}`, () => ['connecting', 'open'].includes(channel.readyState)));
    };
    if ('onDataChannel' in peer) (peer.onDataChannel as { subscribe: (next: typeof addChannel) => void }).subscribe(addChannel);
    else peer.addEventListener('datachannel', ({ channel }) => addChannel(channel));
    found.push(leftOf(peer, 'peer connection', () => peer.signalingState !== 'closed'));
  };
  return {
    WebSocket: watched(SocketClass, watchSocket),
    RTCPeerConnection: watched(PeerClass, watchPeer),
    left: () => found.flatMap((left) => left()),
  };
}

/** The constructor itself, but whoever watches is told of everything that it makes. */
function watched<Constructor extends new (...args: never[]) => object>(
  constructor: Constructor,
  watch: (made: InstanceType<Constructor>) => void,
): Constructor {
  return new Proxy(constructor, {
    construct: (target, args, newTarget) => {
      const made = Reflect.construct(target, args, newTarget) as InstanceType<Constructor>;
      watch(made);
      return made;
    },
  });
}

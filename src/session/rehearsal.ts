import type { OwnedSession } from './create-session.ts';
import { checkOptions, type SessionConfig } from './options.ts';

type Listeners = Readonly<Record<string, (event: object) => void>>;

let isRehearsed = false;

/**
 * Ends two sessions that nobody has, once in a page: one by `disconnect()`, one by an error of its WebSocket. A first end takes twice as long as a second one, as its code is compiled meanwhile; after this
 * nobody waits for that. All happens in this call: nothing is opened, nothing of the application is touched, and no timer is left.
 */
export function rehearseEnds(own: (config: SessionConfig) => OwnedSession): void {
  if (isRehearsed) return;
  isRehearsed = true;
  play(own, ({ session }, listeners) => {
    void session.disconnect();
    listeners['close']?.({ code: 1000 });
  });
  play(own, (_, listeners) => {
    listeners['error']?.({});
    listeners['pagehide']?.({}); // which does not wait for a close after the error
  });
}

/** A session over an open WebSocket that leads nowhere, in a page that nobody sees. */
function play(own: (config: SessionConfig) => OwnedSession, end: (owned: OwnedSession, listeners: Listeners) => void): void {
  const listeners: Record<string, (event: object) => void> = {};
  const ignore = (): void => undefined;
  const page = {
    addEventListener: (type: string, listener: (event: object) => void) => (listeners[type] = listener),
    removeEventListener: ignore,
  };
  function WebSocket(): object {
    return { ...page, readyState: 1, send: ignore, close: ignore };
  }
  const platform = { WebSocket, RTCPeerConnection: Object, page } as never;
  const owned = own(checkOptions({ signalingUrl: 'wss://rehearsal', channelId: 'rehearsal', role: 'recvonly', platform }));
  owned.start();
  end(owned, listeners);
}

import { type ConnectOptions } from 'rx-sora';
import { watchNatives } from '../native-objects.ts';
import { WatchedSession } from '../watched-session.ts';

const natives = watchNatives(globalThis.WebSocket, globalThis.RTCPeerConnection);
Object.assign(globalThis, { WebSocket: natives.WebSocket, RTCPeerConnection: natives.RTCPeerConnection });

/** What a page offers to the functions of a spec. */
export interface RxSoraBench {
  readonly sessions: Map<string, WatchedSession>;
  open(name: string, options: ConnectOptions): WatchedSession;
  session(name: string): WatchedSession;
}

const sessions = new Map<string, WatchedSession>();

const bench: RxSoraBench = {
  sessions,
  open: (name, options) => {
    const watched = new WatchedSession(options, natives);
    sessions.set(name, watched);
    return watched;
  },
  session: (name) => {
    const found = sessions.get(name);
    if (found === undefined) throw new Error(`no session ${name}`);
    return found;
  },
};

Object.assign(globalThis, { bench });

import type { ConnectOptions, Session } from 'rx-sora';
import * as sora from 'rx-sora';
import * as rx from 'rxjs';
import { watchNatives } from '../native-objects.ts';
import { WatchedSession } from '../watched-session.ts';
import { capture } from './capture.ts';
import { playTrack, receivedTracks } from './received-tracks.ts';

const { WebSocket, RTCPeerConnection } = globalThis;
const natives = watchNatives(WebSocket, RTCPeerConnection);
Object.assign(globalThis, { WebSocket: natives.WebSocket, RTCPeerConnection: natives.RTCPeerConnection });

const sessions = new Map<string, WatchedSession>();

function session(name: string): WatchedSession {
  const found = sessions.get(name);
  if (found === undefined) throw new Error(`no session ${name}`);
  return found;
}

const bench = {
  rx,
  sora,
  receivedTracks,
  /** Makes a session and gives it a name. */
  open: (name: string, options: ConnectOptions): WatchedSession => {
    const watched = new WatchedSession(options, natives);
    sessions.set(name, watched);
    watched.session.track$.subscribe(({ track }) => playTrack(track));
    return watched;
  },
  session,
  /** A session whose native objects are told apart from those of all others in the page. */
  openApart: (name: string, options: ConnectOptions): WatchedSession => {
    const own = watchNatives(WebSocket, RTCPeerConnection);
    const watched = new WatchedSession({ ...options, platform: own }, own);
    sessions.set(name, watched);
    return watched;
  },
  /** Two sessions that are ready for messages to each other. */
  openTwo: async (options: ConnectOptions): Promise<readonly [Session, Session]> => {
    const two = ['one', 'two'].map((name) => bench.open(name, { ...options, clientId: name }));
    await Promise.all(two.map((each) => each.session.connect()));
    if (options.dataChannelSignaling === true) await Promise.all(two.map((each) => each.switched()));
    return two.map((each) => each.session) as unknown as readonly [Session, Session];
  },
  capture,
};

/** What a page offers to the functions of a spec. */
export type RxSoraBench = typeof bench;

Object.assign(globalThis, { bench });

import type { Session } from 'rx-sora';
import { RTCPeerConnection } from 'werift';
import { WebSocket } from 'ws';
import { watchNatives } from './native-objects.ts';
import type { Stage } from './stage.ts';
import { WatchedSession } from './watched-session.ts';

/** Where sessions live in Node: this process, with ws and werift as the browser's objects. */
export interface NodeStage extends Stage {
  session(clientId: string): Session;
}

export function nodeStage(): NodeStage {
  const all: WatchedSession[] = [];
  const sessions = new Map<string, Session>();
  return {
    open: (options) => {
      const natives = watchNatives(
        WebSocket as unknown as typeof globalThis.WebSocket,
        RTCPeerConnection as unknown as typeof globalThis.RTCPeerConnection,
      );
      const watched = new WatchedSession({ ...options, platform: natives }, natives);
      all.push(watched);
      if (options.clientId !== undefined) sessions.set(options.clientId, watched.session);
      return Promise.resolve(watched);
    },
    session: (clientId) => {
      const found = sessions.get(clientId);
      if (found === undefined) throw new Error(`no session ${clientId}`);
      return found;
    },
    errors: () => [],
    close: async () => {
      await Promise.all(all.map((watched) => watched.disconnect()));
    },
  };
}

import type { ConnectOptions } from 'rx-sora';

/** The three ways to ask for signaling: WebSocket only, both (mixed), DataChannel only. */
export const modes = {
  W: { dataChannelSignaling: false },
  M: { dataChannelSignaling: true, ignoreDisconnectWebSocket: false },
  D: { dataChannelSignaling: true, ignoreDisconnectWebSocket: true },
} as const satisfies Record<string, Partial<ConnectOptions>>;

export type Mode = keyof typeof modes;

export const allModes: readonly Mode[] = ['W', 'M', 'D'];

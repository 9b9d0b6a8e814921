import type { TimelineEntry } from 'rx-sora';

/** A message of the application that came. */
export const message = (at: number, label = '#chat'): TimelineEntry => ({
  at,
  source: 'datachannel',
  what: 'message',
  detail: { label, bytes: 5 },
});

/** A message of signaling. */
export const signaling = (at: number, what: string, body: object, direction: 'sent' | 'received' = 'received'): TimelineEntry => ({
  at,
  source: 'signaling',
  what,
  detail: { direction, transport: 'websocket', message: { type: what, ...body } },
});

export const state = (at: number, what: 'idle' | 'opening' | 'connected' | 'ending' | 'ended'): TimelineEntry => ({
  at,
  source: 'session',
  what,
});

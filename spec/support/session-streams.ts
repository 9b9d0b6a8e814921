import type { Session } from '../../src/session/session.ts';

/** Every Observable that a session has as a member. */
export const sessionStreams = [
  'state$',
  'connected$',
  'termination$',
  'webSocket$',
  'dataChannel$',
  'peerConnection$',
  'signaling$',
  'offer$',
  'notify$',
  'push$',
  'switched$',
  'track$',
  'removeTrack$',
  'remoteStreams$',
  'dataChannels$',
] as const satisfies readonly (keyof Session)[];

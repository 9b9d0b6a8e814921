import type { Agreement } from '../agreement.ts';
import type { LabSettings } from '../lab-options.ts';
import type { RtcPeerOptions } from '../rtc/endpoint.ts';

/** More than the lab's own limit, so that the endpoint's is never the one that fires. */
const BEYOND_CONNECT_TIMEOUT_MS = 5000;
const MAX_TIMER_MS = 2_147_483_647;

/** What the endpoint has to know of a connection: whether DataChannels are needed, and Sora's two ICE limits. */
export const peerOptions = (agreement: Agreement, settings: LabSettings): RtcPeerOptions => ({
  dataChannels: agreement.mode !== 'websocket',
  maxMessageSizeBytes: settings.maxDataChannelMessageBytes,
  supervision: {
    checkingTimeoutMs: settings.iceDisconnectedTimeoutMs,
    disconnectedTimeoutMs: settings.iceFailedTimeoutMs,
    connectTimeoutMs:
      settings.connectTimeoutMs === 0 ? MAX_TIMER_MS : Math.min(MAX_TIMER_MS, settings.connectTimeoutMs + BEYOND_CONNECT_TIMEOUT_MS),
  },
});

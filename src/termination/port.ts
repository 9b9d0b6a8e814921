import type { DisconnectReason, Via } from '../model/words.ts';
import { quietly } from '../platform/quietly.ts';

/** The last message of a client. */
export interface DisconnectMessage {
  readonly type: 'disconnect';
  readonly reason: DisconnectReason;
}

/** The `readyState` of a WebSocket in words; null as long as there is none. @source WHATWG WebSockets 9.3 */
export type WebSocketState = 'connecting' | 'open' | 'closing' | 'closed' | null;

/** What the termination may do to the connection, and what it may read from it. Any member may throw without harm. */
export interface TerminationPort {
  /** Called when the cause is latched, before anything is sent: from here on nothing but the `type: disconnect` may be sent. */
  latched?(): void;
  /** Hands a message to a transport in this very call; false if the transport did not take it. */
  send(via: Via, message: DisconnectMessage): boolean;
  /** Closes DataChannels, WebSockets and peer connection, in this order (Q25); returns the names of those that threw. */
  close(): readonly string[];
  webSocketState(): WebSocketState;
  /** `readyState` by label, of the channel that has the label now. */
  dataChannelStates(): ReadonlyMap<string, string>;
  /** The live `connectionState`: undefined where the runtime has none (T27), null without a peer connection. */
  connectionState(): string | null | undefined;
  iceConnectionState(): string | null;
}

/** The session's clock. @source Q73, Q85 */
export interface SessionClock {
  /** Unix milliseconds at which the session started. */
  readonly startedAt: number;
  /** Milliseconds since then; never goes back. */
  readonly elapsed: () => number;
}

/** What the rules depend on besides events. */
export interface TerminationConfig {
  readonly channelId: string;
  /** What the client requested, absent where it requested nothing; the values of the offer replace it (Q66). */
  readonly dataChannelSignaling?: boolean | undefined;
  readonly ignoreDisconnectWebSocket?: boolean | undefined;
  readonly disconnectPolicy: 'graceful' | 'immediate';
  readonly iceDisconnectedRule: 'when-undefined' | 'always';
  readonly timeouts: {
    /** Milliseconds; 0 switches the limit off (Q81). */
    readonly connectionMs: number;
    readonly disconnectMs: number;
    readonly iceDisconnectedMs: number;
    readonly dataChannelGraceMs: number;
  };
  readonly clock: SessionClock;
}

/** The state of the peer connection; `ice-failed` only where the runtime has no `connectionState` (T27). */
export type Health = 'connected' | 'closed' | 'peer-connection-failed' | 'ice-failed' | null;

/** The port as the rules use it: nothing throws, and states are in the words of the rules. */
export interface SafePort extends Required<Pick<TerminationPort, 'latched' | 'send' | 'close' | 'webSocketState'>> {
  readonly isLatched: () => boolean;
  readonly health: () => Health;
  readonly isIceDisconnected: () => boolean;
  readonly dataChannelState: (label: string) => string | undefined;
  readonly areDataChannelsClosed: () => boolean;
}

export function safePort(port: TerminationPort, { iceDisconnectedRule }: Pick<TerminationConfig, 'iceDisconnectedRule'>): SafePort {
  let isLatched = false;
  const ice = (): string | null => quietly(() => port.iceConnectionState(), null);
  const connection = (): string | null | undefined => quietly(() => port.connectionState(), null);
  const channels = (): ReadonlyMap<string, string> => quietly(() => port.dataChannelStates(), new Map<string, string>());
  return {
    latched() {
      isLatched = true;
      quietly(() => port.latched?.(), undefined);
    },
    isLatched: () => isLatched,
    send: (via, message) => quietly(() => port.send(via, message), false),
    close: () => quietly(() => port.close(), ['close']),
    webSocketState: () => quietly(() => port.webSocketState(), null),
    dataChannelState: (label) => channels().get(label),
    areDataChannelsClosed: () => [...channels().values()].every((state) => state === 'closed'),
    isIceDisconnected: () => ice() === 'disconnected' && (iceDisconnectedRule === 'always' || connection() === undefined),
    health: () => {
      const state = connection();
      return state === undefined ? (HEALTH_OF_ICE[ice() ?? ''] ?? null) : (HEALTH[state ?? ''] ?? null);
    },
  };
}

const HEALTH: Readonly<Record<string, Health>> = { connected: 'connected', closed: 'closed', failed: 'peer-connection-failed' };
const HEALTH_OF_ICE: Readonly<Record<string, Health>> = { ...HEALTH, completed: 'connected', failed: 'ice-failed' };

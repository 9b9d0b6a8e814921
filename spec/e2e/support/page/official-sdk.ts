import Sora from 'sora-js-sdk';

// The declarations of sora-js-sdk 2026.1.0 import each other without file extensions, which NodeNext does not resolve. What these specs use
// of it is written down here; the code is the package's, unchanged.

export type Transport = 'websocket' | 'datachannel';

export interface OfficialEvents {
  notify: (message: unknown, transport: Transport) => void;
  push: (message: unknown, transport: Transport) => void;
  switched: (message: unknown) => void;
  connected: (message: unknown) => void;
  datachannel: (event: Event & { readonly datachannel: object }) => void;
  message: (event: Event & { readonly label: string; readonly data: ArrayBuffer }) => void;
  disconnect: (event: Event & { readonly title: string; readonly code?: number; readonly reason?: string }) => void;
  track: (event: RTCTrackEvent) => void;
  removetrack: (event: MediaStreamTrackEvent) => void;
}

export interface OfficialConnection {
  readonly pc: RTCPeerConnection | null;
  readonly connectionId: string | null;
  readonly contactSignalingUrl: string;
  readonly connectedSignalingUrl: string;
  on<K extends keyof OfficialEvents>(kind: K, callback: OfficialEvents[K]): void;
  connect(stream?: MediaStream): Promise<unknown>;
  disconnect(): Promise<void>;
  sendMessage(label: string, message: Uint8Array): Promise<void>;
  rpc(method: string, params: unknown, options: { readonly timeout: number }): Promise<unknown>;
}

export type OfficialRole = 'sendrecv' | 'sendonly' | 'recvonly' | 'messaging';

type Factory = (channelId: string, metadata: unknown, options: Record<string, unknown>) => OfficialConnection;

/** The official SDK. */
export const officialSora = Sora as unknown as { connection(urls: string | string[]): Readonly<Record<OfficialRole, Factory>> };

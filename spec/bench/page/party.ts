import type { Mode } from '../../e2e/support/modes.ts';

export interface PartyOptions {
  readonly url: string;
  readonly channelId: string;
  readonly clientId: string;
  readonly mode: Mode;
  readonly role: 'sendrecv' | 'recvonly';
  /** Audio and video are sent, where the role sends, and received; without them there are no tracks in either direction. */
  readonly hasMedia: boolean;
  /** Labels of the application's channels, each with whether it is compressed. */
  readonly labels: Readonly<Record<string, boolean>>;
}

/** One connection, the same to both SDKs: the thinnest layer that an application would put around either. */
export interface Party {
  /** Settled as the SDK's own promise is. */
  connect(): Promise<unknown>;
  /** Signaling has moved to the DataChannels. Asked for before {@link connect}. */
  switched(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  send(label: string, data: Uint8Array): Promise<void>;
  /** Called once, before what is counted arrives. */
  onMessage(told: () => void): void;
  onNotify(told: () => void): void;
  /** The application learns that the connection has ended. */
  onEnd(told: () => void): void;
}

/** Makes a party of one SDK. */
export type MakeParty = (options: PartyOptions, stream: MediaStream | null) => Party;

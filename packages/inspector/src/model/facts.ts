import type { TimelineEntry } from 'rx-sora';
import { detailOf } from './entry-text.ts';

/** What the messages of a session say about it. Undefined where no message has said it. */
export interface SessionFacts {
  readonly role?: string;
  readonly channelId?: string;
  readonly connectionId?: string;
  readonly clientId?: string;
  readonly bundleId?: string;
  readonly sessionId?: string;
  /** Version of the server. */
  readonly serverVersion?: string;
  /** What the client says of itself. */
  readonly client?: string;
  readonly environment?: string;
  /** The URL of the WebSocket that opened last. */
  readonly url?: string;
  readonly simulcast?: boolean;
  readonly spotlight?: boolean;
  readonly dataChannelSignaling?: boolean;
  readonly ignoreDisconnectWebSocket?: boolean;
  /** The flag of `switched`. */
  readonly switched?: boolean;
  readonly rpcMethods?: readonly string[];
}

type Message = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const texts = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;

function defined(facts: { readonly [Name in keyof SessionFacts]: SessionFacts[Name] | undefined }): SessionFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** The facts of a session after one entry more. */
export function factsAfter(facts: SessionFacts, entry: TimelineEntry): SessionFacts {
  const { message, direction, url, standing } = detailOf(entry);
  if (entry.source === 'websocket') {
    return entry.what === 'open' && standing === undefined && url !== undefined ? { ...facts, url } : facts;
  }
  if (entry.source !== 'signaling' || typeof message !== 'object' || message === null) return facts;
  const said = message as Message;
  if (direction === 'sent') return entry.what === 'connect' ? { ...facts, ...ofConnect(said) } : facts;
  if (entry.what === 'offer') return { ...facts, ...ofOffer(said) };
  if (entry.what === 'switched') return { ...facts, ...defined({ switched: flag(said['ignore_disconnect_websocket']) ?? false }) };
  return facts;
}

function ofConnect(message: Message): SessionFacts {
  return defined({
    role: text(message['role']),
    channelId: text(message['channel_id']),
    clientId: text(message['client_id']),
    bundleId: text(message['bundle_id']),
    client: text(message['sora_client']),
    environment: text(message['environment']),
    simulcast: flag(message['simulcast']),
    spotlight: flag(message['spotlight']),
    dataChannelSignaling: flag(message['data_channel_signaling']),
    ignoreDisconnectWebSocket: flag(message['ignore_disconnect_websocket']),
  });
}

function ofOffer(message: Message): SessionFacts {
  return defined({
    channelId: text(message['channel_id']),
    connectionId: text(message['connection_id']),
    clientId: text(message['client_id']),
    bundleId: text(message['bundle_id']),
    sessionId: text(message['session_id']),
    serverVersion: text(message['version']),
    simulcast: flag(message['simulcast']),
    spotlight: flag(message['spotlight']),
    rpcMethods: texts(message['rpc_methods']),
  });
}

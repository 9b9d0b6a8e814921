import type { Attributes } from '@opentelemetry/api';
import { quietly } from '../platform/quietly.ts';
import type { Redaction } from '../redaction/redaction.ts';
import type { SessionConfig } from '../session/options.ts';
import type { ConnectedInfo } from '../session/session.ts';
import * as names from './semconv.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

/** What is known about one session, for the attributes of everything that is emitted about it. */
export interface SessionFacts {
  readonly attempt: number;
  /** Undefined for a session that is not of this SDK, such as a mock. */
  readonly role: string | undefined;
  readonly redaction: Redaction | undefined;
  connected: ConnectedInfo | null;
  /** The URL of the WebSocket that was opened last, or tried. */
  url: string | null;
  hasSwitched: boolean;
  peerConnectionState: string | undefined;
  iceState: string | undefined;
}

export function factsOf(config: SessionConfig | undefined, attempt: number): SessionFacts {
  return {
    attempt,
    role: config?.role,
    redaction: config?.redaction,
    connected: null,
    url: config?.signalingUrls[0] ?? null,
    hasSwitched: false,
    peerConnectionState: undefined,
    iceState: undefined,
  };
}

/** Which session it is. */
export function identityAttributes(facts: SessionFacts, { identifiers = [] }: Pick<TelemetryOptions, 'identifiers'>): Attributes {
  const { attempt, role, connected } = facts;
  return withoutUndefined({
    [names.ATTR_ROLE]: role,
    [names.ATTR_CONNECTION_ATTEMPT]: attempt,
    [names.ATTR_CONNECTION_ID]: connected?.connectionId,
    [names.ATTR_SESSION_ID]: connected?.sessionId,
    [names.ATTR_BUNDLE_ID]: connected?.bundleId,
    [names.ATTR_CHANNEL_ID]: identifiers.includes('channel') ? connected?.channelId : undefined,
    [names.ATTR_CLIENT_ID]: identifiers.includes('client') ? connected?.clientId : undefined,
  });
}

/** Host and port of a signaling URL, and nothing else of it. */
export function serverAttributes(url: string | null): Attributes {
  if (url === null) return {};
  const parsed = quietly(() => new URL(url), null);
  if (parsed === null) return {};
  const { hostname, port, protocol } = parsed;
  const scheme = protocol.replace(/:$/, '');
  return {
    [names.ATTR_SERVER_ADDRESS]: hostname,
    [names.ATTR_SERVER_PORT]: port === '' ? (scheme === 'wss' ? 443 : 80) : Number(port),
    [names.ATTR_URL_SCHEME]: scheme,
    [names.ATTR_NETWORK_PROTOCOL_NAME]: 'websocket',
  };
}

/** The states as they were last. */
export const stateAttributes = ({ peerConnectionState, iceState, hasSwitched }: SessionFacts): Attributes =>
  withoutUndefined({
    [names.ATTR_PEER_CONNECTION_STATE]: peerConnectionState,
    [names.ATTR_ICE_STATE]: iceState,
    [names.ATTR_SIGNALING_TRANSPORT]: hasSwitched ? 'datachannel' : 'websocket',
  });

export const withoutUndefined = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));

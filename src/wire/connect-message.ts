import type { ConnectRequest, SpotlightOptions } from './connect-request.ts';
import type { Serializable } from './json.ts';
import type { ConnectMessage } from './messages.ts';

/** What `connect` contains beside the request. */
export interface ConnectFacts {
  /** SDP of a throw-away offer, where one could be made. */
  readonly sdp?: string | undefined;
  /** Authentication data; undefined where there is none. */
  readonly metadata: Serializable | undefined;
  /** Whether the server redirected the client to this WebSocket. */
  readonly redirect: boolean;
  /** The user agent, where there is one. */
  readonly environment: string | undefined;
  /** Name and version of this SDK. */
  readonly soraClient: string;
}

/** Members that hold JSON of the application, which is sent as it stands. */
const verbatim = /^(metadata|signalingNotifyMetadata|forwardingFilters?|(vp9|av1|h264|h265)Params|header)$/;

const snakeCase = (name: string): string =>
  name.replace('WebSocket', 'Websocket').replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** Options in the words of the wire: camelCase as snake_case, absent members left out, an object without members as `ifEmpty`. */
function onTheWire(value: unknown, ifEmpty?: true): unknown {
  if (Array.isArray(value)) return value.map((item) => onTheWire(item));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const written: unknown = verbatim.test(name) ? member : onTheWire(member);
    return written === undefined ? [] : [[snakeCase(name), written] as const];
  });
  return members.length === 0 ? ifEmpty : Object.fromEntries(members);
}

/** Members of a request that need nothing but another spelling. */
const plainMembers = [
  'role',
  'channelId',
  'clientId',
  'bundleId',
  'simulcast',
  'simulcastRid',
  'simulcastRequestRid',
  'dataChannelSignaling',
  'ignoreDisconnectWebSocket',
  'signalingNotifyMetadata',
  'forwardingFilters',
  'forwardingFilter',
  'audioStreamingLanguageCode',
] as const satisfies readonly (keyof ConnectRequest)[];

/**
 * The first message on a WebSocket. Pure. `audio` and `video` are always sent, everything else only where it was asked for, so that the settings of
 * the server decide the rest.
 *
 * @source Sora signaling, connect
 */
export function connectMessage(request: ConnectRequest, facts: ConnectFacts): ConnectMessage {
  const { audio = true, video = true, dataChannels = [], spotlight } = request;
  const { redirect, ...others } = facts;
  return {
    type: 'connect',
    audio: onTheWire(audio, true),
    video: onTheWire(video, true),
    ...(onTheWire({
      ...Object.fromEntries(plainMembers.map((name) => [name, request[name]])),
      ...spotlightMembers(spotlight),
      ...(dataChannels.length > 0 && { dataChannels }),
      ...(redirect && { redirect }),
      ...others,
    }) as object),
  } as ConnectMessage;
}

function spotlightMembers(spotlight: boolean | SpotlightOptions | undefined): object {
  if (typeof spotlight !== 'object') return { spotlight };
  const { number, focusRid, unfocusRid } = spotlight;
  return { spotlight: true, spotlightNumber: number, spotlightFocusRid: focusRid, spotlightUnfocusRid: unfocusRid };
}

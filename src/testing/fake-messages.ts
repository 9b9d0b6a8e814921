import type { ScenarioMode } from './scenario-row.ts';
import { writeFakeSdp, type FakeMediaSection } from './fake-sdp.ts';

/** The labels that a server opens for signaling, in its order. */
export const builtInLabels: readonly string[] = ['signaling', 'notify', 'push', 'stats'];

/** What a fake offer is made from. */
export interface FakeOfferParts {
  readonly mode: ScenarioMode;
  readonly labels: readonly string[];
  readonly compress: boolean;
  /** The `connect` message that it answers. */
  readonly connect: Readonly<Record<string, unknown>>;
  /** Members that differ. */
  readonly overrides: Readonly<Record<string, unknown>>;
}

const sections = (mode: ScenarioMode): FakeMediaSection[] => [
  { kind: 'audio', mid: 'audio_fake', direction: 'recvonly' },
  { kind: 'video', mid: 'video_fake', direction: 'recvonly' },
  ...(mode === 'W' ? [] : [{ kind: 'application', mid: 'data', direction: 'sendrecv' } as const]),
];

/** A `type: offer` as a server sends it to a client alone in its channel. */
export function fakeOffer({ mode, labels, compress, connect, overrides }: FakeOfferParts): Record<string, unknown> {
  const connectionId = 'FAKECONNECTION000000000000';
  const directions = new Map(askedChannels(connect).map(({ label, direction }) => [label, direction]));
  return {
    type: 'offer',
    version: '2025.2.0',
    channel_id: connect['channel_id'],
    session_id: 'FAKESESSION000000000000000',
    client_id: connect['client_id'] ?? connectionId,
    bundle_id: connect['bundle_id'] ?? connectionId,
    connection_id: connectionId,
    sdp: writeFakeSdp(sections(mode)),
    config: { iceServers: [], iceTransportPolicy: 'relay' },
    simulcast: false,
    spotlight: false,
    mid: { audio: 'audio_fake', video: 'video_fake' },
    audio: true,
    video: true,
    data_channel_signaling: mode !== 'W',
    ignore_disconnect_websocket: mode === 'D',
    ...(mode !== 'W' && {
      data_channels: labels.map((label) => ({ label, direction: directions.get(label) ?? 'sendrecv', compress })),
    }),
    ...overrides,
  };
}

/** The channels of the application that a `connect` message asks for. */
export function askedChannels(connect: Readonly<Record<string, unknown>> | null): readonly { label: string; direction?: unknown }[] {
  const asked: unknown = connect?.['data_channels'];
  if (!Array.isArray(asked)) return [];
  return asked.filter(
    (one: unknown) => typeof one === 'object' && one !== null && typeof (one as { label?: unknown }).label === 'string',
  ) as {
    label: string;
  }[];
}

/** A `type: re-offer` that changes nothing. */
export function fakeReOffer(mode: ScenarioMode): Record<string, unknown> {
  return { type: 're-offer', sdp: writeFakeSdp(sections(mode)) };
}

/** A `type: close`; without a code where none is given. */
export function fakeClose({ code, reason = 'TYPE-DISCONNECT' }: { readonly code?: number; readonly reason?: string }): object {
  return { type: 'close', ...(code !== undefined && { code }), reason };
}

/** A `type: notify` about somebody else. */
export function fakeNotify(eventType = 'connection.created'): object {
  return {
    type: 'notify',
    event_type: eventType,
    timestamp: '2026-01-01T00:00:00.000000Z',
    role: 'sendrecv',
    client_id: 'FAKEPEER000000000000000000',
    bundle_id: 'FAKEPEER000000000000000000',
    connection_id: 'FAKEPEER000000000000000000',
    audio: true,
    video: true,
    minutes: 0,
    channel_connections: 2,
    channel_sendrecv_connections: 2,
    channel_sendonly_connections: 0,
    channel_recvonly_connections: 0,
    turn_transport_type: 'udp',
  };
}

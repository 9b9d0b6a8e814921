import type { Connection } from '../../connection/connection.ts';
import { withoutUndefined } from '../../wire/json.ts';
import { timestampOf } from '../../wire/notify-message.ts';
import { channelId, findChannel, findClient, findConnection, type Target } from '../target.ts';

/** A connection in a list. */
function listed({ agreement, parts, connectedAt }: Connection): object {
  return withoutUndefined({
    channel_id: agreement.channelId,
    session_id: parts.channel.sessionId,
    client_id: agreement.clientId,
    bundle_id: agreement.bundleId,
    connection_id: agreement.connectionId,
    role: agreement.role,
    audio: agreement.audio !== false,
    video: agreement.video !== false,
    simulcast: agreement.simulcast,
    spotlight: agreement.spotlight !== false,
    data_channel_signaling: agreement.mode !== 'websocket',
    ignore_disconnect_websocket: agreement.mode === 'datachannel',
    node_name: parts.node,
    created_time: connectedAt === 0 ? undefined : timestampOf(connectedAt),
  });
}

/** A connection with the lab's own counters. */
const counted = (connection: Connection): object => ({ ...listed(connection), rtp: connection.media.counters });

/** The last statistics that a client reported. */
const reported = ({ agreement, clientStats }: Connection): object => ({
  channel_id: agreement.channelId,
  client_id: agreement.clientId,
  connection_id: agreement.connectionId,
  rtc_stats: clientStats,
});

/** Read-only calls. */
export const listingTargets: Readonly<Record<string, Target>> = {
  ListConnections: (subject) => subject.connectionsOf().map(listed),
  ListChannelConnections: (subject, fields) => subject.connectionsOf(findChannel(subject, fields).id).map(listed),
  GetStatsConnection: (subject, fields) => counted(findConnection(subject, fields)),
  GetStatsClient: (subject, fields) => findClient(subject, fields).map(counted),
  GetStatsAllConnections: (subject) => subject.connectionsOf().map(counted),
  ListRtcStats: (subject) => subject.connectionsOf().map(reported),
  ListChannelRtcStats: (subject, fields) => subject.connectionsOf(channelId(fields)).map(reported),
  GetRtcStats: (subject, fields) => reported(findConnection(subject, fields)),
};

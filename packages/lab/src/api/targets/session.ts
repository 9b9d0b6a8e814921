import type { Channel } from '../../channel/channel.ts';
import type { Fields } from '../../wire/fields.ts';
import type { JsonObject } from '../../wire/json.ts';
import { notifyMessage, timestampOf } from '../../wire/notify-message.ts';
import { findChannel, NotFound, type ApiSubject, type Target } from '../target.ts';

const described = (channel: Channel): object => ({
  channel_id: channel.id,
  session_id: channel.sessionId,
  created_time: timestampOf(channel.createdAt),
  spotlight: channel.spotlight !== undefined,
  channel_connections: channel.counts.connections,
});

function findSession(subject: ApiSubject, fields: Fields): Channel {
  const channel = findChannel(subject, fields);
  const sessionId = fields.text('session_id');
  if (sessionId !== undefined && sessionId !== channel.sessionId) throw new NotFound('SESSION');
  return channel;
}

/** The real names of these events are not known (O9), so they have names of the lab. */
function announce(channel: Channel, eventType: string, more: JsonObject = {}): object {
  const message = notifyMessage(eventType, { channel_id: channel.id, session_id: channel.sessionId, ...more }, Date.now());
  for (const member of channel.members) member.notify(message);
  return { channel_id: channel.id, session_id: channel.sessionId };
}

/** The connections whose audio Sora would stream: those that send audio and have a language. */
const streamed = (channel: Channel): readonly object[] =>
  channel.members
    .map(({ agreement }) => agreement)
    .filter(
      ({ audio, role, audioStreamingLanguageCode }) => audio !== false && role !== 'recvonly' && audioStreamingLanguageCode !== undefined,
    )
    .map(({ connectionId, audioStreamingLanguageCode }) => ({
      connection_id: connectionId,
      audio_streaming_language_code: audioStreamingLanguageCode,
    }));

/** Calls about a whole session. Nothing is recorded or transcribed: clients only get the notification. */
export const sessionTargets: Readonly<Record<string, Target>> = {
  ListSessions: (subject) => subject.channels.all.map(described),
  GetSession: (subject, fields) => described(findSession(subject, fields)),
  // For clients the end of their session is an end by API (O27).
  TerminateSession: (subject, fields) => {
    for (const connection of subject.connectionsOf(findSession(subject, fields).id)) connection.end({ cause: 'api' });
    return {};
  },
  StartRecording: (subject, fields) => announce(findSession(subject, fields), 'lab.recording.started'),
  StopRecording: (subject, fields) => announce(findSession(subject, fields), 'lab.recording.stopped'),
  StartAudioStreaming: (subject, fields) => {
    const channel = findSession(subject, fields);
    return announce(channel, 'lab.audio-streaming.started', { connections: streamed(channel) });
  },
  StopAudioStreaming: (subject, fields) => announce(findSession(subject, fields), 'lab.audio-streaming.stopped'),
};

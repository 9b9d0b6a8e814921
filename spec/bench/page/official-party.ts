import { officialSora } from '../../e2e/support/page/official-sdk.ts';
import { modes } from '../../e2e/support/modes.ts';
import type { MakeParty } from './party.ts';

/** A connection of the official SDK. */
export const officialParty: MakeParty = ({ url, channelId, clientId, mode, role, hasMedia, labels }, stream) => {
  const connection = officialSora.connection(url)[role](channelId, null, {
    clientId,
    audio: hasMedia,
    video: hasMedia,
    ...modes[mode],
    dataChannels: Object.entries(labels).map(([label, compress]) => ({ label, direction: 'sendrecv', compress })),
  });
  return {
    connect: () => (role === 'recvonly' ? connection.connect() : connection.connect(stream ?? new MediaStream())),
    switched: () => new Promise((resolve) => connection.on('switched', resolve)),
    disconnect: () => connection.disconnect(),
    send: (label, data) => connection.sendMessage(label, data),
    onMessage: (told) => connection.on('message', told),
    onNotify: (told) => connection.on('notify', told),
    onEnd: (told) => connection.on('disconnect', told),
  };
};

import { officialSora } from '../../e2e/support/page/official-sdk.ts';
import { modes } from '../../e2e/support/modes.ts';
import type { Party, PartyOptions } from './party.ts';

/** A connection of the official SDK. */
export function officialParty({ url, channelId, clientId, mode, hasMedia, labels }: PartyOptions, stream: MediaStream | null): Party {
  const connection = officialSora.connection(url).sendrecv(channelId, null, {
    clientId,
    audio: hasMedia,
    video: hasMedia,
    ...modes[mode],
    dataChannels: Object.entries(labels).map(([label, compress]) => ({ label, direction: 'sendrecv', compress })),
  });
  return {
    connect: () => connection.connect(stream ?? new MediaStream()),
    switched: () => new Promise((resolve) => connection.on('switched', resolve)),
    disconnect: () => connection.disconnect(),
    send: (label, data) => connection.sendMessage(label, data),
    onMessage: (told) => connection.on('message', told),
    onNotify: (told) => connection.on('notify', told),
  };
}

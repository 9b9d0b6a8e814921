import type { FaultRow } from '../fault-row.ts';
import { dataChannelRows } from './data-channels.ts';
import { doorRows } from './door.ts';
import { farewellRows } from './farewell.ts';
import { mediaPathRows } from './media-path.ts';
import { signalingRows } from './signaling.ts';
import { webSocketRows } from './web-socket.ts';

/** Every row, by the part of a connection that breaks. */
export const groups: Readonly<Record<string, readonly FaultRow[]>> = {
  'While the WebSocket opens': doorRows,
  'Signaling, and its move to DataChannels': signalingRows,
  'The WebSocket of a session that is up': webSocketRows,
  'The DataChannels of a session that is up': dataChannelRows,
  'The media path of a session that is up': mediaPathRows,
  'On the way out': farewellRows,
};

export const allRows: readonly FaultRow[] = Object.values(groups).flat();

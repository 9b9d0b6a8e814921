import { WeriftClient } from '../e2e/support/werift-client.ts';

const MODES = ['websocket', 'both', 'datachannel'] as const;

/** One client that comes, and goes in one of four ways: by disconnect, by closing everything, by vanishing, by nonsense. */
async function visit(url: string, index: number): Promise<void> {
  const mode = MODES[index % 3]!;
  const media = index % 5 === 0;
  const client = await new WeriftClient(url, {
    mode,
    connect: {
      channel_id: `room-${index % 4}`,
      role: 'sendrecv',
      audio: media,
      video: media,
      data_channels: [{ label: '#chat', direction: 'sendrecv', compress: true }],
    },
  }).ready();
  switch (index % 4) {
    case 0:
      if (mode === 'websocket') client.sendOnWebSocket({ type: 'disconnect', reason: 'NO-ERROR' });
      else client.sendOnChannel('signaling', { type: 'disconnect', reason: 'NO-ERROR' });
      break;
    case 1:
      if (mode === 'websocket') client.sendOnWebSocket({ type: 'connect' });
      else client.sendData('signaling', Buffer.from('{'));
      break;
    case 2:
      client.webSocket.close(1000);
      if (mode === 'datachannel') client.sendOnChannel('signaling', { type: 'disconnect', reason: 'NO-ERROR' });
      break;
    default:
      client.webSocket.terminate();
      if (mode === 'datachannel') client.sendOnChannel('signaling', { type: 'disconnect', reason: 'NO-ERROR' });
  }
  // The lab says goodbye on what it has; then the client goes.
  if (mode === 'datachannel') await client.channelClosed('signaling');
  else await client.closed();
  await client.close();
}

/** So many visits, a few at a time. */
export async function visits(url: string, count: number, atOnce = 6): Promise<void> {
  for (let begun = 0; begun < count; begun += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - begun) }, (_, index) => visit(url, begun + index)));
  }
}

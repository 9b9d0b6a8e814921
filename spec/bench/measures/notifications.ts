import type { LabConnection } from 'rx-sora-lab';
import { alternating, each } from '../alternating.ts';
import type { FigureGroup } from '../figure.ts';
import type { Sdk } from '../sdk.ts';
import type { Stand } from '../stand.ts';
import { withBoth, workedMs } from './opened.ts';

const COUNT = 5000;

async function told({ tab }: Stand, sdk: Sdk, side: LabConnection): Promise<{ readonly tookMs: number; readonly workedMs: number }> {
  await tab.run(({ count }, args) => count(args.sdk, args.count), { sdk, count: COUNT });
  const before = await tab.mainThread();
  const startedAt = Date.now();
  for (let minutes = 0; minutes < COUNT; minutes += 1) {
    side.send({
      type: 'notify',
      event_type: 'connection.updated',
      role: side.role,
      client_id: side.clientId,
      bundle_id: side.bundleId,
      connection_id: side.connectionId,
      minutes,
      audio: false,
      video: false,
      channel_connections: 1,
      channel_sendrecv_connections: 1,
      channel_sendonly_connections: 0,
      channel_recvonly_connections: 0,
    });
  }
  const endedAt = await tab.run(({ counted }, name) => counted(name), sdk);
  return { tookMs: endedAt - startedAt, workedMs: workedMs(before, await tab.mainThread()) };
}

/** Messages of signaling that come faster than any Sora would send them. */
export async function notifications(stand: Stand): Promise<readonly FigureGroup[]> {
  const samples = await withBoth(stand, { mode: 'W', labels: {} }, (sides) =>
    alternating({ warmUp: 2, counted: stand.rounds }, (sdk) => told(stand, sdk, sides[sdk])),
  );
  return [
    {
      title: 'Notifications over the network',
      meaning:
        '5,000 messages `notify` (`connection.updated`) over the WebSocket, sent by the lab as fast as it can. The rate is that from the first one until the ' +
        'application has been told of the last.',
      figures: [
        { name: 'rate', unit: 'messages/s', better: 'more', samples: each(samples, ({ tookMs }) => (COUNT * 1000) / tookMs) },
        {
          name: 'main thread, per message',
          unit: 'µs',
          better: 'less',
          samples: each(samples, (sample) => (sample.workedMs * 1000) / COUNT),
        },
      ],
    },
  ];
}

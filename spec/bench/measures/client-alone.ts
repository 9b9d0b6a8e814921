import { alternating, each } from '../alternating.ts';
import type { Figure, FigureGroup } from '../figure.ts';
import type { Load } from '../page/provide-bench.ts';
import type { Sdk } from '../sdk.ts';
import type { Stand } from '../stand.ts';
import { withBoth, workedMs } from './opened.ts';

const PLAIN = '#plain';
const PACKED = '#packed';

interface NamedLoad extends Load {
  readonly name: string;
  readonly isCompressed: boolean;
  readonly atMost: number;
}

const loads: readonly NamedLoad[] = [
  { name: '64 B', label: PLAIN, count: 20_000, bytes: 64, isCompressed: false, atMost: 1 },
  { name: '1 KiB', label: PLAIN, count: 20_000, bytes: 1024, isCompressed: false, atMost: 1 },
  { name: '64 B, compressed', label: PACKED, count: 1000, bytes: 64, isCompressed: true, atMost: 0.25 },
];

const notification = JSON.stringify({
  type: 'notify',
  event_type: 'connection.updated',
  role: 'sendrecv',
  client_id: 'somebody',
  bundle_id: 'somebody',
  connection_id: 'SOMEBODY',
  minutes: 1,
  audio: false,
  video: false,
  channel_connections: 2,
  channel_sendrecv_connections: 2,
  channel_sendonly_connections: 0,
  channel_recvonly_connections: 0,
});
const NOTIFICATIONS = 10_000;

/** Messages by the time of the main thread, with the network left out: what an SDK itself costs. */
export async function clientAlone(stand: Stand): Promise<readonly FigureGroup[]> {
  const { tab, rounds } = stand;
  const counted = { warmUp: 2, counted: Math.max(5, Math.ceil(rounds / 2)) };
  const worked = async (work: () => Promise<void>): Promise<number> => {
    const before = await tab.mainThread();
    await work();
    return workedMs(before, await tab.mainThread());
  };
  const perMessage = (name: string, atMost: number, count: number, samples: Readonly<Record<Sdk, readonly number[]>>): Figure => ({
    name,
    unit: 'µs',
    better: 'less',
    atMost,
    samples: each(samples, (sample) => (sample * 1000) / count),
  });

  return withBoth(stand, { mode: 'M', labels: { [PLAIN]: false, [PACKED]: true } }, async () => {
    const figures: Figure[] = [];
    for (const { name, isCompressed, atMost, ...load } of loads) {
      const received = await alternating(counted, (sdk) =>
        worked(() => tab.run(({ receive }, args) => receive(args.sdk, args.load, args.isCompressed), { sdk, load, isCompressed })),
      );
      figures.push(perMessage(`receive ${name}`, atMost, load.count, received));
    }
    const notified = await alternating(counted, (sdk) =>
      worked(() =>
        tab.run(({ notify }, args) => notify(args.sdk, args.text, args.count), { sdk, text: notification, count: NOTIFICATIONS }),
      ),
    );
    figures.push(perMessage('`notify` over the WebSocket', 1.5, NOTIFICATIONS, notified));
    for (const sdk of ['rxSora', 'official'] as const) {
      for (const label of [PLAIN, PACKED]) await tab.run(({ muteChannel }, args) => muteChannel(args.sdk, args.label), { sdk, label });
    }
    for (const { name, atMost, isCompressed, ...one } of loads) {
      // A plain one takes a fraction of a microsecond: only many of them are more than the clock's own step.
      const load = isCompressed ? one : { ...one, count: 10 * one.count };
      const sent = await alternating(counted, (sdk) =>
        worked(async () => {
          await tab.run(({ send }, args) => send(args.sdk, args.load), { sdk, load });
        }),
      );
      figures.push(perMessage(`send ${name}`, atMost, load.count, sent));
    }
    return [
      {
        title: 'Messages, client alone',
        meaning:
          'Messages are handed to the listeners of the client’s own channels and WebSocket as the browser would do it, and what it sends goes nowhere: per message, what ' +
          'the main thread of the page worked, in its own processor time, browser included. In bursts of 100, each of which is waited for.',
        figures,
      },
    ];
  });
}

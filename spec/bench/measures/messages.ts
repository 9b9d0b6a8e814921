import { filter, firstValueFrom, take, toArray } from 'rxjs';
import type { LabConnection } from 'rx-sora-lab';
import { alternating, each } from '../alternating.ts';
import type { Figure, FigureGroup } from '../figure.ts';
import type { Sdk } from '../sdk.ts';
import type { Stand } from '../stand.ts';
import { withBoth, workedMs } from './opened.ts';

const PLAIN = '#plain';
const PACKED = '#packed';

/** So many are given to the lab's channel before its socket gets a turn. */
const LAB_BURST = 100;

export interface Load {
  readonly name: string;
  readonly label: string;
  readonly count: number;
  readonly bytes: number;
}

const loads: readonly Load[] = [
  { name: '64 B', label: PLAIN, count: 10_000, bytes: 64 },
  { name: '1 KiB', label: PLAIN, count: 5000, bytes: 1024 },
  { name: '64 B, compressed', label: PACKED, count: 5000, bytes: 64 },
  { name: '64 KiB', label: PLAIN, count: 128, bytes: 65_536 },
];

interface Sample {
  /** From the first call until the last one has arrived. */
  readonly tookMs: number;
  /** Of the main thread, all in all. */
  readonly workedMs: number;
}

const rate = (load: Load, samples: Readonly<Record<Sdk, readonly Sample[]>>): Pick<Figure, 'unit' | 'better' | 'samples'> =>
  load.bytes > 10_000
    ? { unit: 'MB/s', better: 'more', samples: each(samples, ({ tookMs }) => (load.count * load.bytes) / 1000 / tookMs) }
    : { unit: 'messages/s', better: 'more', samples: each(samples, ({ tookMs }) => (load.count * 1000) / tookMs) };

const perMessage = (load: Load, samples: Readonly<Record<Sdk, readonly Sample[]>>, ms: (sample: Sample) => number) =>
  ({ unit: 'µs', better: 'less', samples: each(samples, (sample) => (ms(sample) * 1000) / load.count) }) as const;

export async function send({ tab }: Stand, sdk: Sdk, side: LabConnection, { label, count, bytes }: Load): Promise<Sample> {
  const before = await tab.mainThread();
  const arrived = firstValueFrom(
    side.log$.pipe(
      filter((entry) => entry.kind === 'message' && entry.direction === 'received' && entry.label === label),
      take(count),
      toArray(),
    ),
  );
  const startedAt = await tab.run(({ send }, args) => send(args.sdk, args.what), { sdk, what: { label, count, bytes } });
  const entries = await arrived;
  const endedAt = entries.at(-1)?.at ?? Number.NaN;
  return { tookMs: endedAt - startedAt, workedMs: workedMs(before, await tab.mainThread()) };
}

export async function receive({ tab }: Stand, sdk: Sdk, side: LabConnection, { label, count, bytes }: Load): Promise<Sample> {
  const payload = Buffer.from('{"x":123,"y":456},'.repeat(Math.ceil(bytes / 18))).subarray(0, bytes);
  await tab.run(({ count }, args) => count(args.sdk, args.count), { sdk, count });
  const before = await tab.mainThread();
  const startedAt = Date.now();
  for (let sent = 0; sent < count; sent += 1) {
    if (!side.sendMessage(label, payload)) throw new Error('the lab could not send');
    if (sent % LAB_BURST === LAB_BURST - 1) await new Promise(setImmediate);
  }
  const endedAt = await tab.run(({ counted }, name) => counted(name), sdk);
  return { tookMs: endedAt - startedAt, workedMs: workedMs(before, await tab.mainThread()) };
}

/** Messages of the application over its own channels, in both directions. */
export async function messages(stand: Stand): Promise<readonly FigureGroup[]> {
  return withBoth(stand, { mode: 'M', labels: { [PLAIN]: false, [PACKED]: true } }, async (sides) => {
    const sending: Figure[] = [];
    const receiving: Figure[] = [];
    for (const load of loads) {
      // A round of compressed messages takes many times as long. Large ones fill the heap: in few rounds it is chance on whose a collection falls.
      const least = load.bytes > 10_000 ? 9 : 3;
      const rounds = { warmUp: 1, counted: Math.max(least, Math.ceil(stand.rounds / (load.label === PACKED ? 5 : 3))) };
      const sent = await alternating(rounds, (sdk) => send(stand, sdk, sides[sdk], load));
      const received = await alternating(rounds, (sdk) => receive(stand, sdk, sides[sdk], load));
      sending.push(
        { name: `${load.name}: rate`, ...rate(load, sent) },
        { name: `${load.name}: main thread, per message`, ...perMessage(load, sent, (sample) => sample.workedMs) },
      );
      receiving.push(
        { name: `${load.name}: rate`, ...rate(load, received) },
        { name: `${load.name}: main thread, per message`, ...perMessage(load, received, (sample) => sample.workedMs) },
      );
    }
    const loadsText =
      '10,000 messages of 64 B, 5,000 of 1 KiB, 5,000 of 64 B on a channel with `compress: true`, and 128 of 64 KiB, over channels of the application.';
    return [
      {
        title: 'Sending messages over the network',
        meaning:
          `${loadsText} The page hands over bursts of 100 and waits for the promises of each burst. The rate is that from the first call until the lab has ` +
          'counted the last message. The main thread is what its tasks took, of its own processor time. rx-sora keeps the order of compressed messages and at most 1 MiB in the queue of ' +
          'the channel; the official SDK compresses all of a burst at once, in no order, and queues without a limit.',
        figures: sending,
      },
      {
        title: 'Receiving messages over the network',
        meaning: `${loadsText} The lab sends them. The rate is that from the first one until the application has been told of the last.`,
        figures: receiving,
      },
    ];
  });
}

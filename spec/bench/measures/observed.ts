import { allModes } from '../../e2e/support/modes.ts';
import { alternating } from '../alternating.ts';
import type { FigureGroup, OwnFigure } from '../figure.ts';
import type { Sdk } from '../sdk.ts';
import { inFreshPage, nobodyLeft, type Stand } from '../stand.ts';
import { quantile } from '../statistics.ts';
import { optionsOf } from './connecting.ts';
import { receive, send } from './messages.ts';
import { withBoth, workedMs } from './opened.ts';

const PLAIN = '#plain';
const SMALL = { name: '64 B', label: PLAIN, count: 10_000, bytes: 64 } as const;
const LARGER = { name: '1 KiB', label: PLAIN, count: 5000, bytes: 1024 } as const;

/** A rate of 0.9 is a time of 1.11. */
const MOST_TIME = 1 / 0.9;
const MOST_LATENCY = 1.05;

/** Lives in one page: the first is cold, the last ones are warm. */
const LIVES = 8;
const WARM = 4;

/** The observed session's number to that of the plain one, round by round: what drifts hits both. */
const ratios = (name: string, samples: Readonly<Record<Sdk, readonly number[]>>, atMost?: number): OwnFigure => ({
  name,
  unit: '×',
  samples: samples.rxSora.map((observed, round) => observed / (samples.official[round] ?? Number.NaN)),
  ...(atMost !== undefined && { atMost }),
});

/** What timeline and telemetry cost. @param stand in which rx-sora, observed, stands in the place of rx-sora, and rx-sora as it is in that of the official SDK */
export async function observed(stand: Stand): Promise<readonly FigureGroup[]> {
  const own = await withBoth(stand, { mode: 'M', labels: { [PLAIN]: false } }, async (sides) => {
    const figures: OwnFigure[] = [];
    const rounds = { warmUp: 2, counted: stand.rounds };
    for (const load of [SMALL, LARGER]) {
      const sent = await alternating(rounds, async (sdk) => (await send(stand, sdk, sides[sdk], load)).tookMs);
      const received = await alternating(rounds, async (sdk) => (await receive(stand, sdk, sides[sdk], load)).tookMs);
      figures.push(ratios(`send ${load.name}: time`, sent, MOST_TIME), ratios(`receive ${load.name}: time`, received, MOST_TIME));
    }
    const worked = async (work: () => Promise<unknown>): Promise<number> => {
      const before = await stand.tab.mainThread();
      await work();
      return workedMs(before, await stand.tab.mainThread());
    };
    for (const { name, ...size } of [SMALL, LARGER]) {
      const load = { ...size, count: 20_000 };
      const received = await alternating(rounds, (sdk) =>
        worked(() => stand.tab.run(({ receive: hand }, args) => hand(args.sdk, args.load, false), { sdk, load })),
      );
      figures.push(ratios(`receive ${name}, client alone: main thread`, received, MOST_TIME));
    }
    for (const sdk of ['rxSora', 'official'] as const)
      await stand.tab.run(({ muteChannel }, args) => muteChannel(args.sdk, args.label), { sdk, label: PLAIN });
    for (const { name, ...size } of [SMALL, LARGER]) {
      const load = { ...size, count: 50_000 };
      const sent = await alternating(rounds, (sdk) =>
        worked(() => stand.tab.run(({ send: hand }, args) => hand(args.sdk, args.load), { sdk, load })),
      );
      figures.push(ratios(`send ${name}, client alone: main thread`, sent, MOST_TIME));
    }
    return figures;
  });
  for (const mode of allModes) {
    const options = optionsOf(stand.lab.url, mode, 'recvonly');
    const lives = await alternating({ warmUp: 1, counted: stand.rounds }, (sdk) =>
      inFreshPage(stand, sdk, async (tab) => {
        await tab.run(({ warmBrowser }, url) => warmBrowser(url), options.url);
        const connectMs: number[] = [];
        while (connectMs.length < LIVES) {
          connectMs.push((await tab.run(({ life }, given) => life(given), options)).connectMs);
          await nobodyLeft(stand.lab);
        }
        return { cold: connectMs[0] ?? Number.NaN, warm: quantile(connectMs.slice(-WARM), 0.5) };
      }),
    );
    const of = (which: 'cold' | 'warm'): Readonly<Record<Sdk, readonly number[]>> => ({
      rxSora: lives.rxSora.map((life) => life[which]),
      official: lives.official.map((life) => life[which]),
    });
    own.push(
      ratios(`connect, mode ${mode}, cold`, of('cold'), MOST_LATENCY),
      ratios(`connect, mode ${mode}, warm`, of('warm'), MOST_LATENCY),
    );
  }
  return [
    {
      title: 'With timeline and telemetry',
      meaning:
        'The same session with `timeline(session)` read and `withTelemetry()` on, with the SDK of OpenTelemetry and exporters that send nothing, beside one that nobody listens to: the ratio of the times, ' +
        'alternately, round by round. Messages go over the network and the rate is as much the lab’s; *client alone* is what the main thread worked. Connecting is as above; it includes the beginning of both.',
      own,
    },
  ];
}

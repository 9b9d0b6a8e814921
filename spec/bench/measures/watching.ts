import { openTab } from '../../e2e/support/open-page.ts';
import { serveBench } from '../bench-site.ts';
import { openMeasuredTab } from '../bench-tab.ts';
import type { FigureGroup, OwnFigure } from '../figure.ts';
import type { Watched, WatchingBench } from '../page/watching.ts';
import type { Stand } from '../stand.ts';
import { workedMs } from './opened.ts';

const LOOKS = 50;
const CROWDS: readonly number[] = [1, 10];

const names: Readonly<Record<Exclude<Watched, 'nothing'>, string>> = {
  stats: '`stats()`, per sample',
  health: '`health()`, per look',
  levels: '`remoteAudioLevels()`, per sample',
  speakers: '`activeSpeakers()`, per sample',
};

/** What it costs to look at a call. */
export async function watching({ browser, lab, rounds }: Stand): Promise<readonly FigureGroup[]> {
  const site = await serveBench('watching');
  const own: OwnFigure[] = [];
  try {
    for (const crowd of CROWDS) {
      const channelId = `watched-by-${crowd}`;
      const [senders, receiver] = [await openTab<WatchingBench>(browser, site), await openMeasuredTab<WatchingBench>(browser, site)];
      const args = { url: lab.url, channelId, crowd };
      await senders.run(({ send }, { url, channelId, crowd }) => send(url, channelId, crowd), args);
      await receiver.run(({ receive }, { url, channelId, crowd }) => receive(url, channelId, crowd), args);
      const worked = async (what: Watched): Promise<number> => {
        const before = await receiver.mainThread();
        await receiver.run(({ watch }, { what, looks }) => watch(what, looks), { what, looks: LOOKS });
        return workedMs(before, await receiver.mainThread());
      };
      for (const what of ['stats', 'health', 'levels', 'speakers'] as const) {
        const samples: number[] = [];
        await worked(what); // compiles
        for (let round = 0; round < Math.max(3, Math.ceil(rounds / 3)); round += 1) {
          const anyway = await worked('nothing');
          samples.push((((await worked(what)) - anyway) * 1000) / LOOKS);
        }
        own.push({ name: `${names[what]}, ${crowd} remote stream${crowd === 1 ? '' : 's'}`, unit: 'µs', samples });
      }
      await Promise.all([senders.close(), receiver.close()]);
    }
  } finally {
    await site.close();
  }
  return [
    {
      title: 'Watching a call',
      meaning:
        'How much processor time of the main thread each look at a received call costs a page, beyond what it spends anyway; the statistics themselves ' +
        'are gathered on other threads. `health()` looks once a second, the levels are sampled ten times a second, unless they are told otherwise.',
      own,
    },
  ];
}

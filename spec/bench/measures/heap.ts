import { alternating, each } from '../alternating.ts';
import type { FigureGroup } from '../figure.ts';
import { nobodyLeft, type Stand } from '../stand.ts';

const BLOCK = 50;
const BLOCKS = 4;

/** What sessions leave on the heap of the page. */
export async function heap({ tab, lab }: Stand): Promise<readonly FigureGroup[]> {
  const options = { url: lab.url, channelId: 'heap', clientId: 'bench', mode: 'W', hasMedia: false, labels: {} } as const;
  const samples = await alternating({ warmUp: 1, counted: BLOCKS }, async (sdk) => {
    const before = await tab.heapBytes();
    for (let count = 0; count < BLOCK; count += 1) {
      await tab.run(({ life }, args) => life(args.sdk, args.options), { sdk, options });
      await nobodyLeft(lab);
    }
    return { bytes: (await tab.heapBytes()) - before };
  });
  return [
    {
      title: 'Memory',
      meaning:
        `${BLOCK * BLOCKS} sessions of each, connected and disconnected one after the other in WebSocket-only mode, in blocks of ${BLOCK}, after one block that does ` +
        'not count: by how much the JS heap of the page has grown after a collection. V8 keeps what it compiled and learned on that heap too.',
      figures: [
        { name: 'growth, per session', unit: 'B', better: 'less', samples: each(samples, ({ bytes }) => bytes / BLOCK) },
        {
          name: `growth of all ${BLOCK * BLOCKS}`,
          unit: 'KiB',
          better: 'less',
          samples: {
            rxSora: [samples.rxSora.reduce((sum, { bytes }) => sum + bytes, 0) / 1024],
            official: [samples.official.reduce((sum, { bytes }) => sum + bytes, 0) / 1024],
          },
        },
      ],
    },
  ];
}

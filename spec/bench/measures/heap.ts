import { alternating, each } from '../alternating.ts';
import type { Figure, FigureGroup } from '../figure.ts';
import { nobodyLeft, type Stand } from '../stand.ts';

const BLOCK = 50;
const BLOCKS = 4;

/** Without V8's compilers and what they learn: what still grows then is held by somebody. */
export const withoutCompilers: readonly string[] = [
  '--js-flags=--no-opt --no-sparkplug --no-maglev --no-lazy-feedback-allocation --no-flush-bytecode',
];

async function growth({ tab, lab }: Stand, name: string, mode: 'W' | 'D', warmUp: number): Promise<readonly Figure[]> {
  const common = { channelId: 'heap', clientId: 'bench', role: 'sendrecv', hasMedia: false, labels: {} } as const;
  const options = { ...common, url: lab.url, mode };
  const samples = await alternating({ warmUp, counted: BLOCKS }, async (sdk) => {
    const before = await tab.heapBytes();
    for (let count = 0; count < BLOCK; count += 1) {
      await tab.run(({ life }, args) => life(args.sdk, args.options), { sdk, options });
      await nobodyLeft(lab);
    }
    return { bytes: (await tab.heapBytes()) - before };
  });
  const all = (blocks: readonly { readonly bytes: number }[]): readonly number[] => [
    blocks.reduce((sum, { bytes }) => sum + bytes, 0) / 1024,
  ];
  return [
    { name: `${name}: growth, per session`, unit: 'B', better: 'less', samples: each(samples, ({ bytes }) => bytes / BLOCK) },
    {
      name: `${name}: growth of all ${BLOCK * BLOCKS}`,
      unit: 'KiB',
      better: 'less',
      samples: { rxSora: all(samples.rxSora), official: all(samples.official) },
    },
  ];
}

/** What sessions leave on the heap of the page, and of one whose JavaScript is only interpreted. */
export async function heap(stand: Stand, interpreted: Stand): Promise<readonly FigureGroup[]> {
  return [
    {
      title: 'Memory',
      meaning:
        `${BLOCK * BLOCKS} sessions of each, connected and disconnected one after the other, in blocks of ${BLOCK}, after blocks that do ` +
        'not count: by how much the JS heap of the page has grown after a collection. What V8 compiles and learns is on that heap too and grows for thousands of ' +
        'sessions, the more so the more code there is. So the same is measured again in a page whose JavaScript is only interpreted: what grows there with every session is a leak. (One step of 64 KiB is V8’s cache of numbers as text.)',
      figures: [
        ...(await growth(stand, 'as it is, WebSocket only', 'W', 2)),
        ...(await growth(stand, 'as it is, DataChannel only', 'D', 2)),
        ...(await growth(interpreted, 'interpreted, WebSocket only', 'W', 2)),
        ...(await growth(interpreted, 'interpreted, DataChannel only', 'D', 2)),
      ],
    },
  ];
}

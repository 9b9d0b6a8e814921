import { allModes, type Mode } from '../../e2e/support/modes.ts';
import { alternating, each } from '../alternating.ts';
import type { Figure, FigureGroup } from '../figure.ts';
import { nobodyLeft, type Stand } from '../stand.ts';

const modeNames: Readonly<Record<Mode, string>> = { W: 'WebSocket only', M: 'WebSocket and DataChannel', D: 'DataChannel only' };

/** How long connecting and disconnecting take. */
export async function lives({ tab, lab, rounds }: Stand): Promise<readonly FigureGroup[]> {
  const connecting: Figure[] = [];
  const disconnecting: Figure[] = [];
  for (const hasMedia of [false, true]) {
    for (const mode of allModes) {
      const options = { url: lab.url, channelId: `lives-${mode}`, clientId: 'bench', mode, hasMedia, labels: {} };
      const samples = await alternating({ warmUp: 2, counted: rounds }, async (sdk) => {
        const sample = await tab.run(({ life }, args) => life(args.sdk, args.options), { sdk, options });
        await nobodyLeft(lab);
        return sample;
      });
      const name = `${modeNames[mode]}, ${hasMedia ? 'audio and video' : 'no media'}`;
      connecting.push({ name, unit: 'ms', better: 'less', samples: each(samples, ({ connectMs }) => connectMs) });
      disconnecting.push({ name, unit: 'ms', better: 'less', samples: each(samples, ({ disconnectMs }) => disconnectMs) });
    }
  }
  return [
    {
      title: 'Connecting',
      meaning:
        'From the call of `connect()` until its promise resolves; in DataChannel-only mode until `switched` has come as well. ' +
        'Audio and video are those of a fake microphone and camera that are open before.',
      figures: connecting,
    },
    {
      title: 'Disconnecting',
      meaning: 'From the call of `disconnect()` until its promise resolves, where DataChannels are used after `switched` has come.',
      figures: disconnecting,
    },
  ];
}

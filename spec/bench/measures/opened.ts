import { filter, firstValueFrom } from 'rxjs';
import type { LabConnection } from 'rx-sora-lab';
import type { Mode } from '../../e2e/support/modes.ts';
import { connectionOf } from '../../e2e/support/lab-side.ts';
import type { MainThread } from '../bench-tab.ts';
import { type Sdk, sdks } from '../sdk.ts';
import { nobodyLeft, type Stand } from '../stand.ts';

/** Opens a connection of each SDK, in channels of their own, and closes both when the work is done. The names are those of the SDKs. */
export async function withBoth<Result>(
  { tab, lab }: Stand,
  { mode, labels }: { readonly mode: Mode; readonly labels: Readonly<Record<string, boolean>> },
  work: (sides: Readonly<Record<Sdk, LabConnection>>) => Promise<Result>,
): Promise<Result> {
  const open = async (sdk: Sdk): Promise<LabConnection> => {
    const options = { url: lab.url, channelId: `of-${sdk}`, clientId: sdk, mode, role: 'sendrecv', hasMedia: false, labels } as const;
    const [side] = await Promise.all([
      connectionOf(lab, sdk),
      tab.run(({ open }, args) => open(args.sdk, args.sdk, args.options), { sdk, options }),
    ]);
    // What the lab tells a newcomer has been told: nothing but what is measured comes from now on.
    await firstValueFrom(side.state$.pipe(filter((state) => state === (mode === 'W' ? 'connected' : 'switched'))));
    return side;
  };
  const sides = { rxSora: await open('rxSora'), official: await open('official') };
  const result = await work(sides);
  for (const sdk of sdks) await tab.run(({ close }, name) => close(name), sdk);
  await nobodyLeft(lab);
  return result;
}

/** What the main thread worked between two looks. */
export const workedMs = (before: MainThread, after: MainThread): number => after.taskMs - before.taskMs;

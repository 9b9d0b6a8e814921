import { firstValueFrom } from 'rxjs';
import type { Lab } from 'rx-sora-lab';
import type { BenchTab } from './bench-tab.ts';

/** What every measure has before it: one page, one lab, and how often. */
export interface Stand {
  readonly tab: BenchTab;
  readonly lab: Lab;
  readonly rounds: number;
}

/** Waits until the lab has nobody left, so that no life is measured while another one ends. */
export async function nobodyLeft(lab: Lab): Promise<void> {
  await Promise.all(lab.connections.map(({ ended$ }) => firstValueFrom(ended$)));
}

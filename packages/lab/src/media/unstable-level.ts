import type { ActionFault } from '../faults/fault.ts';

/** `unstable_level` of `network.status`: 0 is stable, 3 the worst. */
export type UnstableLevel = 0 | 1 | 2 | 3;

/** The level that a fault causes; undefined where it changes none. Sora's own measure is not known; this one depends on loss, delay and jitter. */
export function unstableLevel(fault: ActionFault): UnstableLevel | undefined {
  if (fault.kind === 'resume') return 0;
  if (fault.kind !== 'network') return undefined;
  const { lossRatio = 0, delayMs = 0, jitterMs = 0 } = fault;
  if (lossRatio >= 0.2 || delayMs >= 1000) return 3;
  if (lossRatio >= 0.05 || delayMs >= 300 || jitterMs >= 100) return 2;
  return lossRatio > 0 || delayMs > 0 || jitterMs > 0 ? 1 : 0;
}

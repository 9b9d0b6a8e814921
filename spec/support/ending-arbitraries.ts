import fc from 'fast-check';
import type { ScenarioMode, ScenarioStart } from '../../src/testing/scenario-row.ts';
import type { VirtualEvent } from '../../src/testing/virtual-time.ts';
import { type EndingRig, type EndingSetup, LABELS, SIGNALING_URL } from './ending-rig.ts';

const labels = [...LABELS, '*', '#other'];
export const words: readonly string[] = [
  'ws.open',
  'ws.closing',
  'ws.error',
  ...[1000, 1001, 1005, 1006, 4490].map((code) => `ws.close ${code}`),
  ...labels.flatMap((label) => [`dc.open ${label}`, `dc.closing ${label}`, `dc.error ${label}`, `dc.close ${label}`]),
  ...['connecting', 'connected', 'disconnected', 'failed', 'closed'].flatMap((state) => [`pc ${state}`, `pc~ ${state}`]),
  ...['checking', 'connected', 'disconnected', 'failed', 'closed'].flatMap((state) => [`ice ${state}`, `ice~ ${state}`]),
  'rx.offer',
  'rx.redirect',
  'rx.switched T',
  'rx.switched F',
  'rx.close 1000',
  'rx.close 4490',
  'rx.close none',
  'rx.unknown',
  'rx.notify',
  'rx.invalid',
  'internal',
  'disconnect',
  'unsub',
  'abort',
  'pagehide',
];

/** What can happen: an input, a DataChannel that closes before its event, no SIGNALING_URL that opens, or one that fails. */
const happening: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.constantFrom(...LABELS).map((label) => `dc~ ${label}`) },
  { weight: 1, arbitrary: fc.constantFrom('unreachable', 'url-failed') },
);

/** Steps of time just below, at and above the limits, and none. */
const pause: fc.Arbitrary<number> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom(499, 500, 501, 2999, 3000, 3001, 9999, 10_000, 10_001, 60_000) },
);

export interface Course {
  readonly setup: EndingSetup;
  readonly happenings: readonly { readonly at: number; readonly words: string }[];
}

const setup: fc.Arbitrary<EndingSetup> = fc
  .record({
    mode: fc.constantFrom<ScenarioMode>('W', 'M', 'D'),
    start: fc.constantFrom<ScenarioStart>('idle', 'opening', 'signaling', 'negotiating', 'connected', 'switched'),
    connectionState: fc.boolean(),
    config: fc.record({
      disconnectPolicy: fc.constantFrom('graceful' as const, 'immediate' as const),
      iceDisconnectedRule: fc.constantFrom('when-undefined' as const, 'always' as const),
    }),
  })
  .map(({ start, ...rest }) => ({ ...rest, start: rest.mode === 'W' && start === 'switched' ? ('connected' as const) : start }));

/** Anything that can happen to an ending, with its times. */
export function course(maxLength: number): fc.Arbitrary<Course> {
  return fc.record({ setup, steps: fc.array(fc.record({ pause, words: happening }), { minLength: 1, maxLength }) }).map((drawn) => {
    let at = 0;
    return { setup: drawn.setup, happenings: drawn.steps.map((step) => ({ at: (at += step.pause), words: step.words })) };
  });
}

/** The happenings as events of virtual time. */
export function eventsOf({ happenings }: Course, rig: EndingRig): VirtualEvent[] {
  return happenings.map(({ at, words: what }) => ({ at, run: () => happen(what, rig) }));
}

function happen(what: string, rig: EndingRig): void {
  if (what === 'unreachable') rig.unreachable();
  else if (what === 'url-failed') rig.urlFailed(SIGNALING_URL);
  else if (what.startsWith('dc~ ')) rig.port.channels.set(what.slice('dc~ '.length), 'closed');
  else rig.does(what);
}

import { isDeepStrictEqual } from 'node:util';
import { ofOneRun } from './properties-of-a-run.ts';
import { timelineEntry } from './inputs.ts';
import { type Case, type Property, holds, shows, nothingHidden, when } from './property.ts';
import { messagesOf, type ScenarioRow } from './scenario-row.ts';

/** Runs the row without some of its entries; what is left must be the same. */
const sameWithout = ({ row, observation, run }: Case, removable: (text: string) => boolean): string | null => {
  const timeline = row.timeline.filter((entry) => !removable(timelineEntry(entry).text));
  if (timeline.length === row.timeline.length) return null;
  const other = run({ ...row, timeline });
  return holds(isDeepStrictEqual(other, observation), () => `without them: ${shows(other)}`);
};

const P07: Property = ({ row, observation, run }) => {
  const failed = row.options.csDefined === false ? /^ice~? failed$/u : /^pc~? failed$/u;
  const index = row.timeline.findIndex((entry) => failed.test(timelineEntry(entry).text));
  const messages = messagesOf(observation);
  return when(index >= 0 && messages.length > 0, () => {
    const before = messagesOf(run({ ...row, timeline: row.timeline.slice(0, index) }));
    const failedAt = timelineEntry(row.timeline[index] ?? '').at;
    return holds(
      messages.every((message) => message.at <= failedAt && before.some((other) => isDeepStrictEqual(other, message))),
      () => `sent after failed: ${shows(messages)}`,
    );
  });
};

const byEvent = ['server-close', 'websocket-closed', 'websocket-error', 'signaling-invalid', 'internal-error', 'client-disconnect'];

const P14: Property = ({ row, observation, run }) => {
  const last = row.timeline.at(-1);
  if (last === undefined) return null;
  const before = run({ ...row, timeline: row.timeline.slice(0, -1) }).termination;
  if (before === null) return null;
  const { at } = timelineEntry(last);
  if (before.at < at) return holds(isDeepStrictEqual(before, observation.termination), () => `was ${shows(before)}`);
  // Latched by an event of the sequence, so before whatever the last entry is; what a decode held back may come after it.
  const inOrder = nothingHidden(row) && !row.timeline.some((entry) => entry.includes('close-begin'));
  const latched = byEvent.includes(before.kind) && before.causeAt <= at && inOrder;
  return when(latched, () => holds(observation.termination?.kind === before.kind, () => `was ${before.kind}`));
};

const P18: Property = (given) => {
  const old = given.row.timeline.findIndex((entry) => entry.endsWith('rx.redirect'));
  const redirected = old >= 0 && given.row.start === 'signaling' && old === 0;
  return sameWithout(given, (text) => text.endsWith(' stale') || (redirected && text.startsWith('ws.') && text.endsWith(' #1')));
};

const P19: Property = ({ row, observation, run }) =>
  when(
    row.timeline.some((entry) => entry.endsWith(' disconnect')),
    () => {
      const timeline = row.timeline.flatMap((entry) => (entry.endsWith(' disconnect') ? [entry, entry, entry] : [entry]));
      const other = run({ ...row, timeline });
      return holds(isDeepStrictEqual(other, observation), () => `called three times: ${shows(other)}`);
    },
  );

const P22: Property = ({ row, observation, run }) => {
  // Where `connect` itself cannot be sent, or nothing is awaited, later sockets and channels of the row would never have come to be.
  const possible = row.start !== 'opening' && row.start !== 'signaling' && !row.timeline.some((entry) => entry.includes('dc.open'));
  return when(possible && row.options.sendThrows !== true && observation.termination?.messageAttempt != null, () => {
    const throwing: ScenarioRow = { ...row, options: { ...row.options, sendThrows: true } };
    const other: Case = { row: throwing, observation: run(throwing), run };
    const { P01, P02, P03, P16 } = ofOneRun;
    return P01(other) ?? P02(other) ?? P03(other) ?? P16(other);
  });
};

const P24: Property = (given) =>
  when(given.row.options.csDefined !== false && given.row.options.iceScope === undefined && nothingHidden(given.row), () =>
    sameWithout(given, (text) => text.startsWith('ice ')),
  );

const P25: Property = (given) =>
  when(nothingHidden(given.row), () => {
    const ignoring = given.row.start === 'switched' && given.row.mode === 'D';
    return sameWithout(given, (text) => text.startsWith('rx.unknown') || (ignoring && /^ws\.(close|error)/u.test(text)));
  });

const P26: Property = ({ row, observation, run }) => {
  const other = run(row);
  return holds(isDeepStrictEqual(other, observation), () => `a second run: ${shows(other)}`);
};

/** Judged on how the run changes when its row does: shorter, repeated, without what must not matter. */
export const ofVariations: Readonly<Record<string, Property>> = { P07, P14, P18, P19, P22, P24, P25, P26 };

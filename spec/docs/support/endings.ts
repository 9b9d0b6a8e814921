import { scenario } from '../../../src/testing/scenario.ts';
import type { ScenarioMode, ScenarioOptions, ScenarioStart } from '../../../src/testing/scenario-row.ts';
import type { ScenarioResult } from '../../../src/testing/scenario-result.ts';

/** What happens to a session, as users meet it. */
interface Happening {
  readonly words: string;
  readonly timeline: readonly string[];
  readonly options?: ScenarioOptions;
  /** Where it cannot happen. */
  readonly notIn?: (mode: ScenarioMode, start: ScenarioStart) => boolean;
}

const withoutChannels = (mode: ScenarioMode): boolean => mode === 'W';
const unlessDataChannelOnly = (mode: ScenarioMode, start: ScenarioStart): boolean => !(mode === 'D' && start === 'switched');

const IN_A_CALL: readonly Happening[] = [
  { words: '`disconnect()`, graceful', timeline: ['0 disconnect'] },
  { words: '`disconnect()`, immediate', timeline: ['0 disconnect'], options: { wait: false } },
  { words: 'unsubscribe', timeline: ['0 unsub'] },
  { words: 'the page goes away', timeline: ['0 pagehide'] },
  { words: 'WebSocket `close` 1000', timeline: ['0 ws.close 1000'] },
  { words: 'WebSocket `close` 4490', timeline: ['0 ws.close 4490'] },
  { words: 'WebSocket `close` 1006', timeline: ['0 ws.close 1006'] },
  { words: 'WebSocket `error`', timeline: ['0 ws.error'] },
  { words: '`type: close` 1000 on a DataChannel', timeline: ['0 rx.close 1000 signaling'], notIn: unlessDataChannelOnly },
  { words: 'the channel `notify` closes', timeline: ['0 dc.close notify'], notIn: withoutChannels },
  { words: 'all channels close, in the order of the offer', timeline: ['0 dc.close *'], notIn: withoutChannels },
  { words: 'SCTP aborts: every channel fails', timeline: ['0 dc.error *'], notIn: withoutChannels },
  { words: '`connectionState` failed', timeline: ['0 pc failed'] },
  { words: 'ICE failed, no `connectionState`', timeline: ['0 ice failed'], options: { csDefined: false } },
  { words: 'ICE disconnected, no `connectionState`', timeline: ['0 ice disconnected'], options: { csDefined: false } },
  { words: 'a malformed message', timeline: ['0 rx.invalid'] },
  { words: 'a failure inside the SDK', timeline: ['0 internal'] },
];

const ON_THE_WAY: readonly Happening[] = [
  { words: '`disconnect()`, graceful', timeline: ['0 disconnect'] },
  { words: 'unsubscribe', timeline: ['0 unsub'] },
  { words: 'WebSocket `close` 4490', timeline: ['0 ws.close 4490'] },
  { words: 'WebSocket `close` 1006', timeline: ['0 ws.close 1006'] },
  { words: 'WebSocket `error`', timeline: ['0 ws.error'] },
  { words: 'a malformed message', timeline: ['0 rx.invalid'], notIn: (_, start) => start === 'opening' },
  { words: '`connectionState` failed', timeline: ['0 pc failed'], notIn: (_, start) => start !== 'negotiating' },
  { words: '`connectionMs` is over', timeline: [] },
  { words: 'a failure inside the SDK', timeline: ['0 internal'] },
];

const PLACES: readonly (readonly [string, ScenarioMode, ScenarioStart])[] = [
  ['W', 'W', 'connected'],
  ['M before `switched`', 'M', 'connected'],
  ['M after `switched`', 'M', 'switched'],
  ['D before `switched`', 'D', 'connected'],
  ['D after `switched`', 'D', 'switched'],
];

const PHASES: readonly (readonly [string, ScenarioMode, ScenarioStart])[] = [
  ['opening', 'W', 'opening'],
  ['signaling', 'W', 'signaling'],
  ['negotiating', 'W', 'negotiating'],
];

/** What the session does in each mode when this happens in a call that stands: found out by letting it happen. */
export const endingsInACall = (): string => table('what happens', IN_A_CALL, PLACES);

/** The same on the way to a call. */
export const endingsOnTheWay = (): string => table('what happens', ON_THE_WAY, PHASES);

function table(head: string, happenings: readonly Happening[], places: typeof PLACES): string {
  const rows = happenings.map(({ words, timeline, options = {}, notIn }) => {
    const ends = places.map(([, mode, start]) => (notIn?.(mode, start) === true ? null : letHappen(mode, start, options, timeline)));
    const kinds = [...new Set(ends.map((end) => end?.kind).filter((kind) => kind !== undefined))];
    return [words, kinds.map((kind) => `\`${kind}\``).join(', '), ...ends.map((end) => end?.words ?? '')];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const title = [head, 'kind', ...places.map(([name]) => name)];
  return [line(title), line(title.map(() => '---')), ...rows.map(line)].join('\n');
}

function letHappen(
  mode: ScenarioMode,
  start: ScenarioStart,
  options: ScenarioOptions,
  timeline: readonly string[],
): { readonly kind?: string; readonly words: string } {
  const run = (more: readonly string[] = []): ScenarioResult => scenario({ mode, start, options, timeline: [...timeline, ...more] });
  const { termination, messages } = run();
  if (termination === null) return { words: 'lives on' };
  const [message] = messages;
  const sent = message === undefined ? 'nothing' : `\`${message.reason}\` on ${message.via.toUpperCase()}`;
  const waits = termination.at === 0 ? [] : [termination.kind === 'client-disconnect' ? waitOf(run) : `after ${termination.at} ms`];
  return { kind: termination.kind, words: [sent, ...waits].join(', ') };
}

/** What ends the wait: tried one by one. */
function waitOf(run: (more: readonly string[]) => ScenarioResult): string {
  const endsAtOnce = (...more: string[]): boolean => run(more).termination?.at === 10;
  if (endsAtOnce('10 ws.close 1000')) return 'waits for WS';
  if (endsAtOnce('10 dc.close *')) return 'waits for DC';
  return endsAtOnce('10 ws.close 1000', '10 dc.close *') ? 'waits for WS and DC' : 'waits';
}

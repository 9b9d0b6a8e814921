import { isDeepStrictEqual } from 'node:util';
import { type Property, entriesOf, holds, shows, limitOf, withoutSuspension, when } from './property.ts';
import { messagesOf, type ObservedTermination, type ScenarioRow } from './scenario-row.ts';

const hasPeerConnection = ({ start }: ScenarioRow): boolean => start === 'negotiating' || start === 'connected' || start === 'switched';

const P01: Property = ({ observation: { emissions, termination } }) =>
  holds(emissions === (termination === null ? 0 : 1), () => `${emissions} values`);

const commands = /^(disconnect|dispose|unsub|abort|pagehide(-persisted)?)$/u;

const P02: Property = ({ row, observation }) =>
  when(row.start !== 'idle' && entriesOf(row).some(({ text }) => commands.test(text)), () =>
    holds(observation.emissions === 1, () => 'no value although the application ended it'),
  );

const P03: Property = ({ row, observation: { termination } }) =>
  when(termination !== null && withoutSuspension(row), () => {
    const { kind, at, causeAt } = termination as ObservedTermination;
    const delay = at - causeAt;
    const grace = kind === 'datachannel-closed' || kind === 'datachannel-error';
    const bound = kind === 'client-disconnect' ? limitOf(row) : grace ? (row.options.grace ?? 500) : 0;
    return holds(delay >= 0 && delay <= bound, () => `${kind} took ${delay} ms`);
  });

const inert =
  /^(ws\.open.*|ws\.closing.*|rx\.unknown.*|rx\.ping|rx\.switched .|rx\.close-begin|dc\.open .*|pc (connecting|connected|disconnected)|freeze)$/u;

const P04: Property = ({ row, observation }) =>
  when((row.start === 'connected' || row.start === 'switched') && entriesOf(row).every(({ text }) => inert.test(text)), () =>
    holds(observation.termination === null, () => `ended by itself: ${shows(observation.termination)}`),
  );

const P05: Property = ({ observation }) => {
  const messages = messagesOf(observation);
  return holds(messages.length <= 1, () => shows(messages));
};

const P06: Property = ({ observation }) =>
  holds(
    messagesOf(observation).every(({ reason }) =>
      ['NO-ERROR', 'WEBSOCKET-ONCLOSE', 'WEBSOCKET-ONERROR', 'INTERNAL-ERROR'].includes(reason),
    ),
    () => shows(messagesOf(observation)),
  );

const internal = ['internal-error', 'connect-timeout', 'datachannel-closed', 'datachannel-error'];
const overWebSocket = ['server-close', 'websocket-closed', 'websocket-error'];

const P08: Property = ({ observation: { termination } }) =>
  when(termination !== null && termination.messageAttempt !== null, () => {
    const { kind, switched, messageAttempt } = termination as ObservedTermination;
    const { reason, via } = messageAttempt ?? { reason: null, via: null };
    if (reason === 'NO-ERROR') return holds(kind === 'client-disconnect', () => `NO-ERROR for ${kind}`);
    if (reason === 'INTERNAL-ERROR') return holds(internal.includes(kind), () => `INTERNAL-ERROR for ${kind}`);
    const fits = (reason === 'WEBSOCKET-ONERROR') === (kind === 'websocket-error') && overWebSocket.includes(kind);
    return holds(fits && switched === false && via === 'dc', () => `${reason} for ${kind} over ${via}, switched ${switched}`);
  });

const P09: Property = ({ observation: { termination } }) =>
  when(termination !== null && termination.messageAttempt !== null, () => {
    const { phase, switched, messageAttempt } = termination as ObservedTermination;
    const via = messageAttempt?.via;
    return holds(via === (switched === null ? 'ws' : 'dc') && phase !== 'idle' && phase !== 'opening', () => `over ${via} in ${phase}`);
  });

const P10: Property = ({ observation: { sent, termination } }) =>
  when(termination !== null, () => {
    const { kind, causeAt, at } = termination as ObservedTermination;
    const message = sent.findIndex(({ type }) => type === 'disconnect');
    const latchedAt = kind === 'client-disconnect' ? causeAt : at;
    const late = sent.filter((other, index) => other.type !== 'disconnect' && ((message >= 0 && index > message) || other.at > latchedAt));
    return holds(late.length === 0, () => shows(late));
  });

const webSocketHealthAndTime = /^(ws\..*|pc (connecting|connected|disconnected)|ice (checking|connected|completed))$/u;

const P11: Property = ({ row, observation }) => {
  const entries = entriesOf(row);
  const from = row.start === 'switched' && row.mode === 'D' ? 0 : entries.findIndex(({ text }) => text === 'rx.switched T') + 1;
  const switched = (row.start === 'switched' && row.mode === 'D') || (row.start === 'connected' && row.mode !== 'W' && from === 1);
  return when(switched && entries.slice(from).every(({ text }) => webSocketHealthAndTime.test(text)), () =>
    holds(observation.termination === null, () => shows(observation.termination)),
  );
};

const P12: Property = ({ row, observation }) => {
  const ignoring = (row.start === 'switched' && row.mode === 'D') || row.timeline.some((entry) => entry.endsWith('rx.switched T'));
  // With one socket only, the one without a number is the current one.
  const lost = entriesOf(row).some(({ text }) => /^ws\.(close \d+|error)$/u.test(text));
  return when(lost && !ignoring && row.start !== 'idle' && (row.options.urls ?? 1) === 1, () =>
    holds(observation.emissions === 1, () => 'the socket is gone and nothing ended'),
  );
};

const P13: Property = ({ row, observation: { termination } }) => {
  const entries = entriesOf(row);
  const index = entries.findIndex(({ text }) => text === 'pc failed');
  const exists = hasPeerConnection(row) || entries.slice(0, Math.max(index, 0)).some(({ text }) => text.startsWith('rx.offer'));
  return when(index >= 0 && exists && row.options.csDefined !== false && withoutSuspension(row), () =>
    holds(termination !== null && termination.at <= (entries[index]?.at ?? 0), () => `failed, and then: ${shows(termination)}`),
  );
};

const P15: Property = ({ row, observation: { termination } }) =>
  when(termination?.after !== undefined && withoutSuspension(row) && !row.timeline.some((entry) => entry.includes('close-begin')), () => {
    const { kind, at } = termination as ObservedTermination;
    const grace = row.options.grace ?? 500;
    const lost = entriesOf(row).some((entry) => /^dc\.(close|error)/u.test(entry.text) && at - entry.at <= grace && entry.at <= at);
    return holds(overWebSocket.includes(kind) && lost, () => `${kind} at ${at} replaced a loss`);
  });

const P16: Property = ({ observation: { leftovers } }) => holds(leftovers.length === 0, () => leftovers.join(', '));

const P17: Property = ({ observation: { closed, closedAgain } }) => {
  // A label can be replaced more than once, each time another object.
  const objects = closed.filter((name) => !name.startsWith('the replaced'));
  return holds(new Set(objects).size === objects.length && closedAgain.length === 0, () => [...objects, ...closedAgain].join(', '));
};

const P23: Property = ({ row, observation: { termination } }) =>
  when(termination?.kind === 'ice-disconnected-timeout' && withoutSuspension(row), () => {
    const { at, waitedMs = -1 } = termination as ObservedTermination;
    const events = entriesOf(row).filter((entry) => /^ice[ ~]/u.test(entry.text) && entry.at <= at);
    // The same state signalled again is no change; one that no event told of may have been seen, and then the time begins anew.
    const told = events.filter(({ text }) => text.startsWith('ice '));
    const first = told[told.findLastIndex(({ text }) => text !== 'ice disconnected') + 1];
    const anew = events.filter(({ text }, index) => text === 'ice disconnected' && events[index - 1]?.text.startsWith('ice~') === true);
    const began = [first, ...anew].some((entry) => entry?.at === at - waitedMs);
    const fits = began && waitedMs >= (row.options.ICE ?? 10_000);
    return holds(fits, () => `after ${waitedMs} ms: ${shows(events)}`);
  });

const P27: Property = ({ row, observation: { termination } }) => {
  const switching = row.start === 'switched' || row.timeline.some((entry) => entry.includes('rx.switched') || entry.includes('rx.offer '));
  const waiting =
    termination?.kind === 'client-disconnect' && termination.trigger !== 'pagehide' && termination.messageAttempt?.ok === true;
  return when(row.mode === 'D' && !switching && waiting && termination.outcome !== 'interrupted', () => {
    const { at, causeAt } = termination as ObservedTermination;
    const closed = entriesOf(row).some((entry) => entry.text.startsWith('ws.close ') && entry.at === at);
    return holds(closed || at - causeAt >= limitOf(row), () => `emitted after ${at - causeAt} ms`);
  });
};

const P28: Property = ({ row, observation: { termination } }) => {
  const [first] = entriesOf(row);
  const code = first?.text.match(/^rx\.close (\d+|none)$/u)?.[1];
  const channels = row.mode !== 'W' && (row.start === 'connected' || row.start === 'switched') && row.setup === undefined;
  return when(code !== undefined && channels, () => {
    const expected = code === 'none' ? null : Number(code);
    const fits = termination?.kind === 'server-close' && termination.via === 'datachannel' && termination.code === expected;
    return holds(fits && termination.at === first?.at, () => shows(termination));
  });
};

const P29: Property = ({ observation: { termination } }) =>
  holds(isDeepStrictEqual(JSON.parse(JSON.stringify(termination)), termination), () => 'does not survive JSON');

const triggers: Record<string, string> = {
  disconnect: 'api',
  dispose: 'api',
  unsub: 'unsubscribe',
  abort: 'abort-signal',
  pagehide: 'pagehide',
  'pagehide-persisted': 'pagehide',
};

const P30: Property = ({ row, observation: { termination } }) =>
  when(termination?.kind === 'client-disconnect', () => {
    const { trigger, causeAt } = termination as ObservedTermination;
    const called = entriesOf(row).some(({ at, text }) => at === causeAt && triggers[text] === trigger);
    return holds(called, () => `${trigger} at ${causeAt} was never asked for`);
  });

/** Judged on what one run shows: cheap enough for millions of sequences. */
export const ofOneRun = {
  P01,
  P02,
  P03,
  P04,
  P05,
  P06,
  P08,
  P09,
  P10,
  P11,
  P12,
  P13,
  P15,
  P16,
  P17,
  P23,
  P27,
  P28,
  P29,
  P30,
} satisfies Readonly<Record<string, Property>>;
